import t from 'tap'
import { contactFields } from '../../../src/customers/contacts/fields.ts'
import { customerFields } from '../../../src/customers/customers/fields.ts'
import { openDatabase, withPatience } from '../../../src/kernel/db/open.ts'
import { insertWithIds, lastId, setLastId, type Table, tablesOfProgram } from '../../../src/kernel/db/schema.ts'
import { restoreOnServer } from '../../../src/kernel/db/server-backup.ts'
import { declaredModules } from '../../../src/kernel/modules/catalogue.ts'
import type { Field } from '../../../src/kernel/web/fields.ts'
import { companyFields } from '../../../src/office/company/fields.ts'
import { fields as userFields } from '../../../src/people/users/fields.ts'
import { openTestDatabase } from '../../fixtures/database.ts'
import { recordingServer } from '../../fixtures/recording-mssql.ts'

const things: Table = {
  name: 'things',
  columns: [
    { name: 'id', kind: 'number' },
    { name: 'name', kind: 'text' },
  ],
  key: ['id'],
  isNumbered: true,
}
const place = {
  client: 'mssql',
  host: 'nowhere.invalid',
  port: 1433,
  user: 'kehu',
  password: '-',
  database: 'kehu',
  encrypt: true,
  trustCertificate: false,
} as const

t.test('rows keep the numbers they have elsewhere, and the next one goes on behind them', async (t) => {
  const { db, drop } = await openTestDatabase()
  t.teardown(async () => {
    await db.schema.dropTable('things')
    await drop()
  })
  await db.schema.createTable('things', (table) => {
    table.increments('id')
    table.string('name', 40)
  })
  t.equal(await lastId(db, 'things'), 0, 'a table that never had a row gave none')
  await setLastId(db, 'things', 0)
  await setLastId(db, 'things', 7)
  const [first] = await db('things').insert({ name: '甲' }).returning('id')
  t.equal(first.id, 8, 'behind the last number, though no row is there')
  await insertWithIds(db, things, [
    { id: 30, name: '乙' },
    { id: 20, name: null },
  ])
  t.strictSame(await db('things').orderBy('id').pluck('id'), [8, 20, 30])
  await setLastId(db, 'things', 40)
  const [next] = await db('things').insert({ name: '丙' }).returning('id')
  t.equal(next.id, 41)
  t.equal(await lastId(db, 'things'), 41)
  const tables = await tablesOfProgram()
  t.ok(tables.some(({ name, isNumbered }) => name === 'customers' && isNumbered))
})

t.test('SQL Server hears of given numbers in the statement that brings them', async (t) => {
  const { db, seen } = recordingServer()
  const rows = Array.from({ length: 1_500 }, (_, index) => ({ id: index + 1, name: `${index}?` }))
  await insertWithIds(db, things, rows)
  t.strictSame(
    seen.map(({ sql, bindings }) => [sql.slice(0, 75), sql.slice(-33), bindings.length]),
    [1000, 500].map((count) => [
      'set identity_insert [things] on; insert into [things] ([id], [name]) values',
      `); set identity_insert [things] off`.slice(-33),
      count * 2,
    ]),
  )
  t.strictSame(seen[1]?.bindings.slice(-2), [1500, '1499?'], 'a question mark in a value is a value')
  seen.length = 0
  await insertWithIds(db, { ...things, isNumbered: false }, [{ id: 1, name: '甲' }])
  t.notMatch(seen[0]?.sql, /identity_insert/)
})

t.test('SQL Server goes on behind a number, whether the table had a row or not', async (t) => {
  const said = async (last_id_count: number | null, last: number) => {
    const { db, seen } = recordingServer({ last_id_count })
    await setLastId(db, 'things', last)
    return seen.map(({ sql }) => sql).filter((sql) => /checkident/.test(sql))
  }
  t.strictSame(await said(null, 12), ["dbcc checkident ('things', reseed, 13)"], 'the first row gets the number itself')
  t.strictSame(await said(9, 12), ["dbcc checkident ('things', reseed, 12)"])
  t.strictSame(await said(null, 0), [], 'else there would be a row 0')
  const asked = async (last_id_count: number | null) => lastId(recordingServer({ last_id_count }).db, 'things')
  t.strictSame([await asked(null), await asked(9)], [0, 9])
})

t.test('what may take SQL Server hours is waited for, what a page asks for is not', async (t) => {
  const patienceOf = (db: { client: { config: { connection: { requestTimeout: number } } } }) =>
    db.client.config.connection.requestTimeout
  const db = openDatabase(place)
  t.teardown(() => db.destroy())
  t.equal(patienceOf(db as never), 60_000)
  t.equal(await withPatience(db, async (patient) => patienceOf(patient as never)), 0)
  let restoring: unknown
  const file = openDatabase({ client: 'better-sqlite3', file: ':memory:' })
  t.teardown(() => file.destroy())
  await withPatience(file, async (same) => t.equal(same, file, 'SQLite has no such bound'))
  await t.rejects(
    restoreOnServer(place, 'D:\\a.bak', (at, options) => {
      restoring = options
      return openDatabase({ ...at, port: 1 } as never, options)
    }),
  )
  t.strictSame(restoring, { isPatient: true })
})

t.test('a column holds what its field takes, also of rare hanzi, which count twice on SQL Server', async (t) => {
  const { db, drop } = await openTestDatabase()
  t.teardown(drop)
  const forms: Record<string, Field[]> = {
    customers: customerFields,
    contacts: contactFields,
    ...Object.fromEntries(declaredModules().map(({ name, fields }) => [name, fields])),
    company: companyFields,
    users: Object.values(userFields),
  }
  /** Digits and Latin letters only. */
  const plain = ['postcode']
  for (const [table, fields] of Object.entries(forms)) {
    const columns = await db(table).columnInfo()
    for (const { name, max, kind } of fields) {
      const holds = Number(columns[name]?.maxLength)
      if (!max || !holds || plain.includes(name)) continue
      t.ok(holds >= (kind.isCountedInUnits ? max : 2 * max), `${table}.${name}: ${holds} for ${max}`)
    }
  }
})
