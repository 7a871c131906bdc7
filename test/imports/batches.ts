import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { buildApp } from '../../src/app.ts'
import { claimImport, type Import } from '../../src/imports/import.ts'
import { takeImport } from '../../src/imports/take.ts'
import { type Browser, browser, buildTestApp } from '../fixtures/app.ts'
import { check, finished, take, upload, xlsx } from './fixtures/upload.ts'

const many = Array.from({ length: 2500 }, (_, index) => [
  `第${index}公司`,
  index % 100 === 50 ? '钻石' : '',
  `M-${index}`,
])
const headings = ['客户名称', '客户级别', '客户编码']
const rightCodes = many.filter(([, level]) => level === '').map(([, , code]) => code)

const world = async (t: Parameters<typeof buildTestApp>[0]) => {
  const { app, db, as } = await buildTestApp(t)
  const codes = () => db('customers').orderBy('id').pluck('code')
  const actor = { id: 1, name: '韩梅梅', address: null }
  return { app, db, one: await as('韩梅梅'), codes, actor, folder: join(app.config.dataDir, 'imports') }
}

/** The program as it starts again on the same data. */
const restarted = async (
  t: { teardown(work: () => unknown): void },
  { app, one }: Awaited<ReturnType<typeof world>>,
): Promise<Browser> => {
  const again = await buildApp(app.config, app.db)
  t.teardown(() => again.close())
  return browser(again, one.cookies)
}

t.test('2,500 rows go through batches, in order', async (t) => {
  const { one, codes, db } = await world(t)
  const checked = await check(one, headings, many)
  t.match(checked.text, '2,475 行正确，25 行有误')
  t.match((await one.get(`${checked.location}?page=3`)).text, '第 21–25 条')
  t.match((await take(one, checked.location)).text, '已导入 2,475 个客户，25 行有误')
  t.same(await codes(), rightCodes)
  t.equal((await db('customer_tallies').where({ name: 'all' }).first()).customer_count, 2475)
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
    await upload(one, file, 'a.xlsx', 'the-same-form'),
    await upload(one, file, 'a.xlsx', 'the-same-form'),
  ]
  t.equal(first.location, second.location)
  t.equal((await db('imports')).length, 1)
  t.equal(readdirSync(folder).length, 1)
})

t.test('stopped in the middle and begun again: nothing is lost or twice', async (t) => {
  const here = await world(t)
  const { location } = await check(here.one, headings, many)
  const execution = here.one.post(`${location}/execution`)
  while ((await here.codes()).length === 0) await new Promise(setImmediate)
  await here.app.close()
  await execution
  const before = (await here.codes()).length
  t.ok(before > 0 && before < 2475, `${before} taken`)
  const one = await restarted(t, here)
  const stalled = await one.get(location)
  t.match(stalled.text, '处理已中断')
  t.match(stalled.text, '继续')
  t.match((await take(one, location)).text, '已导入 2,475 个客户，25 行有误')
  t.same(await here.codes(), rightCodes)
  // The page may be quicker than the removal of the file; without one this never ends.
  while (readdirSync(here.folder).length > 0) await new Promise(setImmediate)
})

t.test('after a crash it is gone on with only when the other one is silent for long', async (t) => {
  const { one, db, codes, actor, folder } = await world(t)
  const { location } = await check(one, headings, many)
  const id = Number(location.split('/').at(-1))
  const imported = (await claimImport(db, id)) as Import
  let batches = 0
  // A worker that dies after three batches and notes nothing down.
  await takeImport({
    db,
    imported,
    path: join(folder, imported.stored_name ?? ''),
    actor,
    isStopping: () => batches++ === 3,
  })
  t.equal((await codes()).length, 594)
  t.match((await one.get(location)).text, /正在导入，已导入 594 \/ 2,475 行.*刷新/)
  await one.post(`${location}/execution`)
  t.equal((await codes()).length, 594, 'it may still be alive')
  await db('imports')
    .where({ id })
    .update({ beat_at: new Date(Date.now() - 61_000).toISOString() })
  await take(one, location)
  t.same(await codes(), rightCodes)
})

t.test('two at work on one import do nothing twice', async (t) => {
  const { db, one, codes, actor, folder } = await world(t)
  const { location } = await check(one, headings, many.slice(0, 1000))
  const id = Number(location.split('/').at(-1))
  const claimed = (await claimImport(db, id)) as Import
  t.equal(await claimImport(db, id), undefined, 'it cannot be claimed twice')
  const path = join(folder, claimed.stored_name ?? '')
  const job = () => ({ db, imported: { ...claimed }, path, actor, isStopping: () => false })
  const results = await Promise.allSettled([takeImport(job()), takeImport(job())])
  t.ok(
    results.some(({ status }) => status === 'rejected'),
    'one is overtaken',
  )
  await db('imports').where({ id, state: 'taking' }).update({ beat_at: null })
  await take(one, location)
  t.same(await codes(), rightCodes.slice(0, 990))
})

t.test('a check that was stopped begins anew', async (t) => {
  const here = await world(t)
  const { location = '' } = await check(here.one, headings, many)
  await here.db('imports').update({ state: 'checking', next_row: 1000, rows_right: 7, rows_wrong: 10, beat_at: null })
  await here.db('import_errors').where('row_number', '>', 1000).delete()
  const one = await restarted(t, here)
  t.match((await one.get(location)).text, '继续')
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
