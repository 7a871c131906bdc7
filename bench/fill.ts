import type { Database as Sqlite } from 'better-sqlite3'
import { contactTexts } from '../src/customers/contacts/kind.ts'
import { facets } from '../src/customers/customers/fields.ts'
import { searchRecord } from '../src/customers/customers/search-record.ts'
import { customerKeys } from '../src/customers/duplicates/customer-keys.ts'
import { foldedKeys } from '../src/kernel/db/keyed-texts.ts'
import { textFields, textsOf } from '../src/kernel/modules/text-index.ts'
import { tokensOfTexts } from '../src/kernel/search/part-tokens.ts'
import { searchText, searchTokens } from '../src/kernel/search/tokens.ts'
import { contactRow } from './contact.ts'
import type { Choices } from './customer.ts'
import { type GeneratedRow, generateRows } from './generate.ts'

type Row = Record<string, unknown>

const areaCode = '0431'

/** Fills an empty migrated database with customers, a main contact for each, the search index and the tallies. */
export function fill(sqlite: Sqlite, count: number, choices: Choices) {
  const indexes = takeIndexes(sqlite)
  sqlite.exec('begin')
  insertRows(sqlite, generateRows(count, { choices }))
  sqlite.exec('commit')
  for (const sql of indexes) sqlite.exec(sql)
  for (const index of ['customer_search', 'contacts_text_search'])
    sqlite.exec(`insert into ${index} (${index}) values ('optimize')`)
  fillTallies(sqlite)
  sqlite.exec(`insert into numbers (kind, next) values ('customers', ${count + 1}), ('contacts', ${count + 1})`)
  sqlite.exec('analyze')
}

/** An index is made in a third of the time after the rows it holds. */
export function takeIndexes(sqlite: Sqlite): string[] {
  const found = sqlite
    .prepare("select name, sql from sqlite_master where type = 'index' and sql like 'create%'")
    .all() as { name: string; sql: string }[]
  for (const { name } of found) sqlite.exec(`drop index \`${name}\``)
  return found.map(({ sql }) => sql)
}

function insertRows(sqlite: Sqlite, rows: Iterable<GeneratedRow>) {
  const customers = inserter(sqlite, 'customers')
  const contacts = inserter(sqlite, 'contacts')
  const texts = sqlite.prepare('insert into customer_search_texts (customer_id, text) values (?, ?)')
  const keys = inserter(sqlite, 'customer_keys')
  const tokens = sqlite.prepare('insert into customer_search (rowid, tokens) values (?, ?)')
  const contactTokens = sqlite.prepare('insert into contacts_text_search (rowid, tokens) values (?, ?)')
  for (const row of rows) {
    const contact = contactRow(row)
    customers({
      ...row.customer,
      ...foldedKeys('customers', row.customer),
      main_name_pinyin: contact.name_pinyin,
      main_mobile: contact.mobile,
    })
    contacts({ ...contact, ...foldedKeys('contacts', contact) })
    contactTokens.run(contact.id, tokensOfTexts(textsOf(textFields(contactTexts), contact)))
    for (const key of customerKeys({ ...row.customer, contacts: [contact] }, areaCode))
      keys({ ...key, customer_id: row.customer.id })
    const record = searchRecord(row.customer, [contact])
    const text = searchText(record)
    texts.run(row.customer.id, text)
    tokens.run(row.customer.id, searchTokens(text, record.facets))
  }
}

/** Inserts into one table by one prepared statement; every row must have the keys of the first. */
export function inserter(sqlite: Sqlite, table: string) {
  let insert: ((row: Row) => void) | undefined
  return (row: Row) => {
    insert ??= prepareInsert(sqlite, table, Object.keys(row))
    insert(row)
  }
}

function prepareInsert(sqlite: Sqlite, table: string, columns: string[]) {
  const places = columns.map(() => '?').join(', ')
  const statement = sqlite.prepare(`insert into ${table} (${columns.join(', ')}) values (${places})`)
  return (row: Row) => void statement.run(columns.map((column) => row[column]))
}

function fillTallies(sqlite: Sqlite) {
  sqlite.exec("insert into tallies (module, name, row_count) select 'customers', 'all', count(*) from customers")
  for (const facet of facets)
    sqlite.exec(`insert into tallies (module, name, row_count)
      select 'customers', '${facet}:' || ${facet}, count(*) from customers where ${facet} is not null group by ${facet}`)
}
