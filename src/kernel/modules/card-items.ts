import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import { isMaskedText } from '../china/masking.ts'
import type { Reference } from '../reference.ts'
import type { Section } from '../report/pdf-section.ts'
import { doubtShown } from '../web/field-rules.ts'
import type { Field } from '../web/fields.ts'
import { showInstant } from '../web/formatting.ts'
import type { Viewer } from '../web/viewer.ts'
import { readAbove } from './above.ts'
import { wordsOf } from './catalogue.ts'
import { linkParts } from './link-columns.ts'
import type { Module, Stored } from './module.ts'

/** Some fields of a module in its groups; one group of all where it declares none. */
export function groupsOf<F extends { name: string }>(module: Module, fields: F[]): { title: string; fields: F[] }[] {
  if (!module.groups) return [{ title: module.isCardless ? '' : wordsOf(module).basic, fields }]
  return module.groups.map(({ title, fields: grouped }) => ({
    title,
    fields: fields.filter(({ name }) => grouped.some((one) => one.name === name)),
  }))
}

type Shown = { fields: Field[]; record: Stored; reference: Reference }

/** What is filled in of a record, group by group, and when it was written. */
export function itemGroups(module: Module, { fields, record, reference }: Shown) {
  const { createdAt, updatedAt } = wordsOf(module)
  const copied = new Set(module.fields.filter(({ isCopied }) => isCopied).map(({ name }) => name))
  const itemOf = (field: Field) => {
    const value = field.kind.show(record[field.name], field, reference)
    return {
      ...linkParts(field.named?.get(Number(record[field.name]))),
      label: field.label,
      text: value,
      isWide: field.isWide,
      copy: copied.has(field.name) && !isMaskedText(value),
      doubt: doubtShown(field, record[field.name]),
    }
  }
  const stamps = [
    { label: createdAt, text: showInstant(record.created_at as string) },
    { label: updatedAt, text: showInstant(record.updated_at as string) },
  ]
  const groups = groupsOf(module, fields)
  return groups
    .map(({ title, fields: some }, at) => ({
      title,
      items: [...some.map(itemOf).filter(({ text }) => text), ...(at === groups.length - 1 ? stamps : [])],
    }))
    .filter(({ items }) => items.length > 0)
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
  const groups = itemGroups(module, shown)
  return groups.map(({ title, items }, at) => ({ title, pairs: at === 0 ? [...above, ...items] : items }))
}
