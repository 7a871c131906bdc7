import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { reindexCustomers, searchPage } from '../../../src/customers/search-index.ts'
import { migrateDatabase } from '../../../src/kernel/db/migrate.ts'
import { openDatabase } from '../../../src/kernel/db/open.ts'
import { upkeep } from '../../../src/kernel/db/upkeep.ts'
import { sharedTurn, turnQueue } from '../../../src/kernel/db/write-queue.ts'
import { searchTerms } from '../../../src/kernel/search/terms.ts'
import { newFolder } from '../../fixtures/folder.ts'
import { until } from '../../fixtures/patience.ts'

t.test('after many saves the index is merged and the log brought into the file, and all is found', async (t) => {
  const file = join(newFolder(t), 'kept.db')
  const database = { client: 'better-sqlite3', file } as const
  await migrateDatabase(database)
  const turns = turnQueue()
  const db = openDatabase(database, { writing: sharedTurn(turns.place()) })
  const end = upkeep(file, turns, (error) => t.bailout(`upkeep failed: ${error}`))
  const save = (id: number) =>
    db.transaction((trx) =>
      reindexCustomers(trx, [{ id, record: { name: `长春第${id}公司${'甲乙丙丁'.repeat(40)}${id}` } }]),
    )
  for (let id = 1; id <= 400; id++) await save(id)
  const segments = async () =>
    Number((await db('customer_search_idx').countDistinct({ row_count: 'segid' }).first())?.row_count)
  const size = () => statSync(file).size
  await until(async () => (await segments()) <= 20)
  t.ok(await segments(), 'few pieces are left')
  await db.schema.createTable('filler', (table) => table.text('text'))
  for (let part = 0; part < 30; part++) await db('filler').insert({ text: 'x'.repeat(1_000_000) })
  await until(() => size() >= 30_000_000)
  t.ok(existsSync(`${file}-wal`))
  t.equal((await searchPage(db, { terms: searchTerms('长春 第77公司') })).total, 1)
  t.equal((await searchPage(db, { terms: searchTerms('公司') })).total, 400)
  await save(401)
  await end()
  t.strictSame(await db.raw('pragma integrity_check'), [{ integrity_check: 'ok' }])
  await db.raw("insert into customer_search (customer_search) values ('integrity-check')")
  await db.destroy()
})
