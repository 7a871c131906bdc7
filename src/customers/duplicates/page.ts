import type { Reference } from '../../kernel/reference.ts'
import { showCount } from '../../kernel/web/formatting.ts'
import { maskRow } from '../../kernel/web/masks.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { text } from '../../texts/index.ts'
import { customerField } from '../customers/fields.ts'
import { type Group, type GroupKind, type Member, mostMembers } from './groups.ts'

const fields = (['code', 'name', 'phone', 'owner_id', 'registered_on'] as const).map(customerField)
const columns = fields.map(({ name, label }) => ({ name, label, align: 'start', sortHref: null, sorted: null }))

type Shown = { viewer: Viewer; kinds: readonly GroupKind[]; kind: GroupKind; after: string; reference: Reference }

/** The groups of one kind as views/customers/duplicates/index.eta wants them. */
export function groupsView(
  { groups, next }: { groups: Group[]; next: string | null },
  { viewer, kinds, kind, after, reference }: Shown,
) {
  return {
    card: {
      tabs: kinds.map((name) => ({
        label: text.duplicates.evidence[name],
        href: addressOf(name),
        isCurrent: name === kind,
      })),
    },
    groups: groups.map(({ value_key, count, members }) => ({
      title: text.duplicates.group(value_key, showCount(count)),
      columns,
      rows: members.map((member) => rowOf(maskRow(member, fields, viewer), reference)),
      note: count > mostMembers ? text.duplicates.more(showCount(mostMembers)) : null,
    })),
    empty: groups.length > 0 ? null : next ? text.duplicates.emptyHere : text.duplicates.empty,
    firstHref: after ? addressOf(kind) : null,
    nextHref: next ? addressOf(kind, next) : null,
  }
}

function rowOf(member: Member, reference: Reference) {
  const href = `/customers/${member.id}`
  const cells = fields.map((field) => ({ text: field.kind.show(member[field.name as keyof Member], field, reference) }))
  return { href, cells: cells.map((cell, index) => (fields[index]?.name === 'name' ? { ...cell, href } : cell)) }
}

function addressOf(kind: GroupKind, after = '') {
  const search = new URLSearchParams({ kind, ...(after ? { after } : {}) })
  return `/duplicates?${search}`
}
