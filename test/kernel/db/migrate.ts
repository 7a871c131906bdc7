import { join } from 'node:path'
import t from 'tap'
import { migrateDatabase, rollbackDatabase } from '../../../src/kernel/db/migrate.ts'
import { openDatabase } from '../../../src/kernel/db/open.ts'
import { placeInstallation } from '../../fixtures/app.ts'
import { newFolder } from '../../fixtures/folder.ts'

t.test('a start that changes the schema stops where a row points at one that is missing', async (t) => {
  const file = join(newFolder(t), 'kehu.db')
  await placeInstallation(file)
  const database = { client: 'better-sqlite3' as const, file }
  const db = openDatabase(database, { foreignKeys: false })
  t.teardown(() => db.destroy())
  const last = async () => (await db('knex_migrations').orderBy('id', 'desc').first('name')).name
  const newest = await last()
  await db('knex_migrations').where({ name: newest }).update({ batch: 2 })
  await rollbackDatabase(database)
  t.not(await last(), newest, 'the last batch alone is taken back')
  const nobody = { user_id: 999_999, role_id: 1 }
  await db('user_roles').insert(nobody)
  await t.rejects(migrateDatabase(database), /Broken references.*user_roles/)
  await db('user_roles').where(nobody).delete()
  await rollbackDatabase(database)
  await migrateDatabase(database)
  t.equal(await last(), newest)
  await db('user_roles').insert(nobody)
  await t.resolves(migrateDatabase(database), 'nothing is looked through where nothing changes')
})
