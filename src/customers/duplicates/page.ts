import { phonesIn } from '../../kernel/china/phone.ts'
import type { Reference } from '../../kernel/reference.ts'
import { showCount } from '../../kernel/web/formatting.ts'
import { maskRow } from '../../kernel/web/masks.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { text } from '../../texts/index.ts'
import { customerField } from '../customers/fields.ts'
import { dismissalAddress } from './dismissals.ts'
import { type Group, type GroupKind, type Member, mostMembers } from './groups.ts'

const fields = (['code', 'name', 'phone', 'owner_id', 'registered_on'] as const).map(customerField)
const columns = fields.map(({ name, label }) => ({ name, label, align: 'start', sortHref: null, sorted: null }))

type Found = { groups: Group[]; next: string | null }
/** `firsts` are the first groups of each kind. */
type Shown = { viewer: Viewer; firsts: Map<GroupKind, Found>; kind: GroupKind; after: string; reference: Reference }

/** The groups of one kind as views/customers/duplicates/index.eta wants them. */
export function groupsView({ groups, next }: Found, { viewer, firsts, kind, after, reference }: Shown) {
  return {
    card: {
      tabs: [...firsts].map(([name, first]) => ({
        label: text.duplicates.evidence[name],
        href: addressOf(name),
        count: `${showCount(first.groups.length)}${first.next ? '+' : ''}`,
        isCurrent: name === kind,
      })),
    },
    groups: groups.map(({ value_key, count, members, reasons }) => ({
      title: text.duplicates.group(readable(kind, value_key), showCount(count)),
      reasons: text.common.listed(reasons.map((one) => text.duplicates.evidence[one])),
      dismissal: count <= mostMembers ? dismissalAddress(members.map(({ id }) => id)) : null,
      columns,
      rows: members.map((member) => rowOf(maskRow(member, fields, viewer), reference)),
      note: count > mostMembers ? text.duplicates.more(showCount(mostMembers)) : null,
    })),
    empty: groups.length > 0 ? null : next ? text.duplicates.emptyHere : text.duplicates.empty,
    firstHref: after ? addressOf(kind) : null,
    nextHref: next ? addressOf(kind, next) : null,
  }
}

/** A key as a person reads it. */
const readable = (kind: GroupKind, key: string): string =>
  kind === 'phone' ? (phonesIn(key)?.[0]?.shown ?? key) : kind === 'credit' ? key.replace(/(.{4})(?=.)/g, '$1 ') : key

function rowOf(member: Member, reference: Reference) {
  const href = `/customers/${member.id}`
  const cells = fields.map((field) => ({ text: field.kind.show(member[field.name as keyof Member], field, reference) }))
  return { href, cells: cells.map((cell, index) => (fields[index]?.name === 'name' ? { ...cell, href } : cell)) }
}

function addressOf(kind: GroupKind, after = '') {
  const search = new URLSearchParams({ kind, ...(after ? { after } : {}) })
  return `/duplicates?${search}`
}
