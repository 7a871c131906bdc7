import { existsSync } from 'node:fs'
import { readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { today } from '../../../src/kernel/china/clock.ts'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import { insertAll } from '../../../src/kernel/db/dialect.ts'
import { daysKept } from '../../../src/kernel/made-files/made-file.ts'
import { exportedLists } from '../../../src/program/exported-lists.ts'
import { tidy } from '../../../src/program/housekeeping.ts'
import { withCustomers, withLevels } from '../../analysis/analyses/fixtures/customers.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { newFolder } from '../../fixtures/folder.ts'
import { cellsIn } from '../../fixtures/readable.ts'
import { collectRoutes } from '../../fixtures/routes.ts'

const list = '/tools/files'
const again = /<noscript><meta http-equiv="refresh" content="[23]"><\/noscript>/
const dated = (title: string, ending: string) => `${title}-${today()}.${ending}`
const namesOf = ({ page }: { page: { querySelectorAll(query: string): { text: string }[] } }) =>
  page.querySelectorAll('tbody tr td:first-child').map((cell) => cell.text.trim())

/** The program with 李雷 as one who may export. */
async function buildExporting(t: Parameters<typeof buildTestApp>[0]) {
  const built = await buildTestApp(t)
  const { id: role_id } = await built.db('roles').where({ code: 'user' }).first('id')
  await built
    .db('role_permissions')
    .insert(['customers.export', 'competitors.export'].map((permission) => ({ role_id, permission })))
  await bumpRevision(built.db)
  return built
}

async function filesIn(dataDir: string): Promise<string[]> {
  const names = await readdir(join(dataDir, 'made'), { recursive: true }).catch(() => [])
  return names.filter((name) => /[0-9a-f]{32}$/.test(name))
}

t.test('what was exported and drawn is listed, the same bytes again, and goes when it is deleted', async (t) => {
  const { db, app, as } = await buildExporting(t)
  await withLevels(db, { VIP客户: 3 })
  const he = await as('李雷')
  t.match((await he.get(list)).text, '还没有导出的文件')
  const csv = await he.get('/customers.csv')
  const xlsx = await he.get('/analysis/customer-levels.xlsx')
  const pdf = await he.get('/analysis/customer-levels.pdf')
  const listed = await he.get(list)
  t.same(namesOf(listed), [dated('客户级别分析', 'pdf'), dated('客户级别分析', 'xlsx'), dated('客户资料', 'csv')])
  t.match(
    listed.page.querySelector('tbody tr:last-child')?.text.replace(/\s+/g, ' '),
    /客户资料-20\d\d-\d\d-\d\d\.csv 可下载 [\d.]+ [KM]?B 李雷 20\d\d-[\d: -]+ 20\d\d-/,
  )
  const links = listed.page.querySelectorAll('tbody td:first-child a').map((link) => String(link.getAttribute('href')))
  for (const [at, first] of [pdf, xlsx, csv].entries()) {
    const again = await he.get(links[at] as string)
    t.equal(again.status, 200)
    t.strictSame(again.raw, first.raw)
    t.equal(again.headers['content-length'], String(first.raw.length))
    t.match(again.headers['content-disposition'], /^attachment; .*filename\*=UTF-8''%E5%AE%A2/)
  }
  t.match(await db('events').orderBy('id', 'desc').first(), { action: 'export', record_type: 'made_files' })
  const id = /\d+/.exec(links[2] as string)?.[0]
  t.match((await he.get(`${list}/${id}`)).text, /可下载 .*[\d.]+ [KM]?B .*李雷/)
  t.match((await he.get(`${list}/${id}/deletion`)).text, dated('客户资料', 'csv'))
  t.equal((await he.post(`${list}/${id}/deletion`)).location, list)
  t.same(namesOf(await he.get(list)), [dated('客户级别分析', 'pdf'), dated('客户级别分析', 'xlsx')])
  t.equal((await filesIn(app.config.dataDir)).length, 2)
  t.equal((await he.get(`${list}/${id}/content`)).status, 404)
})

t.test('those of others are not there, but for who sees their work; rights are those of the moment', async (t) => {
  const { db, as } = await buildExporting(t)
  await withCustomers(db, [{}])
  const he = await as('李雷')
  await he.get('/customers.csv')
  const { id } = await db('made_files').first('id')
  const nobody = await as('王芳')
  for (const path of [`${list}/${id}`, `${list}/${id}/content`, `${list}/${id}/deletion`])
    t.equal((await nobody.get(path)).status, 404, path)
  t.equal((await nobody.post(`${list}/${id}/deletion`)).status, 404)
  t.same(namesOf(await nobody.get(list)), [])
  const she = await as('韩梅梅')
  t.same(namesOf(await she.get(list)), [dated('客户资料', 'csv')])
  t.equal((await she.get(`${list}/${id}/content`)).status, 200)

  const role = (await db('roles').where({ code: 'user' }).first('id')).id
  const ranges = () => db('role_ranges').where({ role_id: role, module: 'customers' })
  await ranges().update({ range: 'own' })
  await bumpRevision(db)
  const narrower = await he.get(`${list}/${id}/content`)
  t.equal(narrower.status, 403)
  t.match(narrower.text, '您能看到的资料范围变小了')
  await ranges().update({ range: 'all' })
  await db('role_masks').insert({ role_id: role, field_group: 'phone' })
  await bumpRevision(db)
  t.equal((await he.get(`${list}/${id}/content`)).status, 403, 'fields that are masked now')
  await db('role_masks').where({ role_id: role }).delete()
  await bumpRevision(db)
  t.equal((await he.get(`${list}/${id}/content`)).status, 200)
  await db('role_permissions').where({ role_id: role, permission: 'customers.export' }).delete()
  await bumpRevision(db)
  t.equal((await he.get(`${list}/${id}/content`)).status, 403, 'the right itself')
})

t.test('a file is kept for a week', async (t) => {
  const { db, app, as } = await buildExporting(t)
  const { dataDir } = app.config
  await withCustomers(db, [{}])
  const he = await as('李雷')
  for (let count = 0; count < 2; count++) await he.get('/customers.csv')
  const [old] = await db('made_files').orderBy('id').pluck('id')
  const aged = (ms: number) => new Date(Date.now() - daysKept * 86_400_000 + ms).toISOString()
  await db('made_files')
    .where({ id: old })
    .update({ created_at: aged(60_000) })
  await tidy(db, dataDir)
  t.equal((await filesIn(dataDir)).length, 2)
  t.equal((await he.get(`${list}/${old}/content`)).status, 200)
  await db('made_files')
    .where({ id: old })
    .update({ created_at: aged(-1) })
  t.equal((await he.get(`${list}/${old}/content`)).status, 404, 'not to be had, also before it is removed')
  await tidy(db, dataDir)
  t.equal((await filesIn(dataDir)).length, 1)
  t.equal((await db('made_files')).length, 1)
  await db('made_files').delete()
  const [name = ''] = await filesIn(dataDir)
  const place = join(dataDir, 'made', name)
  await tidy(db, dataDir)
  t.equal((await filesIn(dataDir)).length, 1, 'content that nothing names is not removed while it may be on its way')
  const longAgo = (Date.now() - (daysKept + 1) * 86_400_000) / 1000
  const others = join(dataDir, 'made', 'note.txt')
  await writeFile(others, 'somebody put it here')
  for (const old of [place, others]) await utimes(old, longAgo, longAgo)
  await tidy(db, dataDir)
  t.same(await filesIn(dataDir), [], 'later it is')
  t.ok(existsSync(others), 'what the program has not made stays')
})

t.test('a file whose content is gone is told', async (t) => {
  const { db, app, as } = await buildExporting(t)
  await withCustomers(db, [{}])
  const he = await as('李雷')
  await he.get('/customers.csv')
  const [{ id }] = await db('made_files').select('id')
  await db('made_files').update({ storage_name: 'f'.repeat(32) })
  const answer = await he.get(`${list}/${id}/content`)
  t.equal(answer.status, 404)
  t.match(answer.text, '请重新导出')
  await writeFile(join(app.config.dataDir, 'made', 'ff'), 'no folder')
  t.equal((await he.get(`${list}/${id}/content`)).status, 500, 'a fault of the disk is not told as that')
})

t.test('a PDF that takes longer than people wait is fetched from a page that says so', async (t) => {
  const { db, app, as } = await buildExporting(t)
  await withCustomers(db, [{}])
  const he = await as('李雷')
  const drawn = Promise.withResolvers<Uint8Array>()
  const { aside } = app
  app.aside = (async () => drawn.promise) as typeof aside
  app.asidePatience = 1
  const answer = await he.get('/analysis/customer-levels.pdf')
  t.equal(answer.status, 303)
  const page = await he.get(String(answer.location))
  t.match(page.text, '文件正在制作')
  t.match(page.body, again, 'it looks again without script')
  t.ok(page.page.querySelector('progress'))
  t.equal((await he.get(`${answer.location}/content`)).location, answer.location, 'not yet')
  drawn.resolve(Buffer.from('%PDF-'))
  while ((await db('made_files').first()).state === 'making') await new Promise((resolve) => setTimeout(resolve, 5))
  const ready = await he.get(String(answer.location))
  t.notMatch(ready.body, again)
  t.equal((await he.get(String(ready.page.querySelector('a.primary')?.getAttribute('href')))).body, '%PDF-')

  const broken = Promise.withResolvers<Uint8Array>()
  app.aside = (async () => broken.promise) as typeof aside
  const failing = await he.get('/analysis/customer-levels.pdf')
  broken.reject(new Error('no memory'))
  const failed = async () => (await db('made_files').orderBy('id', 'desc').first()).state !== 'making'
  while (!(await failed())) await new Promise((resolve) => setTimeout(resolve, 5))
  t.match((await he.get(String(failing.location))).text, '文件没有做成')

  await db('made_files').update({ state: 'making', created_at: new Date(Date.now() - 3_600_001).toISOString() })
  t.match((await he.get(String(failing.location))).text, '文件没有做成', 'given up with its program')
})

t.test('a long list is written by a job, whose page says how far it is', async (t) => {
  const { db, app, as } = await buildExporting(t)
  await withCustomers(db, [{ name: '甲有限公司' }, { name: '乙有限公司', phone: '0431-84978981' }])
  // Ten thousand rows that only have to be counted: the list is long, and what is asked for of it too.
  const he = await as('李雷')
  const [{ id: last }] = await db('competitors').insert(competitor(0)).returning('id')
  await insertAll(
    db,
    'competitors',
    Array.from({ length: 10_000 }, (_, at) => competitor(last + at + 1)),
  )
  const few = await he.get('/competitors.csv?q=同行7号')
  t.equal(few.status, 200, 'what is asked for is short')
  const asked = await he.get('/competitors.csv')
  t.equal(asked.status, 303)
  t.match(asked.location, /^\/jobs\/\d+$/)
  t.equal((await he.get('/competitors.csv')).location, asked.location, 'asked again it is the same')
  const waiting = await he.get(String(asked.location))
  t.match(waiting.text, `导出 ${dated('竞争对手', 'csv')}`)
  t.match(waiting.body, again)
  await app.runJobs()
  const done = await he.get(String(asked.location))
  t.match(done.text, '已写入 10,001 行')
  t.notMatch(done.body, again)
  const content = await he.get(String(done.page.querySelector('#job a.primary')?.getAttribute('href')))
  t.equal(content.body.trim().split('\r\n').length, 10_002)
  t.equal((await as('王芳')) && (await (await as('王芳')).get(String(asked.location))).status, 404)
  t.match(await db('events').where({ record_type: 'competitors', action: 'export' }).orderBy('id', 'desc').first(), {
    record_name: '10001 竞争对手.csv',
    user_name: '李雷',
  })

  t.not((await he.get('/competitors.csv')).location, asked.location, 'asked again later it is written anew')
  await he.get('/competitors.xlsx')
  const role = (await db('roles').where({ code: 'user' }).first('id')).id
  await db('role_permissions').where({ role_id: role, permission: 'competitors.export' }).delete()
  await bumpRevision(db)
  await app.runJobs()
  t.equal((await db('jobs').orderBy('id', 'desc').first()).state, 'failed', 'whose right was taken away meanwhile')
  t.equal((await db('made_files').where({ name: dated('竞争对手', 'xlsx') })).length, 0)
})

const competitor = (at: number) => ({
  name: `同行${at}号`,
  name_key: `同行${at}号`,
  name_pinyin: `tonghang${at}`,
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
  version: 1,
})

t.test('every list that has an export is known to the job, and writes the same file as the list itself', async (t) => {
  const routes = collectRoutes()
  const { db, app, as } = await buildExporting(t)
  await withCustomers(db, [{ name: '甲有限公司' }, { name: '乙有限公司' }])
  const she = await as('韩梅梅')
  const exported = routes.flatMap(({ url }) => /^(\/[\w-]+)\.xlsx$/.exec(url)?.[1] ?? [])
  t.same([...exportedLists().keys()].sort(), [...new Set(exported)].sort())
  const { id: user_id } = await db('users').where({ name: '韩梅梅' }).first('id')
  const job = async (payload: object) => {
    await db('jobs').insert({
      kind: 'export',
      title: '导出',
      state: 'waiting',
      payload: JSON.stringify(payload),
      done_count: 0,
      user_id,
      created_at: new Date().toISOString(),
      is_cancel_asked: false,
      takeover_count: 0,
    })
    await app.runJobs()
    const { payload: done } = await db('jobs').orderBy('id', 'desc').first('payload')
    return she.get(`${list}/${JSON.parse(done).file_id}/content`)
  }
  for (const [path, { permissions }] of exportedLists()) {
    if (path === '/audit-log') continue
    const asked = { path, query: '', ending: 'csv', permission: permissions.export, url: `${path}.csv` }
    t.equal((await job(asked)).body, (await she.get(`${path}.csv`)).body, path)
  }
  const narrowed = {
    path: '/customers',
    query: 'q=甲有限&columns=name',
    ending: 'xlsx',
    permission: 'customers.export',
  }
  const file = join(newFolder(t), 'narrow.xlsx')
  await writeFile(file, (await job(narrowed)).raw)
  t.same(await cellsIn(file), [['客户名称'], ['甲有限公司']])
})
