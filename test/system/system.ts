import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { currentRevision } from '../../src/db/revision.ts'
import { logStream, removeOldLogs } from '../../src/system/log-file.ts'
import { text } from '../../src/texts/index.ts'
import { company } from '../backups/fixtures/company.ts'
import { buildTestApp } from '../fixtures/app.ts'

t.test('the health address says whether people can be answered, and nothing else', async (t) => {
  const { app, db, anyone } = await buildTestApp(t)
  const good = await anyone.get('/healthz')
  t.equal(good.status, 200)
  t.strictSame(JSON.parse(good.body), { status: 'ok' })
  t.notOk(good.headers['set-cookie'])
  const closing = app.door.close('换数据')
  await closing
  const closed = await anyone.get('/healthz')
  t.equal(closed.status, 503)
  t.strictSame(JSON.parse(closed.body), { status: 'maintenance' })
  const page = await anyone.get('/customers')
  t.equal(page.status, 503)
  const style = page.page.querySelector('link[rel=stylesheet]')?.getAttribute('href') ?? ''
  t.equal((await anyone.get(style)).status, 200, 'with its style')
  t.match(page.text, '换数据')
  t.equal(page.page.querySelector('meta[http-equiv=refresh]')?.getAttribute('content'), '3')
  const form = await anyone.post('/customers', { name: '甲' })
  t.match(form.text, text.backups.closed.notSaved)
  t.notOk(form.page.querySelector('meta[http-equiv=refresh]'), 'a form is not asked for again')
  t.match((await anyone.get('/customers', { 'hx-request': 'true' })).body, /class="flash flash-warning"/)
  app.door.open()
  t.equal((await anyone.get('/healthz')).status, 200)
  await db.destroy()
  const broken = await anyone.get('/healthz')
  t.equal(broken.status, 503)
  t.strictSame(JSON.parse(broken.body), { status: 'database' })
})

t.test('the door waits for those inside, and stays open where somebody does not leave', async (t) => {
  const { app, as } = await buildTestApp(t)
  const person = await as('李雷')
  const order: string[] = []
  const slow = app.door.pass(async () => {
    await pause(80)
    order.push('work')
  })
  await app.door.close('换数据').then(() => order.push('closed'))
  t.strictSame(order, ['work', 'closed'])
  await app.door.pass(async () => void order.push('never'))
  await t.rejects(app.door.close('再来'), { message: text.backups.alreadyClosed })
  app.door.open()
  await slow
  t.equal((await person.get('/customers')).status, 200)
  t.notOk(order.includes('never'), 'work of the background is left out meanwhile')
})

t.test('the system page', async (t) => {
  const here = await company(t)
  const page = await here.admin.get('/system')
  for (const said of ['SQLite 3.', '0.1.0', process.version, here.folder, text.system.noBackup])
    t.match(page.text, said)
  const before = await currentRevision(here.db)
  t.match((await here.admin.get('/system/caches')).text, text.system.cachesText)
  t.equal((await here.admin.post('/system/caches')).location, '/system')
  t.ok((await currentRevision(here.db)) > before, 'all servers read anew')
  t.ok(await here.db('events').where({ action: 'clear-caches' }).first())
})

t.test('the log: newest first, by level, by the number on the page', async (t) => {
  const here = await company(t)
  const stream = logStream(here.folder)
  const { stdout } = process
  const write = stdout.write.bind(stdout)
  const lines = [
    {
      level: 50,
      time: Date.now() - 2000,
      msg: 'request failed',
      number: 'MWABC123',
      err: { message: '<b>坏了', stack: 'at x' },
    },
    { level: 40, time: Date.now() - 1000, msg: 'slow' },
    { level: 30, time: Date.now(), msg: 'listening' },
  ]
  stdout.write = () => true
  for (const line of lines) stream.write(`${JSON.stringify(line)}\n`)
  stream.write('no json\n')
  stdout.write = write
  const rows = (query: string) =>
    here.admin.get(`/system/log${query}`).then(({ page }) => page.querySelectorAll('tbody tr').map((row) => row.text))
  t.equal((await rows('')).length, 2)
  t.equal((await rows('?level=error')).length, 1)
  t.match((await rows('?level=all'))[0], 'listening')
  const [found] = await rows('?q=MWABC123')
  t.match(found, /<b>坏了/)
  t.strictSame(await rows('?q=nothing'), [])
  mkdirSync(join(here.folder, 'logs'), { recursive: true })
  for (let day = 1; day <= 31; day++)
    writeFileSync(join(here.folder, 'logs', `kehu-2020-01-${String(day).padStart(2, '0')}.log`), '')
  await removeOldLogs(here.folder)
  t.equal((await rows('?level=all')).length, 3)
})

t.test('only for those who may', async (t) => {
  const { as } = await buildTestApp(t)
  const person = await as('李雷')
  for (const path of ['/system', '/system/log', '/system/caches', '/maintenance/cleanup'])
    t.equal((await person.get(path)).status, 403, path)
})
