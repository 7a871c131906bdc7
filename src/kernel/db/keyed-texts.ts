import { foldKey } from './fold-key.ts'

/** A text that may stand once in its table, among the rows with the same `within`, and the column it is compared by. */
export type KeyedText = { table: string; text: string; key: string; within: string[] }

const known: KeyedText[] = [
  { table: 'own_modules', text: 'slug', key: 'slug_key', within: [] },
  { table: 'users', text: 'username', key: 'username_key', within: [] },
  { table: 'users', text: 'number', key: 'number_key', within: [] },
  { table: 'departments', text: 'name', key: 'name_key', within: ['parent_id'] },
  { table: 'list_views', text: 'name', key: 'name_key', within: ['list', 'user_id'] },
]

/** All of them; a guard finds a unique index that is about a text and not among these. */
export const keyedTexts = (): readonly KeyedText[] => known

/** Adds one of a declared module. */
export const declareKeyedText = (text: KeyedText) => void known.push(text)

/** Forgets those of a table whose module is no longer there. */
export function forgetKeyedTexts(table: string) {
  for (let at = known.length - 1; at >= 0; at--) if (known[at]?.table === table) known.splice(at, 1)
}

const ofTable = (name: string) => known.filter(({ table }) => table === name)

const keyOf = (text: unknown) => (text === null || text === undefined ? null : foldKey(String(text)))

/** The key columns of a new row of a table. */
export const foldedKeys = (table: string, row: Record<string, unknown>): Record<string, string | null> =>
  Object.fromEntries(ofTable(table).map(({ text, key }) => [key, keyOf(row[text])]))

/** Those of a row that is saved, where its texts change: one that stays keeps its key (`repeatedKey`). */
export function changedKeys(table: string, before: Record<string, unknown>, after: Record<string, unknown>) {
  const changed = ofTable(table).filter(({ text }) => text in after && (after[text] ?? null) !== (before[text] ?? null))
  return Object.fromEntries(changed.map(({ text, key }) => [key, keyOf(after[text])]))
}

/** The key column of a column of a table, `machines.code`; undefined where it has none. */
export const keyColumn = (column: string): string | undefined => {
  const found = known.find(({ table, text }) => column === `${table}.${text}`)
  return found && `${found.table}.${found.key}`
}
