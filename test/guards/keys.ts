import { readdirSync, readFileSync } from 'node:fs'
import type { Knex } from 'knex'
import t from 'tap'
import { keyedTexts } from '../../src/kernel/db/keyed-texts.ts'
import { outsideSearch } from '../../src/kernel/db/search-tables.ts'
import '../../src/modules.ts'
import { openTestDatabase } from '../fixtures/database.ts'

const skip = process.env.TEST_DATABASE_URL ? 'reads the schema of SQLite' : false

/** What the program makes itself, in one spelling; nobody types it. */
const machineMade = new Set([
  'administrative_divisions.code',
  'customer_keys.kind',
  'devices.token_mark',
  'dictionary_entries.dictionary',
  'files.storage_name',
  'form_drafts.address',
  'import_mappings.kind',
  'known_modules.name',
  'list_preferences.list',
  'list_views.list',
  'numbers.kind',
  'recovery_codes.code_mark',
  'workdays.held_on',
  'revisions.name',
  'role_masks.field_group',
  'role_permissions.permission',
  'role_ranges.kind',
  'role_ranges.module',
  'roles.code',
  'schedules.name',
  'secret_keys.id',
  'sender_failures.sender',
  'sessions.token_hash',
  'settings.name',
  'sign_ins.token_hash',
  'submissions.form_id',
  'tallies.module',
  'tallies.name',
])

type Unique = { table: string; columns: { name: string; type: string }[] }

/** Every unique index and primary key of several rows' texts, with its columns. */
async function uniqueIndexes(db: Knex): Promise<Unique[]> {
  const tables: string[] = await db('sqlite_master')
    .where({ type: 'table' })
    .whereRaw(`name not glob 'sqlite_*' and name not glob 'knex_*' and ${outsideSearch}`)
    .pluck('name')
  const found: Unique[] = []
  for (const table of tables) {
    const types = new Map<string, string>(
      (await db.raw('select name, type from pragma_table_info(?)', [table])).map((column: never) =>
        Object.values(column),
      ),
    )
    for (const { name } of await db.raw('select name from pragma_index_list(?) where "unique" = 1', [table])) {
      const columns: { name: string }[] = await db.raw('select name from pragma_index_info(?)', [name])
      found.push({ table, columns: columns.map(({ name }) => ({ name, type: types.get(name) ?? '' })) })
    }
  }
  return found
}

const isText = ({ type }: { type: string }) => /char|text/i.test(type)

/** The texts of a unique index that two spellings of one thing would get past. */
const unkeyed = ({ table, columns }: Unique): string[] =>
  columns
    .filter((column) => isText(column) && !column.name.endsWith('_key') && !machineMade.has(`${table}.${column.name}`))
    .map(({ name }) => `${table}.${name}`)

t.test('what may stand once is compared by a key', { skip }, async (t) => {
  const { db, drop } = await openTestDatabase()
  t.teardown(drop)
  const indexes = await uniqueIndexes(db)
  t.ok(indexes.length > 30, `${indexes.length} unique indexes`)
  t.strictSame(indexes.flatMap(unkeyed), [], 'a text that people type has a *_key column (kernel/db/keyed-texts.ts)')
  const named = indexes.map(({ table, columns }) => [table, ...columns.map(({ name }) => name)].join())
  for (const { table, key, within } of keyedTexts())
    t.ok(named.includes([table, ...within, key].join()), `${table}.${key}`)
  const others = ['import_mappings.heading_key', 'mail_messages.recipient_key', 'customer_keys.value_key']
  const keys = indexes.flatMap(({ table, columns }) => columns.map(({ name }) => `${table}.${name}`))
  t.strictSame(
    [...new Set(keys.filter((name) => name.endsWith('_key')))].sort(),
    [...keyedTexts().map(({ table, key }) => `${table}.${key}`), ...others].sort(),
    'and is declared, so that whatever saves a row of it saves the key',
  )
})

/** What is compared by a looser or a stricter rule on purpose: for search, headings, pinyin, passwords, typed codes and addresses. */
const ownRules = [
  'kernel/china/mail-domains.ts',
  'kernel/china/pinyin.ts',
  'customers/contacts/search.ts',
  'customers/customers/list-request.ts',
  'kernel/db/fold-key.ts',
  'operation/imports/reading/headings.ts',
  'operation/imports/reading/near-names.ts',
  'kernel/search/normalise.ts',
  'people/second-factor/codes.ts',
  'people/users/common-passwords.ts',
  'people/users/password-rules.ts',
  'kernel/web/addresses.ts',
]

t.test('there is one rule of what is the same', async (t) => {
  const folder = new URL('../../src/', import.meta.url)
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
  const folding = files.filter((name) => {
    const source = readFileSync(new URL(name, folder), 'utf8')
    return /normalize\('NFKC'\)/.test(source) && /\.toLowerCase\(\)/.test(source)
  })
  t.strictSame(folding.sort(), ownRules.toSorted(), 'another one is foldKey, or stands here with its reason')
})

t.test('a unique text without a key would be noticed', { skip }, async (t) => {
  const { db, drop } = await openTestDatabase()
  t.teardown(drop)
  await db.schema.createTable('products', (table) => {
    table.increments('id')
    table.string('code', 40).unique()
  })
  t.strictSame((await uniqueIndexes(db)).flatMap(unkeyed), ['products.code'])
})
