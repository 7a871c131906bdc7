import t, { type Test } from 'tap'
import { buildTestApp } from '../../fixtures/app.ts'
import { create, errorAt, fieldsIn, idsIn } from '../customers/fixtures/customers.ts'

async function customerOf(t: Test) {
  const { db, as } = await buildTestApp(t)
  const [admin, lilei] = [await as('韩梅梅'), await as('李雷')]
  const id = await create(admin)
  const path = `/customers/${id}/contacts`
  const add = async (name: string, more: Record<string, string> = {}) => {
    const answer = await admin.post(path, { name, ...more })
    t.equal(answer.status, 303, answer.text)
    return (await db('contacts').orderBy('id', 'desc').first('id')).id as number
  }
  const save = async (contact: number, change: Record<string, string>, who = admin) =>
    who.post(`${path}/${contact}`, { ...fieldsIn(await who.get(`${path}/${contact}/edit`)), ...change })
  const confirm = async (url: string) => admin.post(url, fieldsIn(await admin.get(url)))
  const mains = (): Promise<string[]> => db('contacts').where({ is_main: true }).whereNull('deleted_at').pluck('name')
  return { db, admin, lilei, id, path, add, save, confirm, mains }
}

t.test('every field of a contact is kept and shown', async (t) => {
  const { admin, path, add } = await customerOf(t)
  const all = {
    name: '单冰',
    code: 'L-1',
    nickname: '小冰',
    sex: 'female',
    department: '销售部',
    position: '经理',
    birthday_on: '1990-02-28',
    is_main: 'true',
    mobile: '13800138000',
    office_phone: '0431-84978981-8012',
    home_phone: '0431-81112222',
    email: 'b@mr.example',
    wechat: 'wx1',
    qq: '10001',
    msn: 'msn1',
    address: '人民大街1号',
    postcode: '130000',
    notes: '第一行\n第二行',
  }
  const id = await add(all.name, all)
  const { version: _, form_at: __, ...stored } = fieldsIn(await admin.get(`${path}/${id}/edit`))
  t.strictSame(stored, all)
  const card = (await admin.get(`${path}/${id}`)).text
  for (const value of Object.values({ ...all, sex: '女', is_main: '是', notes: '第一行 第二行' }))
    t.ok(card.includes(value), value)
  const tab = await admin.get(path)
  t.match(tab.text, /单冰\(主联系人\) 小冰 L-1 销售部 经理 13800138000 0431-84978981-8012/)
  t.match((await admin.get('/customers/1/print')).text, '单冰')
})

t.test('wrong values are refused at their field', async (t) => {
  const { db, admin, path, add, save } = await customerOf(t)
  const wrong = {
    name: '',
    email: 'x',
    postcode: '1',
    birthday_on: '2026-02-30',
    sex: 'x',
    nickname: '长'.repeat(51),
    qq: '1'.repeat(4000),
  }
  for (const [name, value] of Object.entries(wrong)) {
    const answer = await admin.post(path, { name: '单冰', notes: '请保留', [name]: value })
    t.equal(answer.status, 422, name)
    t.ok(errorAt(answer, name), name)
    t.equal(fieldsIn(answer).notes, '请保留')
  }
  t.strictSame(await db('contacts'), [])
  const old = await add('旧名', { code: 'L-9' })
  const before = await db('contacts').where({ id: old })
  for (const [name, value] of Object.entries(wrong)) {
    const answer = await save(old, { notes: '请保留', [name]: value })
    t.equal(answer.status, 422, `${name} of one that is there`)
    t.ok(errorAt(answer, name), name)
    t.equal(fieldsIn(answer).notes, '请保留')
  }
  t.strictSame(await db('contacts').where({ id: old }), before)
  await add('甲', { code: 'LX000002' })
  t.equal(
    (
      await db('contacts')
        .where({ id: await add('乙') })
        .first()
    ).code,
    'LX000001',
  )
  t.equal(
    (
      await db('contacts')
        .where({ id: await add('丙') })
        .first()
    ).code,
    'LX000003',
    'a typed code is passed over',
  )
  t.match(errorAt(await admin.post(path, { name: '丁', code: 'LX000002' }), 'code'), '此编码已被使用')
  const { form_id = '' } = fieldsIn(await admin.get(`${path}/new`))
  await Promise.all([1, 2, 3].map(() => admin.post(path, { name: '戊', form_id })))
  t.equal((await db('contacts').where({ name: '戊' })).length, 1, 'a double click makes one')
})

t.test('a customer has one main contact', async (t) => {
  const { db, admin, path, add, save, confirm, mains } = await customerOf(t)
  const first = await add('甲')
  t.strictSame(await mains(), ['甲'], 'the first one')
  const second = await add('乙')
  t.strictSame(await mains(), ['甲'])
  const opened = fieldsIn(await admin.get(`${path}/${first}/edit`))
  await save(second, { is_main: 'true' })
  t.strictSame(await mains(), ['乙'], 'another one that is marked so')
  t.equal(
    (await admin.post(`${path}/${first}`, opened)).status,
    409,
    'a form opened before does not take it back unseen',
  )
  t.match((await admin.get(`${path}/${first}`)).text, '主联系人: 是 → 否')
  await add('丙', { is_main: 'true' })
  t.strictSame(await mains(), ['丙'], 'a new one')
  const third = (await db('contacts').where({ name: '丙' }).first()).id
  await confirm(`${path}/${third}/deletion`)
  t.strictSame(await mains(), [])
  await confirm(`/recycle-bin/contacts/${third}/restoration`)
  t.strictSame(await mains(), ['丙'], 'comes back as the main one where there is none')
  await confirm(`${path}/${third}/deletion`)
  await save(first, { is_main: 'true' })
  await confirm(`/recycle-bin/contacts/${third}/restoration`)
  t.strictSame(await mains(), ['甲'], 'comes back beside another')
  await save(first, { is_main: '' })
  t.strictSame(await mains(), [])
})

t.test('two saves at once', async (t) => {
  const { db, admin, lilei, path, add, save } = await customerOf(t)
  const id = await add('甲', { mobile: '13800138000' })
  const opened = fieldsIn(await admin.get(`${path}/${id}/edit`))
  t.equal((await save(id, { mobile: '13911112222' }, lilei)).status, 303)
  const answer = await admin.post(`${path}/${id}`, { ...opened, mobile: '13700001111', qq: '10001' })
  t.equal(answer.status, 409)
  await admin.post(`${path}/${id}`, { ...fieldsIn(answer), keep_mobile: 'theirs' })
  t.match(await db('contacts').where({ id }).first(), { mobile: '13911112222', qq: '10001', version: 3 })
  for (const version of ['', 'x', '1', '99'])
    t.equal((await admin.post(`${path}/${id}`, { ...opened, version, name: '乙' })).status, 409)
  t.equal((await admin.post(`${path}/${id}/deletion`, { version: 1 })).status, 409)
})

t.test('a contact is found only under its own customer', async (t) => {
  const { admin, path, add } = await customerOf(t)
  const id = await add('甲')
  const other = await create(admin)
  for (const noun of ['', '/edit', '/deletion']) {
    t.equal((await admin.get(`${path}/${id}${noun}`)).status, 200)
    t.equal((await admin.get(`/customers/${other}/contacts/${id}${noun}`)).status, 404)
  }
  for (const noun of ['', '/deletion'])
    t.equal((await admin.post(`/customers/${other}/contacts/${id}${noun}`, { name: '乙', version: 1 })).status, 404)
  for (const wrong of ['0', 'x', '1 or 1=1', '9223372036854775808'])
    t.equal((await admin.get(`${path}/${encodeURIComponent(wrong)}`)).status, 404)
  t.equal((await admin.post('/customers/99/contacts', { name: '乙' })).status, 404)
})

t.test('what changes in a contact is found at once through its customer', async (t) => {
  const { admin, id, path, add, save, confirm } = await customerOf(t)
  const search = async (q: string) => idsIn(await admin.get(`/customers?q=${q}`))
  const contact = await add('甲乙', { mobile: '13800138000' })
  t.strictSame(await search('甲乙'), [id])
  await save(contact, { name: '丙丁', mobile: '13911112222' })
  t.strictSame(
    [await search('甲乙'), await search('丙丁'), await search('13800138000'), await search('1112222')],
    [[], [id], [], [id]],
  )
  await confirm(`${path}/${contact}/deletion`)
  t.strictSame(await search('丙丁'), [])
  await confirm(`/recycle-bin/contacts/${contact}/restoration`)
  t.strictSame(await search('丙丁'), [id])
})
