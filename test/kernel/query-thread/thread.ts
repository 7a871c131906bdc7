import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type Ask, countAsked } from '../../../src/analysis/analyses/counts.ts'
import { buildApp } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { currentRevision } from '../../../src/kernel/db/cache-revision.ts'
import { openDatabase } from '../../../src/kernel/db/open.ts'
import { sharedTurn, turnQueue } from '../../../src/kernel/db/write-queue.ts'
import type { Report } from '../../../src/kernel/report/pdf.ts'
import { firstAccount } from '../../../src/people/users/first-account.ts'
import { text } from '../../../src/texts/index.ts'
import { entryId, withCustomers } from '../../analysis/analyses/fixtures/customers.ts'
import { tableOf } from '../../analysis/analyses/fixtures/table.ts'
import { browser, password, placeInstallation } from '../../fixtures/app.ts'
import { newFolder } from '../../fixtures/folder.ts'

/** The program on a file, with its threads, as it is started. */
async function world(t: Test) {
  const dataDir = newFolder(t)
  const config = readConfig({ DATA_DIR: dataDir })
  await placeInstallation(join(dataDir, 'kehu.db'))
  const turns = turnQueue()
  const db = openDatabase(config.database, { writing: sharedTurn(turns.place()) })
  await db('users').update({ name: '李雷', is_password_due: false })
  const app = await buildApp(config, db, { workplace: { turns } })
  app.asidePatience = Number.POSITIVE_INFINITY
  await app.ready()
  t.teardown(async () => {
    await app.close()
    await db.destroy()
  })
  const one = browser(app, {})
  await one.post('/login', { username: firstAccount.username, password })
  return { app, db, one }
}

const report = (more: Partial<Report> = {}): Report => ({
  company: '东北亚机电设备有限公司',
  title: '客户级别分析',
  conditions: [],
  madeBy: '李雷',
  madeAt: '2026-11-22T16:30:00.000Z',
  chart: { title: '级别', bars: [{ label: 'VIP', value: 3 }], width: 720, height: 300, unit: '个' },
  table: { columns: [{ label: '级别', kind: 'text' }], rows: [['VIP']] },
  ...more,
})

t.test('counting and drawing are done in a thread, one after the other, as they would be here', async (t) => {
  const { app, db } = await world(t)
  const level = await entryId(db, 'customer-levels', 'VIP客户')
  await withCustomers(db, [{ level_id: level }, { level_id: level, registered_on: '2020-01-01' }, {}])
  const ask: Ask = {
    kind: 'column',
    analysis: 'customer-levels',
    revision: await currentRevision(db),
    column: 'customers.level_id',
    values: [String(level)],
    filters: { registered_on_from: '2026-01-01' },
    owners: 'all',
  }
  t.same(await app.aside('count', ask), await countAsked(db, ask))
  t.same(await app.aside('count', { ...ask, owners: [] }), { total: 0, countByValue: new Map() })
  const order: string[] = []
  const noted = async (name: string, work: Promise<unknown>) => work.then(() => order.push(name))
  await Promise.all([
    noted('pdf', app.aside('pdf', report())),
    noted('second pdf', app.aside('pdf', report())),
    noted('third pdf', app.aside('pdf', report())),
    noted('count', app.aside('count', ask)),
  ])
  t.same(order, ['pdf', 'count', 'second pdf', 'third pdf'], 'who waits for a page goes first')
})

t.test('what fails is told to who asked; the next is done', async (t) => {
  const { app } = await world(t)
  await t.rejects(app.aside('pdf', report({ logo: Buffer.from('no picture') })))
  const pdf = await app.aside('pdf', report())
  t.equal(Buffer.from(pdf).subarray(0, 5).toString(), '%PDF-')
})

t.test('what nobody waits for any more when its turn comes is not done', async (t) => {
  const { app } = await world(t)
  const present = app.aside('pdf', report())
  const abandoned = app.aside('pdf', report(), () => false)
  await t.rejects(abandoned, { message: text.errors.abandoned })
  const last = app.aside('pdf', report(), () => true)
  t.equal(
    Buffer.from(await present)
      .subarray(0, 5)
      .toString(),
    '%PDF-',
  )
  t.equal(
    Buffer.from(await last)
      .subarray(0, 5)
      .toString(),
    '%PDF-',
  )
})

t.test('a page and its PDF come out of it', async (t) => {
  const { db, one } = await world(t)
  await withCustomers(db, [{}, {}])
  await db('tallies').where({ module: 'customers', name: 'all' }).update({ row_count: 50_000 })
  const path = '/analysis/customer-levels'
  const period = '?registered_on_from=2026-01-01'
  t.equal(tableOf(await one.get(path + period)).at(-1)?.[1], '2', 'counted aside, as there seem to be many')
  const pdf = await one.get(`${path}.pdf${period}`)
  t.equal(pdf.raw.subarray(0, 5).toString(), '%PDF-')
})
