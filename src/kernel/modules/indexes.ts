import type { ListIndexes } from '../db/list-indexes.ts'
import { orderOfField } from './list.ts'
import { givenColumn, type Module, type ModuleField } from './module.ts'

/** The indexes that the list of a module needs for what can be sorted and filtered by, as its declaration stands. */
export function indexesOf(module: Module): ListIndexes {
  const { name, title, fields, bin } = module
  const sorted = (field: ModuleField) => {
    const order = { ...orderOfField(name, field), ...(field.column || undefined) }
    return { isChoice: Boolean(order.parts), column: order.parts ? undefined : order.sort?.split('.').at(-1) }
  }
  const isSpan = ({ kind }: ModuleField) => kind.control === 'day' || kind.control === 'instant'
  const filters = fields.filter(({ isFilter }) => isFilter)
  const owner = givenColumn(module)
  return {
    table: name,
    isBinned: bin === true,
    order: `${title}_pinyin`,
    sorts: ['updated_at', ...fields.flatMap((field) => (field.name === title ? [] : (sorted(field).column ?? [])))],
    choices: [
      ...new Set([
        ...fields.filter((field) => sorted(field).isChoice).map(({ name }) => name),
        ...filters.filter((field) => !isSpan(field)).map(({ name }) => name),
        ...(owner ? [owner] : []),
      ]),
    ],
    spans: filters.filter(isSpan).map(({ name }) => name),
  }
}
