import t from 'tap'
import { fact, recordEvent } from '../../../src/kernel/history/history.ts'
import { create, fieldsIn } from '../../customers/customers/fixtures/customers.ts'
import { type Answer, buildTestApp } from '../../fixtures/app.ts'
import { write } from './fixtures/log.ts'

const rowsOf = ({ page }: Answer) =>
  page.querySelectorAll('.table tbody tr').map((row) =>
    row
      .querySelectorAll('td')
      .map((cell) => cell.text.trim())
      .slice(1),
  )

async function world(t: Parameters<typeof buildTestApp>[0]) {
  const made = await buildTestApp(t)
  const [admin, lilei] = [await made.as('韩梅梅'), await made.as('李雷')]
  const id = await create(admin, { phone: '0431-84978981' })
  await lilei.post(`/customers/${id}`, {
    ...fieldsIn(await lilei.get(`/customers/${id}/edit`)),
    phone: '0431-11111111',
  })
  const person = async (name: string) => (await made.db('users').where({ username: name }).first('id')).id as number
  return { ...made, admin, lilei, id, person }
}

t.test('the log tells who did what to which record, from where, and what stood there before', async (t) => {
  const { admin } = await world(t)
  const [newest] = rowsOf(await admin.get('/audit-log'))
  t.strictSame(newest, [
    '李雷',
    '127.0.0.1',
    '修改',
    '客户',
    '长春明日科技有限公司',
    '电话1：0431-84978981 → 0431-11111111',
  ])
})

t.test('each filter, alone and together', async (t) => {
  const { admin, person, id } = await world(t)
  const found = async (query: Record<string, string | number>) =>
    rowsOf(await admin.get(`/audit-log?per=100&${new URLSearchParams(query as Record<string, string>)}`))
  const lilei = await person('李雷')
  t.ok((await found({ user_id: lilei })).every(([who]) => who === '李雷'))
  t.ok((await found({ action: 'create' })).every(([, , action]) => action === '新增'))
  t.strictSame([...new Set((await found({ record_type: 'customers' })).map(([, , , kind]) => kind))], ['客户'])
  t.equal((await found({ user_id: lilei, action: 'update', record_type: 'customers' })).length, 1)
  t.equal((await found({ record: id, record_type: 'customers' })).length, 2)
  t.equal((await found({ record: '长春明日科技有限公司' })).length, 2)
  t.equal((await found({ record: 'KH000001' })).length, 2, 'by its code')
  t.equal((await found({ record: '李雷' })).length, 0, 'what he did is not about him')
  t.equal((await found({ record: '没有这条记录' })).length, 0)
  t.equal((await found({ record: "' or 1=1 --" })).length, 0)
})

t.test('a period counts whole days in China, both ends included', async (t) => {
  const { admin, db } = await world(t)
  await db('events').delete()
  await write(db, 1, { record_name: '夜里' })
  await write(db, 1, { record_name: '早上' })
  await db('events').where({ record_name: '夜里' }).update({ occurred_at: '2026-03-01T15:59:59.999Z' })
  await db('events').where({ record_name: '早上' }).update({ occurred_at: '2026-03-01T16:00:00.000Z' })
  const found = async (from: string, to: string) =>
    rowsOf(await admin.get(`/audit-log?occurred_on_from=${from}&occurred_on_to=${to}`)).map((row) => row[4])
  t.strictSame(await found('2026-03-01', '2026-03-01'), ['夜里'])
  t.strictSame(await found('2026-03-02', '2026-03-02'), ['早上'])
  t.strictSame(await found('2026-03-01', '2026-03-02'), ['早上', '夜里'])
  t.strictSame(await found('', '2026-03-01'), ['夜里'])
  t.strictSame(await found('2026-03-02', ''), ['早上'])
  t.strictSame(await found('2026-03-03', ''), [])
  const reversed = await admin.get('/audit-log?occurred_on_from=2026-03-02&occurred_on_to=2026-03-01')
  t.equal(reversed.status, 200)
  t.match(reversed.text, '「时间」的起始日期晚于结束日期，请对调。')
})

t.test('a filter that makes no sense is refused in words, and nothing is shown as if it were not there', async (t) => {
  const { admin } = await world(t)
  for (const [query, label] of [
    ['user_id=999999', '操作人'],
    ['user_id=x', '操作人'],
    ['action=nothing', '操作'],
    ['record_type=x', '类别'],
    ['occurred_on_from=2026-02-31', '时间'],
  ] as const) {
    const answer = await admin.get(`/audit-log?${query}`)
    t.strictSame([answer.status, rowsOf(answer)], [422, []], query)
    t.match(answer.page.querySelector('[role=alert]')?.text, label, query)
  }
})

t.test('who was not signed in has a filter too', async (t) => {
  const { admin, anyone } = await world(t)
  await anyone.post('/login', { username: '小偷', password: 'Wrong wrong 1' })
  t.strictSame(rowsOf(await admin.get('/audit-log?user_id=none')), [['小偷', '127.0.0.1', '登录失败', '', '', '']])
})

t.test('a record that is gone for good is found by its name and its id, and its entries open', async (t) => {
  const { admin, id, db } = await world(t)
  await admin.post(`/customers/${id}/deletion`, { version: 2 })
  await admin.post(`/recycle-bin/customers/${id}/purge`, { version: 3 })
  for (const record of ['长春明日科技有限公司', id])
    t.ok(rowsOf(await admin.get(`/audit-log?record=${encodeURIComponent(record)}`)).length >= 4, String(record))
  const purge = await db('events').where({ action: 'purge' }).first('id')
  const { status, page, text } = await admin.get(`/audit-log/${purge.id}`)
  t.equal(status, 200)
  t.notOk(page.querySelector(`a[href="/customers/${id}"]`), 'no link to what is not there')
  t.match(text, '长春明日科技有限公司')
  t.equal((await admin.get('/audit-log/2147483647')).status, 404)
  t.equal((await admin.get('/audit-log/abc')).status, 404)
})

t.test('an entry shows each field before and after, and its record', async (t) => {
  const { admin, id, db } = await world(t)
  const { id: entry } = await db('events').where({ record_type: 'customers', action: 'update' }).first('id')
  const { page } = await admin.get(`/audit-log/${entry}`)
  t.strictSame(
    page
      .querySelectorAll('.table tbody tr')
      .map((row) => row.querySelectorAll('th, td').map((cell) => cell.text.trim())),
    [['电话1', '0431-84978981', '0431-11111111']],
  )
  t.ok(page.querySelector(`a[href="/customers/${id}"]`))
})

t.test('it is printed and taken out with rights of their own, and each leaves an entry', async (t) => {
  const { admin, lilei, db, as } = await world(t)
  const nobody = await as('王芳')
  const paths = ['', '.xlsx', '.csv', '/print', '/1', '/verification', '/verification/print', '/cleanup']
  for (const path of paths)
    for (const one of [lilei, nobody]) t.equal((await one.get(`/audit-log${path}`)).status, 403, path)
  const role = await db('roles').where({ code: 'user' }).first('id')
  await db('role_permissions').insert({ role_id: role.id, permission: 'audit_log.view' })
  await db('revisions').increment('number', 1)
  const statuses = Object.fromEntries(
    await Promise.all(paths.map(async (path) => [path, (await lilei.get(`/audit-log${path}`)).status])),
  )
  t.strictSame(statuses, {
    '': 200,
    '.xlsx': 403,
    '.csv': 403,
    '/print': 403,
    '/1': 200,
    '/verification': 403,
    '/verification/print': 403,
    '/cleanup': 403,
  })
  t.notMatch((await lilei.get('/audit-log')).body, /audit-log\.csv|audit-log\/cleanup|audit-log\/verification/)
  const csv = (await admin.get('/audit-log.csv?action=update')).raw.toString()
  t.match(csv, '电话1：0431-84978981 → 0431-11111111')
  t.equal(csv.trim().split('\r\n').length, 2)
  t.match((await admin.get('/audit-log/print')).text, '打印人')
  const own = await db('events').where({ record_type: 'events' }).orderBy('id').select('action', 'record_name')
  t.strictSame(own, [
    { action: 'export', record_name: '1 操作日志.csv：操作 修改' },
    { action: 'print', record_name: '操作日志' },
  ])
  const [printed, exported] = rowsOf(await admin.get('/audit-log?record_type=events'))
  t.match(exported, ['韩梅梅', '127.0.0.1', '导出', '操作日志', '1 条', '操作日志.csv：操作 修改'])
  t.match(printed, ['韩梅梅', '127.0.0.1', '打印', '操作日志', '操作日志', ''])
})

t.test('nothing on any screen changes or deletes an entry', async (t) => {
  const { app, admin, db } = await world(t)
  const { id } = await db('events').orderBy('id', 'desc').first('id')
  for (const path of [`/audit-log/${id}`, '/audit-log', `/audit-log/${id}/deletion`, `/audit-log/${id}/edit`])
    t.equal((await admin.post(path, { version: 1 })).status, 404, path)
  await app.ready()
})

t.test('a content of two hundred signs is shown whole, a longer one says that it was cut', async (t) => {
  const { admin, db } = await world(t)
  const contentOf = async (reason: string) => {
    const changes = [fact('reason', reason)]
    await recordEvent(db, { id: null, name: 'x', address: null }, { action: 'update', record_type: 'tags', changes })
    return [...(rowsOf(await admin.get('/audit-log?record_type=tags'))[0]?.at(-1) ?? '')]
  }
  const label = (await contentOf('甲')).length - 1
  const whole = await contentOf('甲'.repeat(200 - label))
  t.same([whole.length, whole.at(-1)], [200, '甲'])
  const cut = await contentOf('甲'.repeat(201 - label))
  t.same([cut.length, cut.at(-1)], [201, '…'])
})

t.test('what people typed is text, also in the log', async (t) => {
  const { admin, db } = await world(t)
  await recordEvent(db, { id: null, name: '<script>', address: null }, { action: 'sign-in-failed' })
  const { page } = await admin.get('/audit-log')
  t.notOk(page.querySelector('td script'))
  await recordEvent(
    db,
    { id: null, name: 'x', address: null },
    {
      action: 'update',
      record_name: '=1+1',
      record_type: 'tags',
    },
  )
  t.match((await admin.get('/audit-log.csv?record_type=tags')).raw.toString(), /'=1\+1|"'=1/)
})

t.test('entries about a record are found by each name it stands under, of any module', async (t) => {
  const { admin, id, db, person } = await world(t)
  const wang = { id: await person('王芳'), name: '王芳', address: null }
  await recordEvent(db, wang, { action: 'unlock', record_type: 'users', record_id: wang.id })
  await db('users').where({ id: wang.id }).update({ username: 'WangF', username_key: 'wangf' })
  await admin.post('/roles', {
    name: '内勤',
    range_customers_view: 'own',
    range_customers_change: 'own',
    range_todos_view: 'own',
    range_todos_change: 'own',
  })
  await admin.post('/dictionaries/units', { label: '托', is_active: 'true', form_id: 'log-entry-1' })
  await admin.post('/departments', { name: '吉林分公司', branch_code: 'JL01', form_id: 'log-department' })
  await admin.post(`/customers/${id}/contacts`, { name: '单田芳', gender: '', form_id: 'log-contact-1' })
  await admin.post('/competitors', { name: '长春对手', form_id: 'log-competitor' })
  const { code } = await db('customers').where({ id }).first('code')
  for (const [record, kind] of [
    ['内勤', 'roles'],
    ['托', 'dictionary_entries'],
    ['吉林分公司', 'departments'],
    ['单田芳', 'contacts'],
    ['长春对手', 'competitors'],
    ['王芳', 'users'],
    ['wangF', 'users'],
    ['长春明日科技有限公司', 'customers'],
    [code.toLowerCase(), 'customers'],
  ]) {
    const found = await admin.get(`/audit-log?record=${encodeURIComponent(record)}&record_type=${kind}`)
    t.ok(rowsOf(found).length > 0, `${record} among ${kind}`)
  }
})
