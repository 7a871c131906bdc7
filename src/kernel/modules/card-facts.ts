import { text } from '../../texts/index.ts'
import { dueCell } from '../web/due.ts'
import { showInstant } from '../web/formatting.ts'
import { itemGroups, itemOf, type Shown } from './card-items.ts'
import { givenColumn, type Module } from './module.ts'
import type { Item } from './page-views.ts'

/** What a card says of the fields of a record: the main ones in its head, the rest beside what happened, empty ones folded. */
export function cardFacts(module: Module, shown: Shown, more: Item[] = []) {
  const head = headOf(module, shown)
  const inHead = new Set([module.title, ...[...head.marks, ...head.facts].map(({ name }) => name)])
  const fields = shown.fields.filter(({ name }) => !inHead.has(name))
  const groups = itemGroups(module, { ...shown, fields }, more)
  const folded = groups.flatMap(({ title, empty }) => (empty.length > 0 ? [{ title, items: empty }] : []))
  return {
    ...head,
    groups: groups
      .map(({ title, items }) => ({ title, items: items.filter(({ name = '' }) => !inHead.has(name)) }))
      .filter(({ items }) => items.length > 0),
    folded: { title: text.record.folded(folded.reduce((sum, { items }) => sum + items.length, 0)), groups: folded },
  }
}

/** What its head says beside the name: marks with what they are of, the next step, facts, and when it was changed last. */
function headOf(module: Module, { fields, ...shown }: Shown) {
  const { marks = {}, next, facts = [givenColumn(module)] } = module.head ?? {}
  const itemsOf = (names: (string | undefined)[]) =>
    names.flatMap((name) => fields.filter((field) => field.name === name)).map((field) => itemOf(field, shown))
  const isFilled = ({ text }: Item) => text !== ''
  return {
    named: itemsOf([module.title])[0],
    marks: itemsOf(Object.keys(marks))
      .filter(isFilled)
      .map((item) => ({ ...item, label: marks[item.name as string] as string })),
    facts: [
      ...itemsOf([next]).map((item) => ({ ...item, ...(item.text && dueCell(shown.record[next as string])) })),
      ...itemsOf([...facts]).filter(isFilled),
      { name: 'updated_at', label: text.record.lastChange, text: showInstant(shown.record.updated_at as string) },
    ],
  }
}
