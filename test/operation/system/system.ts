import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { currentRevision } from '../../../src/kernel/db/cache-revision.ts'
import { toOf } from '../../../src/mail/mailings/merge.ts'
import { backupFolder } from '../../../src/operation/backups/place.ts'
import { logStream, removeOldLogs } from '../../../src/operation/system/log-file.ts'
import { text } from '../../../src/texts/index.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { makeMailing } from '../../fixtures/world.ts'
import { company } from '../backups/fixtures/company.ts'

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
  t.notMatch(page.text, text.system.repeated.title, 'where nothing is there twice')
  const before = await currentRevision(here.db)
  t.match((await here.admin.get('/system/caches')).text, text.system.cachesText)
  t.equal((await here.admin.post('/system/caches')).location, '/system')
  t.ok((await currentRevision(here.db)) > before, 'all servers read anew')
  t.ok(await here.db('events').where({ action: 'clear-caches' }).first())
})

t.test('the system page warns of an old backup, and counts what is to be done and what went wrong', async (t) => {
  const here = await company(t)
  const { admin, db } = here
  const item = async (label: string) => {
    const { page } = await admin.get('/system')
    const found = page.querySelectorAll('.pairs > div').filter((one) => one.querySelector('dt')?.text.trim() === label)
    return found.map((one) => [one.querySelector('dd')?.text.trim(), Boolean(one.querySelector('.tone-red'))])
  }
  t.strictSame(await item(text.system.backup), [[text.system.noBackup, true]])
  const folder = backupFolder(here.folder)
  mkdirSync(folder, { recursive: true })
  const put = (days: number, way: string) => {
    const at = new Date(Date.now() - days * 86_400_000).toISOString()
    const [day, time] = at.replaceAll(/[-:]/g, '').slice(0, 15).split('T')
    writeFileSync(join(folder, `kehu-${day}-${time}-${way}.zip`), 'PK')
  }
  put(1, 'uploaded')
  t.strictSame(await item(text.system.backup), [[text.system.noBackup, true]], 'one of elsewhere is none of ours')
  put(9, 'manual')
  t.equal((await item(text.system.backup))[0]?.[1], true)
  put(7, 'manual')
  t.equal((await item(text.system.backup))[0]?.[1], false)

  const { id: user_id } = await db('users').first('id')
  const base = { kind: 'x', payload: '{}', user_id, created_at: '2026-01-04T00:00:00.000Z', done_count: 0 }
  const states = ['waiting', 'running', 'running', ...Array(6).fill('failed')]
  for (const [at, state] of states.entries())
    await db('jobs').insert({
      ...{ ...base, state, title: `任务${at}`, is_cancel_asked: false, takeover_count: 0 },
      ...{ outcome: state === 'failed' ? `原因${at}` : null, finished_at: '2026-01-04T00:00:00.000Z' },
      ...{ leased_by: 'other', lease_until_at: '2099-01-01T00:00:00.000Z' },
    })
  t.equal((await item(text.system.waiting))[0]?.[0], '1')
  t.equal((await item(text.system.running))[0]?.[0], '2')
  const [count, list] = await item(text.system.failed)
  t.equal(count?.[0], '6')
  t.match(String(list?.[0]), /任务8.原因8.*任务4.原因4/s, 'the newest first')
  t.notMatch(String(list?.[0]), '任务3', 'five of them')
})

t.test('the system page tells how mail goes and what went wrong last, without saying whose it is', async (t) => {
  const here = await company(t)
  const { db, admin } = here
  const quiet = await admin.get('/system')
  const shown = ({ page }: typeof quiet) =>
    Object.fromEntries(
      page
        .querySelectorAll('.pairs > div')
        .map((item) => [item.querySelector('dt')?.text.trim(), item.querySelector('dd')?.text.trim() ?? '']),
    )
  t.match(shown(quiet), { 待发送: '0', 稍后重发: '0', 没有送达: '0', 最近的发信错误: '没有', 运行日志: '没有' })
  const user = (await db('users').first('id')).id
  const mailing_id = await makeMailing(db, user)
  const mailing = await db('mailings').where({ id: mailing_id }).first()
  const answers: [state: string, answer: string | null, more?: object][] = [
    ['refused', '550 5.1.1 <gong@kehu.example>: no such user'],
    ['sent', '250 fine'],
    ['queued', '421 try later', { next_attempt_at: '2026-03-03T00:00:00.000Z' }],
    ['queued', null],
    ['sending', null],
    ...Array.from({ length: 4 }, (_, at): [string, string] => ['failed', `Connection refused ${at}`]),
  ]
  for (const [at, [state, answer, more]] of answers.entries())
    await db('mail_messages').insert({
      mailing_id,
      user_id: user,
      ...toOf(mailing),
      recipient_name: '宫女士',
      recipient_address: `gong${at}@kehu.example`,
      recipient_key: `gong${at}@kehu.example`,
      subject: '报价',
      body: '您好',
      message_id: `<${at}@kehu.example>`,
      state,
      attempt_count: 1,
      answer,
      created_at: '2026-03-01T00:00:00.000Z',
      sending_at: `2026-03-02T00:00:0${at}.000Z`,
      ...more,
    })
  await db('jobs').where({ state: 'failed' }).delete()
  logStream(here.folder).write(`${JSON.stringify({ level: 40, time: 1, msg: 'slow' })}\n`)
  logStream(here.folder).write(`${JSON.stringify({ level: 50, time: 1, msg: 'request failed', number: 'MW1' })}\n`)
  const page = await admin.get('/system')
  const said = shown(page)
  t.match(said, { 待发送: '3', 稍后重发: '1', 没有送达: '5' })
  t.same(
    said.最近的发信错误?.split('\n').map((line: string) => line.trim().slice(17)),
    [3, 2, 1, 0].map((at) => `Connection refused ${at}`).concat('421 try later'),
    'the newest five, also of what is tried again',
  )
  t.match(said.运行日志, /MW1 打开或保存一页时出错$/)
  t.notMatch(said.运行日志, 'slow')
  await db('mail_messages').where('answer', 'like', 'Connection%').delete()
  const fewer = await admin.get('/system')
  t.match(fewer.text, '550 5.1.1 <…@kehu.example>: no such user')
  t.notMatch(fewer.text, /gong|宫女士/)
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
  const all = (await here.admin.get('/system/log?level=all')).page
  t.strictSame(
    all.querySelectorAll('tbody .tag').map((tag) => /tone-(\w+)/.exec(tag.classNames)?.[1]),
    ['gray', 'amber', 'red'],
  )
  t.equal(all.querySelector('option[selected], input[checked]')?.getAttribute('value'), 'all')
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
