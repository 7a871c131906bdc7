import { join } from 'node:path'
import type { Knex } from 'knex'
import t, { type Test } from 'tap'
import { readConfig } from '../../../src/config.ts'
import { openDatabase } from '../../../src/kernel/db/open.ts'
import { firstAccount } from '../../../src/people/users/first-account.ts'
import { agrees } from '../../fixtures/agreement.ts'
import { type Browser, password, placeInstallation } from '../../fixtures/app.ts'
import { newFolder } from '../../fixtures/folder.ts'
import { until } from '../../fixtures/patience.ts'
import { remoteBrowser, startServer } from '../../fixtures/server.ts'
import { check, formOf } from '../../operation/imports/fixtures/upload.ts'

const headings = ['客户名称', '客户编码', '电话', '联系人', '联系人手机']
const count = 3000
const row = (index: number) => [
  `第${index}公司`,
  `M-${index}`,
  `0431-8${String(index).padStart(7, '0')}`,
  `张${index}`,
  `138${String(index).padStart(8, '0')}`,
]
const rows = Array.from({ length: count }, (_, index) => row(index))

/** A database file and servers on it, as a company runs them. */
async function company(t: Test) {
  const settings = { DATA_DIR: newFolder(t) }
  const config = readConfig(settings)
  await placeInstallation(join(settings.DATA_DIR, 'kehu.db'))
  const db = openDatabase(config.database)
  t.teardown(() => db.destroy())
  const start = async () => {
    const { address, end } = await startServer(t, settings)
    return { one: await remoteBrowser(address, firstAccount.username, password), end }
  }
  return { db, start }
}
type Server = Awaited<ReturnType<Awaited<ReturnType<typeof company>>['start']>>

const counted = async (query: Knex.QueryBuilder) => Number((await query.count({ row_count: '*' }).first()).row_count)

const isOver = (db: Knex) => async () => (await counted(db('jobs').whereIn('state', ['waiting', 'running']))) === 0
const outcomeOf = async (db: Knex) => (await db('jobs').orderBy('id', 'desc').first('outcome')).outcome

/** Kills the server hard once `isBegun`, before the job is over; another one goes on when the lease has run out. */
async function killedIn(
  t: Test,
  db: Knex,
  server: Server,
  start: () => Promise<Server>,
  isBegun: () => Promise<boolean>,
) {
  await until(isBegun)
  await server.end('SIGKILL')
  const job = await db('jobs').where({ state: 'running' }).first('id', 'done_count')
  t.ok(job, 'it was at work')
  t.ok(job?.done_count > 0 && job?.done_count < count, `${job?.done_count} of ${count} done`)
  const next = await start()
  await db('jobs').where({ id: job?.id }).update({ lease_until_at: '2020-01-01T00:00:00.000Z' })
  await until(isOver(db))
  return next
}

/** The server may die while it answers. */
const unanswered = (asked: Promise<unknown>) => asked.catch(() => undefined)

const post = async (one: Browser, location: string, selector: string, more: Record<string, string | string[]> = {}) => {
  const form = formOf(await one.get(location), selector)
  return one.post(location, { ...form, ...more })
}

t.test('killed in the middle of an import, of a change of all rows and of the undo: each goes on', async (t) => {
  const { db, start } = await company(t)
  let server = await start()
  const names = rows.map(([name]) => name).sort()

  // Without codes, and each as a new customer: a row that is taken twice is there twice.
  const { location } = await check(
    server.one,
    headings,
    rows.map((row) => row.with(1, '')),
  )
  const execution = formOf(await server.one.get(location), 'form[action$=execution]')
  void unanswered(server.one.post(`${location}/execution`, { ...execution, existing: 'add', phone: 'add' }))
  server = await killedIn(t, db, server, start, async () => (await counted(db('customers'))) > 0)
  t.match(await outcomeOf(db), '新增 3,000 条')
  t.strictSame((await db('customers').pluck('name')).sort(), names, 'no row lost, none twice')
  t.strictSame((await db('contacts').pluck('name')).sort(), rows.map(([, , , name]) => name).sort())
  t.equal(await counted(db('import_rows')), 2 * count)
  t.equal(await counted(db('events').where({ action: 'create', record_type: 'customers' })), count)
  await agrees(t, db)

  const [level] = await db('dictionary_entries').where({ dictionary: 'customer-levels' }).pluck('id')
  const asked = { query: '', scope: 'whole', act: 'level_id' }
  const change = (await server.one.post('/customers/selections', asked)).location as string
  await post(server.one, change, 'main form:not(.undo)', { level_id: String(level) })
  const changed = () => counted(db('customers').where({ level_id: level }))
  server = await killedIn(t, db, server, start, async () => (await changed()) > 0)
  t.equal(await changed(), count)
  t.strictSame(await db('customers').groupBy('version').pluck('version'), [2], 'each once')
  t.equal(await counted(db('events').where({ action: 'update', record_type: 'customers' })), count)
  await agrees(t, db)

  // As if nobody had changed them since: what was changed would be kept.
  await db('customers').update({ version: 1 })
  void unanswered(server.one.post(`${location}/undo`))
  server = await killedIn(t, db, server, start, async () => (await counted(db('customers'))) < count)
  t.match(await outcomeOf(db), '已撤销 3,000 条，保留 0 条')
  t.equal(await counted(db('customers')), 0)
  t.equal(await counted(db('contacts')), 0)
  t.equal(await counted(db('import_rows')), 0)
  await agrees(t, db)
  await server.end('SIGTERM')
})

t.test('two servers on one file, two imports at once: the same companies in both are taken once', async (t) => {
  const { db, start } = await company(t)
  const [here, there] = [await start(), await start()]
  const some = rows.slice(0, 1500)
  const coded = some.map(([name, , ...rest]) => [name, '', ...rest])
  const [first, second] = [await check(here.one, headings, some), await check(there.one, headings, coded.reverse())]
  const take = async ({ one }: Server, location: string) =>
    one.post(`${location}/execution`, formOf(await one.get(location), 'form[action$=execution]'))
  await Promise.all([take(here, first.location), take(there, second.location)])
  await until(isOver(db))
  t.strictSame(await db('jobs').groupBy('state').pluck('state'), ['done'])
  t.strictSame((await db('customers').pluck('name')).sort(), some.map(([name]) => name).sort())
  const sums = await db('imports').sum({ taken: 'rows_taken', skipped: 'rows_skipped', wrong: 'rows_wrong' }).first()
  t.same(sums, { taken: 1500, skipped: 1500, wrong: 0 }, 'every row is accounted for')
  t.equal(await counted(db('contacts')), 1500)
  await agrees(t, db)
  await Promise.all([here.end('SIGTERM'), there.end('SIGTERM')])
})
