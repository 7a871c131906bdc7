import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { buildApp } from '../../../src/app.ts'
import { text } from '../../../src/texts/index.ts'
import { browser, buildTestApp } from '../../fixtures/app.ts'
import { check, finished, formOf, take, upload, xlsx } from './fixtures/upload.ts'

const many = Array.from({ length: 2500 }, (_, index) => [
  `第${index}公司`,
  index % 100 === 50 ? 'nobody' : '',
  `M-${index}`,
  `张${index}`,
])
const headings = ['客户名称', '邮箱', '客户编码', '联系人']
const rightCodes = many.filter(([, mail]) => mail === '').map(([, , code]) => code)

const world = async (t: Parameters<typeof buildTestApp>[0]) => {
  const { app, db, as } = await buildTestApp(t)
  const codes = () => db('customers').orderBy('id').pluck('code')
  return { app, db, one: await as('韩梅梅'), codes, folder: join(app.config.dataDir, 'imports') }
}
type World = Awaited<ReturnType<typeof world>>

/** The program as it starts again on the same data. */
const restarted = async (t: { teardown(work: () => unknown): void }, { app, one }: World) => {
  const again = await buildApp(app.config, app.db)
  t.teardown(() => again.close())
  return { again, one: browser(again, one.cookies) }
}

/** Sends the form of a checked import, and goes on when the first batch is in. */
async function begun({ one, codes }: World, location: string, choices: Record<string, string> = {}) {
  const form = formOf(await one.get(location), 'form[action$=execution]')
  const execution = one.post(`${location}/execution`, { ...form, ...choices })
  while ((await codes()).length === 0) await new Promise(setImmediate)
  return execution
}

async function isWhole(test: Pick<typeof t, 'same' | 'equal'>, { db, codes }: World) {
  test.same(await codes(), rightCodes, 'none lost, none twice')
  test.equal((await db('contacts')).length, 2475)
  test.equal((await db('import_rows')).length, 2 * 2475)
}

t.test('2,500 rows go through batches, in order', async (t) => {
  const { one, codes, db } = await world(t)
  const checked = await check(one, headings, many)
  t.match(checked.text, '2,475 行正确，25 行有误')
  t.match((await one.get(`${checked.location}?per=10&page=3`)).text, '第 21–25 条')
  t.match((await take(one, checked.location)).text, '新增 2,475 条，更新 0 条，跳过已有的 0 条，25 行有误')
  t.same(await codes(), rightCodes)
  t.equal((await db('tallies').where({ module: 'customers', name: 'all' }).first()).row_count, 2475)
})

t.test('two clicks at once take the rows once', async (t) => {
  const { one, codes, db } = await world(t)
  const { location } = await check(one, headings, many.slice(0, 500))
  const answers = await Promise.all([1, 2, 3].map(() => one.post(`${location}/execution`)))
  t.same(
    answers.map(({ status }) => status),
    [303, 303, 303],
  )
  await take(one, location)
  t.same(await codes(), rightCodes.slice(0, 495))
  t.equal((await db('events').where({ action: 'import' })).length, 1)
})

t.test('the same form sent twice stores one file', async (t) => {
  const { one, db, folder } = await world(t)
  const file = await xlsx(headings, many.slice(0, 3))
  const [first, second] = [
    await upload(one, file, { formId: 'the-same-form' }),
    await upload(one, file, { formId: 'the-same-form' }),
  ]
  t.equal(first.location, second.location)
  t.equal((await db('imports')).length, 1)
  t.equal(readdirSync(folder).length, 1)
})

t.test('stopped in the middle: another server goes on, nothing is lost or twice', async (t) => {
  const here = await world(t)
  const { location } = await check(here.one, headings, many)
  const execution = begun(here, location)
  while ((await here.codes()).length === 0) await new Promise(setImmediate)
  await here.app.close()
  await execution
  const before = (await here.codes()).length
  t.ok(before > 0 && before < 2475, `${before} taken`)
  const { again, one } = await restarted(t, here)
  t.match((await one.get(location)).text, '正在导入')
  await again.runJobs()
  t.match((await one.get(location)).text, '新增 2,475 条')
  await isWhole(t, here)
})

/** Rows that nothing but their place in the file tells apart: one that is taken twice is there twice. */
const alike = Array.from({ length: 2500 }, (_, index) => ['同名公司', '', '', `张${index}`])
const people = alike.map(([, , , name]) => name)
const asNew = { existing: 'add', phone: 'add' }

t.test('stopped in the middle, rows without codes are gone on with exactly where it stopped', async (t) => {
  const here = await world(t)
  const { location } = await check(here.one, headings, alike)
  const execution = begun(here, location, asNew)
  while ((await here.codes()).length === 0) await new Promise(setImmediate)
  await here.app.close()
  await execution
  const before = (await here.codes()).length
  t.ok(before > 0 && before < 2500, `${before} taken`)
  const { again } = await restarted(t, here)
  await again.runJobs()
  t.strictSame(await here.db('contacts').orderBy('id').pluck('name'), people, 'none lost, none twice, in order')
})

t.test('a server that was silent for too long does not go on beside the one that took over', async (t) => {
  const here = await world(t)
  const { db } = here
  const { location } = await check(here.one, headings, alike)
  const execution = begun(here, location, asNew)
  while ((await here.codes()).length === 0) await new Promise(setImmediate)
  const { again } = await restarted(t, here)
  const job = () => db('jobs').where({ kind: 'import-taking' }).first('leased_by', 'state', 'takeover_count')
  const { leased_by } = await job()
  let other: Promise<void> | undefined
  while ((await job()).leased_by === leased_by) {
    await db('jobs').where({ kind: 'import-taking' }).update({ lease_until_at: '2020-01-01T00:00:00.000Z' })
    other = again.runJobs()
  }
  const before = (await here.codes()).length
  t.ok(before < 2500, `${before} taken`)
  await Promise.all([execution, other])
  while ((await job()).state === 'running') await new Promise(setImmediate)
  await here.app.runJobs()
  t.strictSame(await db('contacts').orderBy('id').pluck('name'), people, 'none lost, none twice, in order')
  t.equal((await db('imports').first('rows_taken')).rows_taken, 2500)
})

t.test('killed in the middle: whoever comes next goes on when the lease is over', async (t) => {
  const here = await world(t)
  const { location } = await check(here.one, headings, many)
  const stop = new Error('killed')
  const { db } = here
  let inserts = 0
  // The process dies in one of the first batches: its transaction is lost, and nothing more is written.
  db.on('query', ({ sql }: { sql: string }) => {
    if (/^insert into `customers`/.test(sql) && ++inserts === 40) throw stop
  })
  const form = formOf(await here.one.get(location), 'form[action$=execution]')
  await here.one.post(`${location}/execution`, form).catch(() => {})
  db.removeAllListeners('query')
  const before = (await here.codes()).length
  t.ok(before > 0 && before < 2475, `${before} taken`)
  await db('jobs')
    .where({ kind: 'import-taking' })
    .update({ state: 'running', outcome: null, lease_until_at: '2020-01-01T00:00:00.000Z' })
  await here.app.runJobs()
  t.match((await here.one.get(location)).text, '新增 2,475 条')
  await isWhole(t, here)
})

t.test('cancelled in the middle: what is in stays, and it can be gone on with', async (t) => {
  const here = await world(t)
  const { one, db, app, codes } = here
  const { location } = await check(one, headings, many)
  const execution = begun(here, location)
  while ((await codes()).length === 0) await new Promise(setImmediate)
  const { job_id } = await db('imports').first('job_id')
  t.equal((await one.post(`/jobs/${job_id}/cancellation`)).status, 303)
  await execution
  await app.runJobs()
  const cancelled = await one.get(location)
  const before = (await codes()).length
  t.ok(before > 0 && before < 2475, `${before} taken`)
  t.match(cancelled.text, new RegExp(`已取消：此前已新增 ${before.toLocaleString('en')} 条.*继续.*撤销导入`))
  t.match((await one.get('/imports')).text, '已取消')
  await one.post(`${location}/execution`)
  await app.runJobs()
  await isWhole(t, here)
})

t.test('two imports at once', async (t) => {
  const here = await world(t)
  const half = (from: number) => many.filter((_, index) => index % 2 === from)
  const [first, second] = [await check(here.one, headings, half(0)), await check(here.one, headings, half(1))]
  await Promise.all([take(here.one, first.location), take(here.one, second.location), here.app.runJobs()])
  await here.app.runJobs()
  t.same((await here.codes()).sort(), rightCodes.toSorted())
  t.equal((await here.db('events').where({ action: 'import' })).length, 2)
})

t.test('a check that was stopped begins anew', async (t) => {
  const here = await world(t)
  const { location } = await check(here.one, headings, many)
  await here.db('imports').update({ state: 'checking', next_row: 1000, rows_right: 7, rows_wrong: 10 })
  await here.db('jobs').update({ state: 'failed', outcome: '停电' })
  await here.db('import_errors').where('row_number', '>', 1000).delete()
  const { one } = await restarted(t, here)
  t.match((await one.get(location)).text, /停电 处理已中断.*继续/)
  await one.post(`${location}/execution`)
  t.match((await finished(one, location)).text, '2,475 行正确，25 行有误')
  t.equal((await here.db('import_errors')).length, 25)
})

t.test('a file that is gone is told', async (t) => {
  const { one, db } = await world(t)
  const { location } = await check(one, headings, many.slice(0, 2))
  await db('imports').update({ stored_name: 'not-there.xlsx' })
  t.match((await take(one, location)).text, '上传的文件已不在服务器上')
})

t.test('a fault of the program keeps the file: the import can be gone on with', async (t) => {
  const { one, db, app, folder } = await world(t)
  const { location } = await check(one, headings, many.slice(0, 2))
  await db.schema.renameTable('import_rows', 'elsewhere')
  t.match((await take(one, location)).text, text.jobs.fault)
  await db.schema.renameTable('elsewhere', 'import_rows')
  t.equal(readdirSync(folder).length, 1)
  await one.post(`${location}/execution`)
  await app.runJobs()
  t.match((await one.get(location)).text, '新增 2 条')
})

t.test('what ends its server again and again without coming further is given up', async (t) => {
  const here = await world(t)
  const { location } = await check(here.one, headings, many.slice(0, 20))
  const { job_id: id } = await here.db('imports').first('job_id')
  const lost = { state: 'running', lease_until_at: '2020-01-01T00:00:00.000Z', outcome: null }
  await here.db('imports').update({ state: 'checking' })
  await here
    .db('jobs')
    .where({ id })
    .update({ ...lost, takeover_count: 4 })
  await here.app.runJobs()
  t.match(await here.db('jobs').where({ id }).first(), { state: 'done', takeover_count: 0 }, 'the fifth time went well')
  await here.db('imports').update({ state: 'checking' })
  await here
    .db('jobs')
    .where({ id })
    .update({ ...lost, takeover_count: 5 })
  await here.app.runJobs()
  t.match((await here.one.get(location)).text, '中断了 5 次，已停止重试')
})
