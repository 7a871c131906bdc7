import t from 'tap'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import { addMany, idsIn, totalIn } from '../../customers/customers/fixtures/customers.ts'
import { type Answer, type Browser, buildTestApp } from '../../fixtures/app.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'

const company = async () => {
  const { app, db, as } = await buildTestApp(t)
  const levels: number[] = await db('dictionary_entries')
    .where({ dictionary: 'customer-levels' })
    .orderBy('id')
    .pluck('id')
  const [han, li, wang] = [await as('韩梅梅'), await as('李雷'), await as('王芳')]
  return { app, db, levels: levels as [number, number, ...number[]], han, li, wang }
}
const { app, db, levels, han, li, wang } = await company()
const [low, high] = levels

const select = async (browser: Browser, form: Record<string, string | number | string[]>) =>
  (await browser.post('/customers/selections', { query: '', scope: 'rows', ...form })).location as string
const formId = ({ page }: Answer) =>
  page.querySelector('main form:not(.undo) input[name=form_id]')?.getAttribute('value') as string
/** The page that says what would happen before it does. */
const ask = (browser: Browser, location: string, form: Record<string, string | number> = {}) =>
  browser.get(`${location}?${new URLSearchParams(form as Record<string, string>)}`)
const send = async (browser: Browser, location: string, form: Record<string, string | number> = {}) => {
  const answer = await browser.post(location, { ...form, form_id: formId(await ask(browser, location, form)) })
  return { answer, said: (await browser.get(answer.location as string)).page.querySelector('#flash')?.text.trim() }
}
const levelOf = async (ids: number[]) => db('customers').whereIn('id', ids).orderBy('id').pluck('level_id')

t.test('ticked rows get another level, each with its history, tally and search', async (t) => {
  const ids = await addMany(
    db,
    ['甲', '乙', '丙'].map((name) => ({ name: `${name}公司`, level_id: low })),
  )
  const list = await han.get('/customers')
  t.equal(list.page.querySelectorAll('#list tbody input[name=ids]').length, 3)
  const location = await select(han, { ids: ids.slice(0, 2).map(String), act: 'level_id' })
  t.match(location, /^\/customers\/selections\/\d+\/changes\/level_id$/)
  t.match((await han.get(location)).text, /2 个客户/)
  const { answer, said } = await send(han, location, { level_id: high })
  t.equal(answer.status, 303)
  t.match(said, /完成 2 个客户。/)
  t.strictSame(await levelOf(ids), [high, high, low])
  const [card, event] = [
    await han.get(`/customers/${ids[0]}/history`),
    await db('events').where({ record_id: ids[0], action: 'update' }),
  ]
  t.match(card.text, /客户级别/)
  t.match(event, [{ record_version: 2, user_name: '韩梅梅' }])
  t.equal((await db('customers').where({ id: ids[0] }).first('version')).version, 2)
  t.equal(totalIn(await han.get(`/customers?level_id=${high}`)), 2)
  t.strictSame(idsIn(await han.get(`/customers?level_id=${low}&kind=company`)), [ids[2]])
  const again = await send(han, await select(han, { ids: ids.map(String), act: 'level_id' }), { level_id: high })
  t.match(again.said, /完成 1 个客户，2 个原已如此。/)
  const refused = await han.post(await select(han, { ids: ids.map(String), act: 'level_id' }), { level_id: '999999' })
  t.equal(refused.status, 422)
})

t.test('a form sent twice works once; rows that others changed or removed since are skipped and counted', async (t) => {
  const ids = await addMany(
    db,
    ['丁', '戊', '己'].map((name) => ({ name: `${name}公司` })),
  )
  const location = await select(han, { ids: ids.map(String), act: 'status_id' })
  const status = (await db('dictionary_entries').where({ dictionary: 'customer-states' }).first('id')).id
  const form_id = formId(await ask(han, location, { status_id: status }))
  await send(han, await select(han, { ids: [String(ids[0])], act: 'level_id' }), { level_id: low })
  await han.post(`/customers/${ids[1]}/deletion`, { version: '1' })
  const first = await han.post(location, { status_id: status, form_id })
  t.match((await han.get(first.location as string)).text, /完成 1 个客户，2 个已被他人修改或删除而跳过。/)
  const second = await han.post(location, { status_id: status, form_id })
  t.equal(second.location, first.location)
  t.equal((await db('events').where({ record_id: ids[2], action: 'update' })).length, 1)
})

t.test('a tag that is missing is made where it is given, by who may', async (t) => {
  const ids = await addMany(db, [{ name: '新签甲公司' }, { name: '新签乙公司' }])
  const form = await select(han, { ids: ids.map(String), act: 'tag' })
  const page = (await han.get(form)).page
  t.equal(page.querySelector('#making')?.getAttribute('action'), `${form}/options`)
  t.notOk(
    (await han.get(await select(han, { ids: ids.map(String), act: 'tag_removed' }))).page.querySelector('#making'),
    'nothing new is taken away',
  )
  const wrong = await han.post(`${form}/options`, { new_tag: '' })
  t.match([wrong.status, wrong.page.querySelector('#making-new_tag-error')?.text], [422, /请填写/])
  t.equal((await han.post(`${form}/options`, { new_tag: '长'.repeat(21) })).status, 422)
  const made = await han.post(`${form}/options`, { new_tag: ' 大客户 ' })
  const { id } = await db('tags').where({ name: '大客户' }).first('id')
  t.equal(made.location, `${form}?chosen=${id}`)
  t.equal((await han.get(`${form}?chosen=${id}`)).page.querySelector('option[selected]')?.text, '大客户')
  t.equal(
    (await han.post(`${form}/options`, { new_tag: '大客户' })).location,
    made.location,
    'one of that name is taken',
  )
  await send(han, form, { tag: id })
  t.equal((await db('customer_tags').where({ tag_id: id })).length, 2)
  await addPerson(db, '不建签', [await everyRightWithin(db, '不建签', { view: 'all', without: ['tags.create'] })])
  const without = await signedIn(app, '不建签')
  const his = await select(without, { ids: ids.map(String), act: 'tag' })
  t.notOk((await without.get(his)).page.querySelector('#making'))
  t.equal((await without.post(`${his}/options`, { new_tag: '别的' })).status, 422)
  t.notOk(await db('tags').where({ name: '别的' }).first())
  t.equal((await without.get(`${his}?chosen=${id}`)).status, 200)
  await han.post(`/tags/${id}/deletion`, { version: '1' })
})

t.test('tags are given and taken, deleted ones go to the recycle bin with their contacts', async (t) => {
  const ids = await addMany(
    db,
    ['庚', '辛'].map((name) => ({ name: `${name}公司` })),
  )
  const untagged = await select(han, { ids: ids.map(String), act: 'tag' })
  t.match((await han.get(untagged)).text, '还没有可选的内容', 'an empty choice says why')
  const [{ id: tag }] = await db('tags')
    .insert({ name: '重点', name_key: '重点', name_pinyin: 'zhongdian', version: 1 })
    .returning('id')
  await bumpRevision(db)
  await send(han, await select(han, { ids: ids.map(String), act: 'tag' }), { tag })
  t.strictSame(await db('customer_tags').where({ tag_id: tag }).orderBy('customer_id').pluck('customer_id'), ids)
  t.equal(totalIn(await han.get(`/customers?tag_id=${tag}`)), 2)
  await send(han, await select(han, { ids: [String(ids[0])], act: 'tag_removed' }), { tag_removed: tag })
  t.strictSame(idsIn(await han.get(`/customers?tag_id=${tag}`)), [ids[1]])
  const third = await addMany(db, [{ name: '壬庚公司' }])
  for (const id of [ids[0], third[0]]) await han.post(`/customers/${id}/contacts`, { name: '欧阳庚' })
  const all = totalIn(await han.get('/customers'))
  const location = await select(han, { ids: ids.map(String), act: 'delete' })
  t.match((await han.get(location)).text, /确认删除 2 个客户/)
  t.match((await send(han, location)).said, /移入回收站：完成 2 个客户/)
  t.equal(totalIn(await han.get(`/customers?tag_id=${tag}`)), 0)
  t.equal(totalIn(await han.get('/customers')), all - 2, 'the tallies know')
  t.strictSame(idsIn(await han.get('/customers?q=庚')), third, 'nothing finds them')
  const contacts = await db('contacts').where({ name: '欧阳庚' }).orderBy('customer_id')
  const gone = await db('customers').whereIn('id', ids).orderBy('id')
  t.strictSame(
    contacts.map(({ deleted_at }) => deleted_at),
    [gone[0]?.deleted_at, null],
    'their contacts go at the same moment, those of others stay',
  )
  const events = await db('events').where({ record_type: 'customers', action: 'delete' }).whereIn('record_id', ids)
  t.strictSame(
    events.map(({ record_id, record_version }) => [record_id, record_version]),
    gone.map(({ id, version }) => [id, version]),
    'each in its history',
  )
  t.match((await han.get('/recycle-bin')).text, /庚公司/)
  await han.post(`/recycle-bin/customers/${ids[0]}/restoration`, { version: String(gone[0]?.version) })
  t.match((await han.get(`/customers/${ids[0]}/contacts`)).text, '欧阳庚', 'a restored one has its contacts again')
})

t.test('print and export hold what was selected, in the columns and order of the list', async (t) => {
  const ids = await addMany(
    db,
    ['壬', '癸', '子'].map((name) => ({ name: `${name}公司`, address: `${name}地` })),
  )
  const query = 'columns=address,name&sort=-name'
  const chosen = { ids: [ids[0], ids[2]].map(String), query }
  const print = await han.get(await select(han, { ...chosen, act: 'print' }))
  t.strictSame(
    print.page.querySelectorAll('.sheet-table tr').map((row) => row.text.replace(/\s+/g, ' ').trim()),
    ['地址 客户名称', '子地 子公司', '壬地 壬公司'],
  )
  const location = await select(han, { ...chosen, act: 'export' })
  t.match((await han.get(location)).text, /将导出 2 个客户/)
  const csv = await han.get(`${location}.csv`)
  t.match(csv.body, /地址,客户名称\r\n子地,子公司\r\n壬地,壬公司\r\n$/)
  t.equal((await han.get(`${location}.xlsx`)).status, 200)
  t.match((await db('events').where({ action: 'export' }).orderBy('id', 'desc').first()).record_name, /^2 /)
  const page = await select(han, { scope: 'page', shown: ids.join(','), act: 'export', query })
  t.match((await han.get(page)).text, /3 个客户/)
  const whole = await select(han, { scope: 'whole', act: 'export', query: 'f=address:contains:地&columns=address' })
  t.equal((await han.get(`${whole}.csv`)).body.trim().split('\r\n').length, 4)
})

t.test('all matches are a job when they are many; it says what it did and can be gone on with', async (t) => {
  const ids = await addMany(
    db,
    Array.from({ length: 620 }, (_, index) => ({ name: `多${index}公司`, level_id: low, address: '多处' })),
  )
  for (const [query, level] of [
    ['q=多', high],
    ['f=address:contains:多处', low],
  ] as const) {
    const location = await select(han, { scope: 'whole', query, act: 'level_id' })
    t.match((await han.get(location)).text, /620 个客户/)
    const form_id = formId(await ask(han, location, { level_id: level }))
    const answer = await han.post(location, { level_id: level, form_id })
    t.match(answer.location, /^\/jobs\/\d+$/)
    await app.runJobs()
    t.match((await han.get(answer.location as string)).text, /完成 620 个客户。/)
    t.strictSame(new Set(await levelOf(ids)), new Set([level]))
  }
  const location = await select(han, { scope: 'whole', query: 'q=多', act: 'delete' })
  const answer = await han.post(location, { form_id: formId(await han.get(location)) })
  await app.runJobs()
  t.match((await han.get(answer.location as string)).text, /移入回收站：完成 620 个客户。/)
  t.equal(totalIn(await han.get('/customers?q=多')) || 0, 0)
})

t.test('only with the right, only what is one’s own, only what is there', async (t) => {
  const [id] = (await addMany(db, [{ name: '丑公司' }])) as [number]
  t.match(
    (await li.get('/customers')).page
      .querySelectorAll('select[name=act] option')
      .map((one) => one.getAttribute('value')),
    ['print', 'pdf', 'level_id'],
  )
  t.equal((await wang.post('/customers/selections', { ids: String(id), act: 'print' })).status, 403)
  for (const act of ['delete', 'export', 'nonsense'])
    t.match(await select(li, { ids: String(id), act }), /^\/customers(\?|$)/, act)
  const his = await select(li, { ids: String(id), act: 'level_id' })
  t.equal((await li.get(his)).status, 200)
  t.equal((await han.get(his)).status, 404, 'somebody else’s')
  t.equal((await li.get(his.replace('changes/level_id', 'deletion'))).status, 403)
  t.equal((await li.get(his.replace('level_id', 'name'))).status >= 400, true, 'a field that is not for many')
  for (const ids of [[], ['0', 'x', '-1'], ['999999']])
    t.match(await select(han, { ids, act: 'level_id' }), /^\/customers(\?|$)/)
  t.match((await han.get('/customers')).text, /请先勾选客户/)
})

t.test('of many values the commonest are said one by one, the others together', async (t) => {
  const names = Array.from({ length: 17 }, (_, at) => `级${at}`)
  const rows = names.map((label, at) => ({
    dictionary: 'customer-levels',
    label,
    label_key: label,
    position: 100 + at,
    is_active: true,
    is_default: false,
    version: 1,
  }))
  await db('dictionary_entries').insert(rows)
  await bumpRevision(db)
  const made: number[] = await db('dictionary_entries').whereIn('label', names).orderBy('position').pluck('id')
  const [last] = made.slice(-1)
  const ids = await addMany(
    db,
    [...made, last, last, low].map((level_id) => ({ name: '各级公司', level_id: level_id as number })),
  )
  const asked = await ask(han, await select(han, { ids: ids.map(String), act: 'level_id' }), { level_id: low })
  t.match(asked.text, /将修改 19 个客户/)
  const lines = asked.page.querySelectorAll('main .details li').map((line) => line.text.trim())
  t.match(lines[0], /^级16 → .*：3 个$/)
  t.match(lines[14], / → .*：1 个$/)
  t.match(lines[15], /^其他 2 种 → .*：2 个$/)
  t.equal(lines[16], '1 个原已如此，不变')
})

t.test('a mistake in what all shall get is said at its field', async (t) => {
  const ids = (await addMany(db, [{ name: '寅公司' }])).map(String)
  const letter = await han.post(await select(han, { ids, act: 'mail' }), { subject: '', body: '节日快乐' })
  t.equal(letter.status, 422)
  t.match(letter.text, '节日快乐', 'and what was typed stays')
  const giving = await ask(han, await select(han, { ids, act: 'transfer' }), { owner_id: 999_999, reason: '调岗' })
  t.equal(giving.status, 422)
  t.ok(giving.page.querySelector('#transfer-owner_id-error'))
  t.equal(giving.page.querySelector('#transfer-reason')?.getAttribute('value'), '调岗')
})
