import { readdirSync } from 'node:fs'
import type { Knex } from 'knex'
import t from 'tap'
import { indexesOf } from '../../src/kernel/modules/indexes.ts'
import { listOf } from '../../src/kernel/modules/list.ts'
import type { List } from '../../src/kernel/web/list.ts'
import { modules } from '../../src/modules.ts'
import { openTestDatabase } from '../fixtures/database.ts'
import { declareFor, equipment, makeTables, repairs } from '../fixtures/equipment.ts'

declareFor(t, [equipment, repairs])

const skip = process.env.TEST_DATABASE_URL ? 'reads the schema of SQLite' : false
const folder = new URL('../../src/', import.meta.url)

const isList = (one: unknown): one is List =>
  typeof one === 'object' && one !== null && 'columns' in one && 'rows' in one

/** Those of reference data are short, whatever a company is. */
const longModules = modules.filter(({ isReference, byHand = [] }) => !isReference && !byHand.includes('list'))

/** Every list, from the files that declare them, and those of declared modules. */
async function everyList(): Promise<List[]> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /[/-]list\.ts$/.test(name))
  const files = await Promise.all(names.map((name) => import(new URL(name, folder).href)))
  const declared = modules.filter(({ list, byHand = [] }) => list || !byHand.includes('list'))
  return [...files.flatMap((file) => Object.values(file).filter(isList)), ...declared.map(listOf)]
}

/** The columns of the database in which no row has a gap. */
async function filledColumns(db: Knex): Promise<Set<string>> {
  const tables: string[] = await db('sqlite_master').where({ type: 'table' }).pluck('name')
  const filled = new Set<string>()
  for (const table of tables) {
    const rule = 'select name from pragma_table_info(?) where "notnull" = 1 or pk > 0'
    const columns: { name: string }[] = await db.raw(rule, [table])
    for (const { name } of columns) filled.add(`${table}.${name}`)
  }
  return filled
}

t.test(
  'a list shows each column once, and is gone through as filled only where no row has a gap',
  { skip },
  async (t) => {
    const { db, drop } = await openTestDatabase()
    t.teardown(drop)
    const filled = await filledColumns(db)
    const lists = await everyList()
    t.ok(lists.length > 15, `${lists.length} lists`)
    for (const { path, table, columns, order } of lists) {
      const names = columns.map(({ name }) => name)
      t.strictSame([...new Set(names)], names, path)
      const orders = [order, ...columns.map(({ sort, isFilled }) => ({ column: sort ?? '', isFilled }))]
      for (const { column } of orders.filter(({ isFilled }) => isFilled))
        t.ok(filled.has(column.includes('.') ? column : `${table}.${column}`), `${path}: ${column}`)
    }
  },
)

/** The columns that the indexes of a table begin with, each as a text. */
async function indexesIn(db: Knex, table: string): Promise<string[]> {
  const names: { name: string }[] = await db.raw('select name from pragma_index_list(?)', [table])
  const found: string[] = []
  for (const { name } of names) {
    const columns: { name: string }[] = await db.raw('select name from pragma_index_info(?) order by seqno', [name])
    found.push(columns.map((column) => column.name).join())
  }
  return found
}

const bare = (column: string) => column.split('.').at(-1) as string
/** What a list that is something else than what follows is sorted by. */
const ordersOf = ({ columns, order }: List) => ({
  order: bare(order.column),
  sorts: columns.flatMap(({ sort }) => (sort ? bare(sort) : [])),
})

t.test('each order and each filter of a declared module is served by an index', { skip }, async (t) => {
  const { db, drop } = await openTestDatabase()
  t.teardown(drop)
  await makeTables(db)
  for (const module of [...longModules, equipment, repairs]) {
    const {
      table,
      isBinned,
      order,
      sorts = [],
      choices = [],
      spans = [],
    } = module.list ? { ...indexesOf(module), ...ordersOf(listOf(module)), choices: [], spans: [] } : indexesOf(module)
    const present = await indexesIn(db, table)
    const isServed = (columns: string[]) => present.some((index) => `${index},`.startsWith(`${columns.join()},`))
    const living = isBinned ? ['deleted_at'] : []
    // The key of a table is an index itself.
    for (const column of [order, ...sorts, ...spans].filter((column) => column !== 'id'))
      t.ok(isServed([...living, column]), `${table}, by ${column}`)
    for (const column of choices) t.ok(isServed([column]), `${table}, of ${column}`)
  }
})
