import t from 'tap'
import { buildTestApp } from '../../fixtures/app.ts'
import { create, fieldsIn } from './fixtures/customers.ts'

t.test('the card tells who did what, from where, and what stood there before', async (t) => {
  const { db, as } = await buildTestApp(t)
  const [admin, lilei, nobody] = [await as('韩梅梅'), await as('李雷'), await as('王芳')]
  const [level] = await db('dictionary_entries').where({ dictionary: 'customer-levels' }).select('id', 'label')
  const id = await create(admin, { phone: '0431-84978981' })
  const change = {
    ...fieldsIn(await lilei.get(`/customers/${id}/edit`)),
    phone: '0431-11111111',
    level_id: level.id,
    city_code: '220100',
    credit_limit_cents: '7000',
  }
  await lilei.post(`/customers/${id}`, change)
  await admin.post(`/customers/${id}/deletion`, fieldsIn(await admin.get(`/customers/${id}/deletion`)))
  await admin.post(
    `/recycle-bin/customers/${id}/restoration`,
    fieldsIn(await admin.get(`/recycle-bin/customers/${id}/restoration`)),
  )
  const { page } = await admin.get(`/customers/${id}/history`)
  const lines = page.querySelectorAll('.history > li').map((item) => item.text.replace(/\s+/g, ' ').trim())
  t.strictSame(
    lines.map((line) => line.replace(/^[\d-]{10} [\d:]{5} ?/, '').slice(0, 20)),
    [
      '韩梅梅 恢复 127.0.0.1',
      '韩梅梅 删除 127.0.0.1',
      lines[2]?.replace(/^[\d-]{10} [\d:]{5} ?/, '').slice(0, 20),
      '韩梅梅 新增 127.0.0.1',
    ].map((line) => line?.slice(0, 20)),
  )
  t.match(lines[2], /李雷 修改 127\.0\.0\.1/)
  for (const words of [
    '电话1: 0431-84978981 → 0431-11111111',
    `客户级别: （空） → ${level.label}`,
    '城市: （空） → 长春市',
    '信用额度(元): （空） → 7,000.00',
  ])
    t.ok(lines[2]?.includes(words), words)
  t.notMatch(lines[2], '客户名称', 'only what was changed')
  const refused = await nobody.get(`/customers/${id}/history`)
  t.equal(refused.status, 403)
  t.notMatch(refused.body, '0431')
})

t.test('a purge, a print and an export are kept too', async (t) => {
  const { db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const id = await create(admin)
  await admin.get(`/customers/${id}/print`)
  await admin.get('/customers/print')
  await admin.get('/customers.csv')
  await admin.post(`/customers/${id}/deletion`, { version: 1 })
  await admin.post(`/recycle-bin/customers/${id}/purge`, { version: 2 })
  const events = await db('events')
    .where({ record_type: 'customers' })
    .orderBy('id')
    .select('action', 'record_id', 'user_name', 'record_name')
  t.strictSame(
    events.map(({ action }) => action),
    ['create', 'print', 'print', 'export', 'delete', 'purge'],
  )
  t.match(events.at(-1), { record_id: id, user_name: '韩梅梅', record_name: '长春明日科技有限公司' })
})
