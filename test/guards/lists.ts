import { readdirSync } from 'node:fs'
import type { Knex } from 'knex'
import t from 'tap'
import type { List } from '../../src/kernel/web/list.ts'
import { openTestDatabase } from '../fixtures/database.ts'

const skip = process.env.TEST_DATABASE_URL ? 'reads the schema of SQLite' : false
const folder = new URL('../../src/', import.meta.url)

const isList = (one: unknown): one is List =>
  typeof one === 'object' && one !== null && 'columns' in one && 'rows' in one

/** Every list, from the files that declare them. */
async function everyList(): Promise<List[]> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /[/-]list\.ts$/.test(name))
  const modules = await Promise.all(files.map((name) => import(new URL(name, folder).href)))
  return modules.flatMap((module) => Object.values(module).filter(isList))
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
