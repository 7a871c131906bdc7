import t from 'tap'
import { insertWithIds } from '../../../src/kernel/db/schema.ts'
import { changeSettings } from '../../../src/kernel/settings/settings.ts'
import { breakAction } from '../../../src/operation/audit-log/breaks.ts'
import { retentionDays } from '../../../src/operation/audit-log/retention.ts'
import { sealEvents } from '../../../src/operation/audit-log/sealer.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { verify, write } from './fixtures/log.ts'

const whole = '完好：没有日志被改动、删除或添加。'

async function world(t: Parameters<typeof buildTestApp>[0]) {
  const made = await buildTestApp(t)
  const { app, db, as } = made
  await write(db, 30, { record_name: '旧' }, 800)
  await write(db, 5, { record_name: '新' }, 700)
  const admin = await as('韩梅梅')
  await sealEvents(db, app.config)
  const clean = async () => {
    const answer = await admin.post('/audit-log/cleanup')
    await app.runJobs()
    return answer
  }
  return { ...made, admin, clean }
}

t.test('only what is older than the retention goes, after a page that says what', async (t) => {
  const { db, admin, clean } = await world(t)
  const page = await admin.get('/audit-log/cleanup')
  t.match(page.text, '日志保留 730 天')
  t.match(page.text, '将删除最早的 30 条日志')
  t.equal(
    await db('events')
      .where({ record_name: '旧' })
      .count({ n: '*' })
      .first()
      .then((row) => row?.n),
    30,
  )
  const { location } = await clean()
  t.match((await admin.get(location as string)).text, '清理了 30 条日志。')
  t.equal((await db('events').where({ record_name: '旧' })).length, 0)
  t.equal((await db('events').where({ record_name: '新' })).length, 5)
  const entry = await db('events').where({ action: 'cleanup' }).first()
  t.match(entry, { user_name: '韩梅梅', record_type: 'events' })
  const shown = await admin.get(`/audit-log/${entry.id}`)
  for (const words of ['清理至序号', '清理条数', '清理处校验值', '清理至时间', '完好'])
    t.ok(shown.text.includes(words), words)
})

t.test('what is left is still whole, and a change or a gap in it is still found', async (t) => {
  const { db, admin, clean } = await world(t)
  await clean()
  t.match(await verify(admin), whole)
  t.match((await admin.get('/audit-log/verification')).text, '起始序号31')
  const { event_id } = await db('event_links').where({ sequence: 31 }).first()
  await db('events').where({ id: event_id }).delete()
  await db('event_links').where({ event_id }).delete()
  t.match(await verify(admin), '从第 31 条起缺少 1 条。')
})

t.test('a beginning that was removed without a cleanup is missing', async (t) => {
  const { db, admin } = await world(t)
  await db('events').where('id', '<=', 30).delete()
  await db('event_links').where('sequence', '<=', 30).delete()
  t.match(await verify(admin), '从第 1 条起缺少 30 条。')
})

t.test('a cleanup says what it found wrong in what it removes', async (t) => {
  const { db, admin, clean } = await world(t)
  await db('events').where({ id: 7 }).update({ user_name: '别人' })
  await clean()
  const entry = await db('events').where({ action: 'cleanup' }).first()
  t.match((await admin.get(`/audit-log/${entry.id}`)).text, '第 7 条（编号 7）的内容或校验值被改动。')
  t.match(await verify(admin), whole)
})

t.test('what a stop left behind is not part of the chain and goes with the next cleanup', async (t) => {
  const { db, admin, clean } = await world(t)
  const [events, links] = [
    await db('events').where('id', '<=', 10),
    await db('event_links').where('sequence', '<=', 10),
  ]
  await clean()
  await insertWithIds(db, { name: 'events', isNumbered: true }, events)
  await db('event_links').insert(links)
  t.match(await verify(admin), whole)
  t.match((await admin.get('/audit-log/cleanup')).text, '还有 10 条已不属于日志链的旧日志没有删除')
  await clean()
  t.equal((await db('events').where('id', '<=', 10)).length, 0)
  t.equal((await db('events').where({ action: 'cleanup' })).length, 1, 'it was said already')
  await insertWithIds(db, { name: 'events', isNumbered: true }, events)
  await db('event_links').insert(links)
  await write(db, 2, { record_name: '旧' }, 790)
  await changeSettings(db, { logRetentionDays: 600 })
  await clean()
  t.equal((await db('events').where('id', '<=', 35)).length, 0)
  t.match(await verify(admin), whole)
})

t.test('no retention is shorter than 180 days, whatever stands in the settings', async (t) => {
  const { db, as, admin } = await world(t)
  const form = await admin.get('/settings')
  t.equal(form.page.querySelector('[name=logRetentionDays]')?.getAttribute('value'), '730')
  const fields = Object.fromEntries(
    form.page
      .querySelectorAll('#settings input[name]')
      .map((one) => [one.getAttribute('name'), one.getAttribute('value')]),
  )
  for (const days of ['179', '0', '-1', '', 'x', '1e3', '99999']) {
    const answer = await admin.post('/settings', { ...fields, logRetentionDays: days } as Record<string, string>)
    t.equal(answer.status, 422, days)
    t.match(answer.page.querySelector('#settings-logRetentionDays-error')?.text, /180|填写|整数/)
  }
  for (const logRetentionDays of [179, 0, -5, Number.NaN, null as never])
    t.equal(retentionDays({ logRetentionDays }), 180)
  await changeSettings(db, { logRetentionDays: 1 })
  t.match((await admin.get('/audit-log/cleanup')).text, '日志保留 180 天')
  t.equal((await (await as('李雷')).get('/audit-log/cleanup')).status, 403)
})

t.test('a gap in what was cleaned up is named by every check after it, whoever cleans up next', async (t) => {
  const { app, db, admin, clean } = await world(t)
  const broken = { action: breakAction, record_type: 'events' }
  await write(db, 1, broken, 790)
  await write(db, 2, {}, 780)
  await sealEvents(db, app.config)
  t.match(await verify(admin), '记着一处断开')
  for (const logRetentionDays of [750, 650]) {
    await changeSettings(db, { logRetentionDays })
    await clean()
    t.match(await verify(admin), '记着一处断开', `kept for ${logRetentionDays} days`)
  }
  t.equal((await db('events').where(broken)).length, 0, 'the entry itself is gone')
})

t.test('a cleanup does not hide that the end before it was cut off', async (t) => {
  const { db, admin, clean } = await world(t)
  const cut = () => db('event_links').where('sequence', '>', 30)
  await db('events').whereIn('id', cut().select('event_id')).delete()
  await cut().delete()
  const { event_id, hash } = await db('event_links').where({ sequence: 30 }).first()
  await db('event_chain').update({ sequence: 30, hash, seen_id: event_id, settled_id: event_id })
  await write(db, 20, { record_name: '旧' }, 790)
  await clean()
  t.equal((await db('events').where({ record_name: '旧' })).length, 0)
  t.match(await verify(admin), '记着一处断开')
})

t.test('with nothing old enough there is nothing to press', async (t) => {
  const { as, db } = await buildTestApp(t)
  await write(db, 3, {}, 100)
  const admin = await as('韩梅梅')
  const page = await admin.get('/audit-log/cleanup')
  t.match(page.text, '没有超过保留期限的日志')
  t.notOk(page.page.querySelector('main form:not(.undo)'))
  t.match(await admin.post('/audit-log/cleanup'), { status: 303, location: '/audit-log/cleanup' })
  t.equal((await db('events').where({ action: 'cleanup' })).length, 0)
})
