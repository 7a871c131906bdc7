import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import { isMaskedText } from '../china/masking.ts'
import { dialled } from '../china/phone.ts'
import type { Reference } from '../reference.ts'
import type { Section } from '../report/pdf-section.ts'
import { doubtShown } from '../web/field-rules.ts'
import type { Field } from '../web/fields.ts'
import { showInstant } from '../web/formatting.ts'
import type { Viewer } from '../web/viewer.ts'
import { readAbove } from './above.ts'
import { wordsOf } from './catalogue.ts'
import { linkParts } from './link-columns.ts'
import type { Module, ModuleField, Stored } from './module.ts'
import type { Item } from './page-views.ts'

/** Some fields of a module in its groups; one group of all where it declares none. */
export function groupsOf<F extends { name: string }>(module: Module, fields: F[]): { title: string; fields: F[] }[] {
  if (!module.groups) return [{ title: module.isCardless ? '' : wordsOf(module).basic, fields }]
  return module.groups.map(({ title, fields: grouped }) => ({
    title,
    fields: fields.filter(({ name }) => grouped.some((one) => one.name === name)),
  }))
}

/** The fields of a record that are shown of it, as its reader may read it. */
export type Shown = {
  fields: Field[]
  record: Record<string, unknown>
  reference: Reference
  /** Where a field is changed by itself; undefined where it is not. */
  editHref?: (name: string) => string | undefined
}

/** What stands in a field: what it leads to, how it looks, and whether it is copied at a click. */
export function itemOf(field: Field, { record, reference, editHref }: Omit<Shown, 'fields'>): Item {
  const value = field.kind.show(record[field.name], field, reference)
  const isReadable = value !== '' && !isMaskedText(value)
  return {
    name: field.name,
    label: field.label,
    text: value,
    isWide: field.isWide,
    editHref: editHref?.(field.name),
    copy: (field as ModuleField).isCopied === true && isReadable,
    doubt: doubtShown(field, record[field.name]),
    tone: field.options?.(reference).find((option) => option.value === String(record[field.name]))?.tone,
    ...linkParts(field.named?.get(Number(record[field.name]))),
    ...(isReadable && hrefOf(field, value)),
  }
}

/** Whom a click calls, writes to or visits; telephones that nobody copies (fax) are not called either. */
function hrefOf({ kind, isCopied }: ModuleField, value: string): { href: string } | undefined {
  if (kind.control === 'email') return { href: `mailto:${value}` }
  if (kind.control === 'url') return { href: /^https?:/i.test(value) ? value : `http://${value}` }
  const number = kind.control === 'phone' && isCopied && dialled(value)
  return number ? { href: `tel:${number}` } : undefined
}

/** What a record has of its fields, group by group: what is filled in with when it was written, and what is empty. */
export function itemGroups(module: Module, { fields, ...shown }: Shown, more: Item[] = []) {
  const groups = groupsOf(module, fields).map(({ title, fields: some }) => {
    const items = some.map((field) => itemOf(field, shown))
    return { title, items: items.filter(({ text }) => text), empty: items.filter(({ text }) => !text) }
  })
  const last = groups.findLast(({ items }) => items.length > 0) ?? groups.at(-1)
  last?.items.push(...more, ...stampItems(module, shown.record))
  return groups.filter(({ items, empty }) => items.length + empty.length > 0)
}

function stampItems(module: Module, record: Record<string, unknown>): Item[] {
  const { createdAt, updatedAt } = wordsOf(module)
  return [
    { label: createdAt, text: showInstant(record.created_at as string) },
    { name: 'updated_at', label: updatedAt, text: showInstant(record.updated_at as string) },
  ]
}

/** What a record hangs on, as the head of its card says it. */
export async function aboveFacts(db: Knex, module: Module, record: Stored, viewer: Viewer) {
  const above = await readAbove(db, module, record, viewer)
  return above ? [{ label: text.record.above(above.label), text: above.name, href: above.href }] : []
}

/** The same for its print, which begins with what it hangs on. */
export async function groupSections(
  db: Knex,
  module: Module,
  stored: Stored,
  { viewer, ...shown }: Shown & { viewer: Viewer },
): Promise<Section[]> {
  const above = await aboveFacts(db, module, stored, viewer)
  const groups = itemGroups(module, shown).filter(({ items }) => items.length > 0)
  return groups.map(({ title, items }, at) => ({ title, pairs: at === 0 ? [...above, ...items] : items }))
}
