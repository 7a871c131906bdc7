import { join } from 'node:path'
import t, { type Test } from 'tap'
import { buildApp } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { openDatabase } from '../../../src/kernel/db/open.ts'
import { sharedTurn, turnQueue } from '../../../src/kernel/db/write-queue.ts'
import { askForJob, findJob } from '../../../src/kernel/jobs/job.ts'
import { firstAccount } from '../../../src/people/users/first-account.ts'
import { type Browser, browser, password, placeInstallation } from '../../fixtures/app.ts'
import { newFolder } from '../../fixtures/folder.ts'
import { until } from '../../fixtures/patience.ts'
import { actor } from '../../fixtures/world.ts'
import { check, checkFile, formOf } from '../../operation/imports/fixtures/upload.ts'

const headings = ['客户名称', '客户编码', '联系人']
const rows = (count: number) =>
  Array.from({ length: count }, (_, index) => [`第${index}公司`, `M-${index}`, `张${index}`])

/** The program on a file, with its jobs in a thread, as it is started. */
async function world(t: Test) {
  const dataDir = newFolder(t)
  const config = readConfig({ DATA_DIR: dataDir })
  await placeInstallation(join(dataDir, 'kehu.db'))
  const start = async () => {
    const turns = turnQueue()
    const db = openDatabase(config.database, { writing: sharedTurn(turns.place()) })
    const app = await buildApp(config, db, { workplace: { turns } })
    await app.ready()
    const close = async () => {
      await app.close()
      await db.destroy()
    }
    return { app, db, close }
  }
  const first = await start()
  const one = browser(first.app, {})
  await one.post('/login', { username: firstAccount.username, password })
  return { ...first, one, start }
}

const threads = () => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length

const taking = async (one: Browser, location: string, choices: Record<string, string> = {}) =>
  one.post(`${location}/execution`, { ...formOf(await one.get(location), 'form[action$=execution]'), ...choices })

t.test('while a thread takes rows in, others read and save; all is there in the end', async (t) => {
  const { db, one, close } = await world(t)
  const before = threads()
  const { location } = await check(one, headings, rows(2000))
  t.equal(threads(), before + 1, 'one thread, which is not that of the pages')
  await taking(one, location)
  const owner_id = String((await db('users').first('id')).id)
  const form = (index: number) => ({ name: `别人${index}`, kind: 'company', registered_on: '2026-05-04', owner_id })
  for (let index = 0; index < 20; index++) {
    t.equal((await one.post('/customers', form(index))).status, 303)
    t.equal((await one.get('/customers')).status, 200)
  }
  await until(async () => /新增 2,000 条/.test((await one.get(location)).text))
  t.equal((await db('customers')).length, 2020)
  t.equal((await db('tallies').where({ module: 'customers', name: 'all' }).first()).row_count, 2020)
  t.equal(new Set(await db('customers').pluck('code')).size, 2020)
  await close()
})

t.test('stopped in the middle, the thread of the next start goes on', async (t) => {
  const { db, one, close, start } = await world(t)
  // Without codes, and each as a new customer: a row that is taken twice is there twice.
  const uncoded = rows(3000).map((row) => row.with(1, ''))
  const { location } = await check(one, headings, uncoded)
  await taking(one, location, { existing: 'add', phone: 'add' })
  await until(async () => (await db('customers').first('id')) !== undefined)
  await close()
  const next = await start()
  const again = browser(next.app, one.cookies)
  await until(async () => /新增 [\d,]+ 条，更新/.test((await again.get(location)).text))
  t.same(
    await next.db('customers').orderBy('id').pluck('name'),
    rows(3000).map(([name]) => name),
    'none lost, none twice, in order',
  )
  t.equal((await next.db('events').where({ action: 'import' })).length, 1)
  await next.close()
})

t.test('once the program is closing no thread is begun any more, whoever asks for work', async (t) => {
  const { app, db, close } = await world(t)
  const user_id = (await db('users').first('id')).id
  await app.close()
  const before = threads()
  const job = await askForJob(db, { kind: 'none', title: '晚了', payload: {}, actor: { ...actor, id: user_id } })
  app.wakeJobs()
  t.match(await findJob(db, job), { state: 'waiting' })
  t.equal(threads(), before)
  await close()
})

const csv = (lines: string[]) => `${['客户名称,客户编码,联系人,备注', ...lines].join('\n')}\n`
/** More than a megabyte. */
const long = rows(1500).map((row) => [...row, '注'.repeat(300)].join(','))

t.test('a large file is read by a thread of its own: wrong rows, those that are right, and its end', async (t) => {
  const { db, one, close } = await world(t)
  const wrong = ['第1500公司,M-1500,张1500,', ',M-1501,张1501,']
  const { location, text } = await checkFile(one, csv([...long, ...wrong]), { fileName: '客户.csv' })
  t.match(text, '1,501 行正确，1 行有误')
  await taking(one, location)
  await until(async () => /新增 1,501 条/.test((await one.get(location)).text))
  const last = await db('customers').orderBy('id', 'desc').first('code', 'name', 'name_pinyin', 'name_initials')
  t.same(last, { code: 'M-1500', name: '第1500公司', name_pinyin: 'di1500gongsi', name_initials: 'd1500gs' })
  t.equal((await db('contacts').orderBy('id', 'desc').first('name_pinyin')).name_pinyin, 'zhang1500')
  await close()
})

t.test('a large file that cannot be read to its end ends with a sentence', async (t) => {
  const { one, close } = await world(t)
  const { text } = await checkFile(one, csv([...long, `${','.repeat(1001)}x`]), { fileName: '客户.csv' })
  t.match(text, '文件展开后过大，无法读取')
  await close()
})
