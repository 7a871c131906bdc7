import type { Knex } from 'knex'
import { setEach, severalInGroup } from '../src/kernel/db/dialect.ts'
import { foldKey, longestKey, repeatedKey } from '../src/kernel/db/fold-key.ts'

type Keyed = { table: string; text: string; key: string; within: string[]; length?: number; last?: string }
type Row = { id: number; text: string | null } & Record<string, unknown>

/** `last` stands where a row gives way to the others: in the recycle bin. */
const keyed: Keyed[] = [
  { table: 'customers', text: 'code', key: 'code_key', within: [], last: 'deleted_at' },
  { table: 'contacts', text: 'code', key: 'code_key', within: [], last: 'deleted_at' },
  { table: 'users', text: 'username', key: 'username_key', within: [], length: 60 },
  { table: 'users', text: 'number', key: 'number_key', within: [] },
  { table: 'departments', text: 'name', key: 'name_key', within: ['parent_id'] },
  { table: 'roles', text: 'name', key: 'name_key', within: [] },
  { table: 'tags', text: 'name', key: 'name_key', within: [] },
  { table: 'competitors', text: 'name', key: 'name_key', within: [] },
  { table: 'dictionary_entries', text: 'label', key: 'label_key', within: ['dictionary'] },
  { table: 'list_views', text: 'name', key: 'name_key', within: ['list', 'user_id'] },
  { table: 'saved_reports', text: 'name', key: 'name_key', within: ['user_id'] },
]

const batch = 400

/**
 * Fills every key. Rows whose texts differ only in case, width or blanks could both stand before, and both stay: the
 * others than the first get a key of their own and are noted, for somebody to give them another text (system page).
 */
export async function up(knex: Knex) {
  for (const one of keyed) {
    await fill(knex, one, foldKey)
    await partRepeated(knex, one)
  }
}

async function fill(knex: Knex, { table, text, key }: Keyed, rule: (text: string) => string) {
  for (let last = 0; ; ) {
    const rows: Row[] = await knex(table).where('id', '>', last).orderBy('id').limit(batch).select('id', { text })
    const end = rows.at(-1)?.id ?? last
    if (end <= last) return
    last = end
    const filled = rows.filter(({ text }) => text !== null)
    const values = filled.map(({ id, text }): [number, string] => [id, rule(String(text))])
    if (values.length > 0) await setEach(knex, table, key, values)
  }
}

async function partRepeated(knex: Knex, one: Keyed) {
  const { table, key, within } = one
  const keys = knex(table)
    .whereNotNull(key)
    .groupBy([...within, key])
    .select([...within, key])
  const groups: Row[] = await severalInGroup(keys)
  for (const group of groups) {
    const rows: Row[] = await knex(table)
      .where(Object.fromEntries([...within, key].map((column) => [column, group[column] ?? null])))
      .orderBy('id')
    await part(knex, one, rows)
  }
}

async function part(knex: Knex, { table, text, key, length = longestKey, last }: Keyed, rows: Row[]) {
  const isLast = (row: Row) => Number(last !== undefined && row[last] !== null)
  const [first, ...others] = rows.sort((a, b) => isLast(a) - isLast(b) || a.id - b.id)
  const found_at = new Date().toISOString()
  for (const { id, [key]: taken } of others) {
    await knex(table)
      .where({ id })
      .update({ [key]: repeatedKey(String(taken), id, length) })
    const note = { record_type: table, field: text, record_id: id, other_id: first?.id, found_at }
    await knex('repeated_keys').insert(note)
  }
}

/** The rules from before, for the keys that were there. */
const former = (text: string) => text.normalize('NFKC').toLowerCase().trim()
const lengths: Record<string, number> = { roles: 200, tags: 120, competitors: 120 }

export async function down(knex: Knex) {
  await knex('repeated_keys').delete()
  const present = keyed.filter(({ table }) => ['users', 'dictionary_entries', ...Object.keys(lengths)].includes(table))
  for (const one of present)
    if (one.key !== 'number_key') await fill(knex, one, (text) => former(text).slice(0, lengths[one.table]))
}
