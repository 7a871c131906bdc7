import t from 'tap'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import { declareModules } from '../../../src/kernel/modules/catalogue.ts'
import type { Module } from '../../../src/kernel/modules/module.ts'
import { readForm } from '../../../src/kernel/web/form.ts'
import { link } from '../../../src/kernel/web/link-kind.ts'
import { presetInstallation } from '../../../src/operation/setup/installation.ts'
import { type Answer, type Browser, buildTestApp } from '../../fixtures/app.ts'
import { declareFor, equipment, makeTables, repairs } from '../../fixtures/equipment.ts'
import { newFolder } from '../../fixtures/folder.ts'
import { makeOrders, orders } from '../../fixtures/orders.ts'
import { readable } from '../../fixtures/readable.ts'
import { noReference } from '../../fixtures/things.ts'
import { makeCustomer } from '../../fixtures/world.ts'
import { checkFile, finished, take } from '../../operation/imports/fixtures/upload.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'

declareFor(t, [equipment, repairs, orders])

let forms = 0
const add = (one: Browser, more: Record<string, string> = {}) =>
  one.post('/service-orders', { subject: '大修', ...more, form_id: `link-form-${++forms}` })

const fieldIn = ({ page }: Answer, name: string) => page.querySelector(`input[name=${name}]`)?.getAttribute('value')

/** Two people, a customer of each, and two customers of the first that are called alike. */
async function world(t: Parameters<typeof buildTestApp>[0]) {
  const built = await buildTestApp(t)
  const { app, db } = built
  await makeTables(db)
  await makeOrders(db)
  await presetInstallation(db, null)
  await bumpRevision(db)
  const own = await everyRightWithin(db, '各管各的', { view: 'own' })
  const people: Record<string, number> = {}
  for (const name of ['甲', '乙']) people[name] = await addPerson(db, name, [own])
  people.丙 = await addPerson(db, '丙', [
    await everyRightWithin(db, '不看客户', { view: 'all', without: ['customers.view'] }),
  ])
  const customer = (name: string, owner: string, code: string) =>
    makeCustomer(db, { name, owner_id: people[owner], code })
  const ids = {
    mine: await customer('东方机械', '甲', 'K1'),
    one: await customer('同名公司', '甲', 'K2'),
    other: await customer('同名公司', '甲', 'K3'),
    secret: await customer('机密公司', '乙', 'K4'),
  }
  const [one, two, blind] = (await Promise.all(['甲', '乙', '丙'].map((name) => signedIn(app, name)))) as [
    Browser,
    Browser,
    Browser,
  ]
  const order = () => db('service_orders').orderBy('id', 'desc').first()
  return { ...built, ids, people, one, two, blind, order, admin: await built.as('韩梅梅') }
}

t.test('a record is pointed at by its code, its exact name or a choice, without script', async (t) => {
  const { one, order, ids } = await world(t)
  for (const [typed, id] of [
    ['k1', ids.mine],
    ['Ｋ１', ids.mine],
    ['东方机械', ids.mine],
    ['东 方机械', ids.mine],
  ] as const) {
    t.equal((await add(one, { customer_id: typed })).status, 303, typed)
    t.equal((await order()).customer_id, id)
  }
  for (const typed of ['东方', '没有的', 'K4', '机密公司', `id:${ids.secret}`, 'id:99999', '<b>', "' or 1=1 --"]) {
    const refused = await add(one, { customer_id: typed })
    t.equal(refused.status, 422, typed)
    t.match(refused.page.querySelector('#service_orders-customer_id-error')?.text, /没有找到/)
    t.equal(fieldIn(refused, 'subject'), '大修')
    if (!typed.startsWith('id:')) t.equal(fieldIn(refused, 'customer_id'), typed)
    t.notMatch(refused.text, typed.startsWith('id:') ? '机密公司' : '机密公司（')
  }
  const several = await add(one, { customer_id: '同名公司' })
  t.equal(several.status, 422)
  t.match(several.page.querySelector('#service_orders-customer_id-error')?.text, /有 2 条同名/)
  const choices = several.page.querySelectorAll('select[name=customer_id_pick] option')
  t.same(
    choices.map(({ text }) => text),
    ['请选择', '同名公司（K2）', '同名公司（K3）'],
  )
  const chosen = choices[2]?.getAttribute('value') as string
  t.equal((await add(one, { customer_id: '同名公司', customer_id_pick: chosen })).status, 303)
  t.equal((await order()).customer_id, ids.other)
  const stale = await add(one, { customer_id: '东方机械', customer_id_pick: chosen })
  t.equal(stale.status, 303)
  t.equal((await order()).customer_id, ids.mine, 'a choice counts only for the text it was made for')
  const forged = await add(one, { customer_id: '甲', customer_id_pick: `${ids.secret}|甲` })
  t.equal(forged.status, 422)
})

t.test('what one may not see is not named anywhere, and kept where it is not touched', async (t) => {
  const { one, two, blind, admin, db, ids, people, order } = await world(t)
  await add(admin, { customer_id: 'K4', owner_id: String(people.甲) })
  const { id } = await order()
  const location = `/service-orders/${id}`
  const folder = newFolder(t)
  for (const path of [
    location,
    `${location}/edit`,
    '/service-orders',
    '/service-orders/print',
    '/service-orders.csv',
    '/service-orders.xlsx',
  ])
    for (const who of [one, blind]) {
      const said = await readable(await who.get(path), folder)
      t.notMatch(said, '机密公司', path)
      t.notMatch(said, /\bK4\b/, path)
      t.match(said, '（无权查看）', path)
    }
  t.match((await admin.get(location)).page.querySelector(`main a[href="/customers/${ids.secret}"]`)?.text, '机密公司')
  const edit = await one.get(`${location}/edit`)
  const typed = {
    customer_id: fieldIn(edit, 'customer_id') ?? '',
    customer_id_pick: fieldIn(edit, 'customer_id_pick') ?? '',
  }
  const { code } = await order()
  t.equal((await one.post(location, { code, subject: '小修', ...typed, version: '1' })).status, 303)
  t.match(await order(), { customer_id: ids.secret, subject: '小修', version: 2 })
  t.equal((await one.post(location, { code, subject: '小修', customer_id: 'K1', version: '2' })).status, 303)
  t.match((await one.get(location)).text, /客户 （无权查看） 东方机械|（无权查看）.*东方机械/, 'nor in the history')
  t.notMatch((await one.get(location)).text, '机密公司')
  t.match((await admin.get(location)).text, /机密公司.*东方机械/)
  t.equal((await one.post(location, { code, subject: '小修', ...typed, version: '3' })).status, 422, 'nor put back')
  const event = await db('events')
    .where({ record_type: 'service_orders', action: 'update' })
    .orderBy('id', 'desc')
    .first('id')
  t.notMatch((await one.get(`/audit-log/${event.id}`)).text, '机密公司')
  t.match((await admin.get(`/audit-log/${event.id}`)).text, '机密公司')
  t.notMatch((await two.get('/service-orders')).text, '小修')
})

t.test('two at once, and a condition by record', async (t) => {
  const { one, ids, order } = await world(t)
  await add(one, { customer_id: 'K1' })
  await add(one, { customer_id: 'K3', subject: '另一单' })
  await add(one, { subject: '没有客户' })
  const subjects = async (condition: string) =>
    (await one.get(`/service-orders?f=${encodeURIComponent(condition)}`)).page
      .querySelectorAll('tbody tr')
      .map((row) => row.querySelectorAll('td')[2]?.text.trim())
  t.same(await subjects('customer_id:is:东方机械'), ['大修'])
  t.same(await subjects('customer_id:is:k3'), ['另一单'])
  t.same(await subjects('customer_id:is:同名公司'), ['另一单'])
  t.same(await subjects('customer_id:is:机密公司'), [])
  t.same(await subjects('customer_id:empty:'), ['没有客户'])
  t.same((await subjects('customer_id:filled:')).length, 2)
  const { id, code } = await order()
  const sent = { code, subject: '没有客户', version: '1' }
  t.equal((await one.post(`/service-orders/${id}`, { ...sent, customer_id: 'K1' })).status, 303)
  const conflict = await one.post(`/service-orders/${id}`, { ...sent, customer_id: 'K2' })
  t.equal(conflict.status, 409)
  t.match(conflict.text, /客户.*东方机械.*同名公司/)
  const hidden = Object.fromEntries(
    conflict.page
      .querySelectorAll('main input[type=hidden]')
      .map((field) => [field.getAttribute('name'), field.getAttribute('value')]),
  )
  t.equal((await one.post(`/service-orders/${id}`, { ...hidden, keep_customer_id: 'yours' })).status, 303)
  t.equal((await order()).customer_id, ids.one)
})

t.test('a list is narrowed by a record: named for who may see it, nothing for others', async (t) => {
  const { one, admin, ids, people } = await world(t)
  await add(one, { customer_id: 'K1' })
  await add(one, { customer_id: 'K3', subject: '另一单' })
  await add(admin, { customer_id: 'K4', subject: '密单', owner_id: String(people.甲) })
  const list = (more: Record<string, string>) => `/service-orders?${new URLSearchParams(more)}`
  const shown = ({ page }: Answer) =>
    page.querySelectorAll('tbody tr').map((row) => row.querySelectorAll('td')[2]?.text.trim())
  const several = await one.get(list({ customer_id: '同名公司' }))
  t.equal(several.status, 422)
  t.match(several.page.querySelector('#list .errors')?.text, /客户「同名公司」：有 2 条同名/)
  const choices = several.page.querySelectorAll('#filters select[name=customer_id_pick] option')
  t.same(
    choices.map(({ text }) => text),
    ['请选择', '同名公司（K2）', '同名公司（K3）'],
  )
  t.equal(fieldIn(await one.get('/service-orders'), 'customer_id'), '', 'what one typed stands on no other page')
  const pick = choices[2]?.getAttribute('value') as string
  const found = await one.get(list({ customer_id: '同名公司', customer_id_pick: pick, per: '50' }))
  t.equal(found.location, `/service-orders?customer_id=id%3A${ids.other}&per=50`)
  const page = await one.get(String(found.location))
  t.same([fieldIn(page, 'customer_id'), shown(page)], ['同名公司', ['另一单']])
  t.equal(fieldIn(page, 'customer_id_pick'), pick, 'and stays as the form is sent again')
  const again = await one.get(list({ customer_id: '同名公司', customer_id_pick: pick, q: '没有' }))
  t.equal(again.location, `/service-orders?q=%E6%B2%A1%E6%9C%89&customer_id=id%3A${ids.other}`)
  for (const typed of ['机密公司', 'K4', "' or 1=1 --"])
    t.equal((await one.get(list({ customer_id: typed }))).status, 422, typed)
  const secret = await one.get(list({ customer_id: `id:${ids.secret}` }))
  t.same([fieldIn(secret, 'customer_id'), shown(secret)], ['（无权查看）', []])
  t.notMatch((await one.get(`/service-orders.csv?customer_id=id:${ids.secret}`)).body, '密单')
  t.same(shown(await admin.get(list({ customer_id: `id:${ids.secret}` }))), ['密单'])
  const adding = { adjust: 'condition', add_field: 'customer_id', add_operator: 'is', add_value: '同名公司' }
  t.ok((await one.get(list({ add_field: 'customer_id' }))).page.querySelector('[name=add_value][role=combobox]'))
  const added = await one.get(list({ ...adding, add_value_pick: pick }))
  t.equal(added.location, `/service-orders?f=customer_id%3Ais%3Aid%3A${ids.other}`)
  const byCondition = await one.get(String(added.location))
  t.same(shown(byCondition), ['另一单'])
  t.match(byCondition.page.querySelector('.chips')?.text, /客户 是 同名公司/)
  const hidden = await one.get(list({ f: `customer_id:is:id:${ids.secret}` }))
  t.same(shown(hidden), [])
  t.match(hidden.page.querySelector('.chips')?.text, /客户 是 （无权查看）/)
  t.equal((await one.get(list(adding))).location, list({ f: 'customer_id:is:同名公司' }), 'all of that name')
  await admin.post(`/customers/${ids.mine}/deletion`, { version: '1' })
  const gone = await one.get(list({ customer_id: `id:${ids.mine}` }))
  t.same([fieldIn(gone, 'customer_id'), shown(gone)], ['东方机械（已删除）', ['大修']])
})

t.test('the card of what is pointed at shows from where; it is not removed for good meanwhile', async (t) => {
  const { admin, one, ids, order, db } = await world(t)
  await admin.post('/equipment', { name: '车床', form_id: 'link-equipment' })
  await add(admin, { customer_id: 'K1', equipment_id: '车床' })
  const { id, code } = await order()
  for (const path of [`/customers/${ids.mine}`, '/equipment/1']) {
    const card = await admin.get(path)
    t.ok(card.page.querySelector(`main a[href="/service-orders/${id}"]`), path)
    const href = card.page
      .querySelectorAll('main a')
      .find(({ text }) => text === '新增服务单')
      ?.getAttribute('href') as string
    t.match(fieldIn(await admin.get(href), path.startsWith('/c') ? 'customer_id' : 'equipment_id'), /东方机械|车床/)
  }
  t.notOk((await one.get(`/customers/${ids.mine}`)).page.querySelector(`main a[href="/service-orders/${id}"]`))
  await admin.post('/equipment/1/deletion', { version: '1' })
  const card = await admin.get(`/service-orders/${id}`)
  t.match(card.page.querySelector('main s')?.text, '车床（已删除）')
  t.match((await admin.get('/service-orders')).page.querySelector('tbody s')?.text, '车床（已删除）')
  const edit = await admin.get(`/service-orders/${id}/edit`)
  const typed = {
    equipment_id: fieldIn(edit, 'equipment_id') ?? '',
    equipment_id_pick: fieldIn(edit, 'equipment_id_pick') ?? '',
  }
  t.equal(
    (await admin.post(`/service-orders/${id}`, { code, subject: '改', customer_id: 'K1', ...typed, version: '1' }))
      .status,
    303,
  )
  t.equal((await order()).equipment_id, 1, 'what was deleted since may stay')
  t.equal((await add(admin, { equipment_id: '车床' })).status, 422, 'and is not taken anew')
  const held = await admin.post('/recycle-bin/equipment/1/purge', { version: '2' })
  t.match([held.status, held.text], [409, /还有1 条服务单指向它/])
  await admin.post(`/customers/${ids.mine}/deletion`, { version: '1' })
  const gone = await admin.post(`/recycle-bin/customers/${ids.mine}/purge`, { version: '2' })
  t.match([gone.status, gone.text], [409, /还有1 条服务单指向它/])
  await admin.post(`/service-orders/${id}/deletion`, { version: '2' })
  t.equal(
    (await admin.post('/recycle-bin/equipment/1/purge', { version: '2' })).status,
    409,
    'in the bin it points too',
  )
  await admin.post(`/recycle-bin/service-orders/${id}/purge`, { version: '3' })
  t.equal((await admin.post('/recycle-bin/equipment/1/purge', { version: '2' })).status, 303)
  t.same(await db('equipment'), [])
})

t.test('a card with more than it shows leads to all of them', async (t) => {
  const { one, db, ids } = await world(t)
  await add(one, { customer_id: 'K1' })
  const [{ id: _, ...row }] = await db('service_orders')
  const more = Array.from({ length: 20 }, (_, at) => ({ ...row, code: `X${at}`, code_key: `x${at}` }))
  await db.batchInsert('service_orders', more, 10)
  const card = await one.get(`/customers/${ids.mine}`)
  const href = card.page.querySelectorAll('main a').find(({ text }) => text === '查看全部')
  const all = await one.get(String(href?.getAttribute('href')))
  for (const said of ['客户 是 东方机械', '共 21 条']) t.match(all.page.querySelector('main')?.text, said)
})

t.test('it is looked for while one types, among what one may see', async (t) => {
  const { one, blind, admin } = await world(t)
  const page = await one.get('/look-ups/customers?field=customer_id&customer_id=东方')
  t.match(page.text, /东方机械 K1/)
  t.notMatch((await one.get('/look-ups/customers?q=机密')).text, '机密公司')
  t.match((await admin.get('/look-ups/customers?q=jm')).text, '机密公司')
  const part = await one.send({
    method: 'GET',
    url: '/look-ups/customers?field=customer_id&customer_id=同名',
    headers: {
      'hx-request': 'true',
      'hx-request-type': 'partial',
      'hx-target': 'div#service_orders-customer_id-matches',
    },
  })
  t.same(
    part.page.querySelectorAll('[role=option]').map((option) => option.getAttribute('data-pick')?.split('|')[1]),
    ['同名公司', '同名公司'],
  )
  t.notMatch(part.body, '<html')
  t.equal((await blind.get('/look-ups/customers?q=东方')).status, 403)
  t.equal((await one.get('/look-ups/nothing?q=东方')).status, 404)
  const form = await one.get('/service-orders/new')
  for (const [part, topic] of [
    ['.look-up', 'look-ups'],
    ['fieldset.lines', 'lines'],
  ] as const) {
    const place = form.page.querySelector(part)
    t.equal(place?.getAttribute('data-help'), `/help/${topic}`)
    t.ok(form.page.querySelector(`.hint a[href="/help/${topic}"]`), 'without script too')
    t.equal((await one.get(`/help/${topic}`)).status, 200)
  }
  t.match(form.page.querySelector('a[data-key=F1]')?.getAttribute('href'), '/help')
  t.equal(form.page.querySelector('.look-up a')?.getAttribute('href'), '/look-ups/customers?field=customer_id')
})

t.test('rows of a file point by code or name, and come back without a difference', async (t) => {
  const { app, one, db, ids } = await world(t)
  const sent = { fileName: '单.csv', kind: 'service_orders' }
  const rows = [
    '事由,客户,客户编码',
    '甲,东方机械,',
    '乙,,k2',
    '丙,同名公司,K3',
    '丁,同名公司,',
    '戊,机密公司,',
    '己,东方机械,K2',
    '庚,,',
  ]
  const { location, text } = await checkFile(one, rows.join('\n'), sent)
  t.match(text, /4 行正确，3 行有误/)
  t.match(text, /客户「同名公司」：有 2 条同名.*客户「机密公司」：没有找到.*客户「K2」：此编码是「同名公司」的/)
  await take(one, location)
  t.same(await db('service_orders').orderBy('id').pluck('customer_id'), [ids.mine, ids.one, ids.other, null])
  await db('service_orders').where({ subject: '庚' }).update({ customer_id: ids.secret })
  for (const ending of ['csv', 'xlsx']) {
    const file = (await one.get(`/service-orders.${ending}`)).raw
    const back = await checkFile(one, file, { fileName: `单.${ending}`, kind: 'service_orders' })
    t.match(back.text, /4 行正确，0 行有误/, ending)
    await take(one, back.location, { existing: 'overwrite' })
    t.same(await db('service_orders').pluck('version'), [1, 1, 1, 1], ending)
  }
  const template = await readable(await one.get('/imports/template.xlsx?kind=service_orders'), newFolder(t))
  t.match(template, '客户\t客户编码\t设备')
  await one.post('/equipment', { name: '铣床', form_id: 'link-milling' })
  const machines = await checkFile(one, '设备名称\n刨床\n', { fileName: '设备.csv', kind: 'equipment' })
  await take(one, machines.location)
  await add(one, { equipment_id: '刨床' })
  await one.post(`${machines.location}/undo`)
  await app.runJobs()
  t.match((await finished(one, machines.location)).text, /已撤销 0 条/, 'what is pointed at stays')
})

t.test('an undo leaves customers at which something points', async (t) => {
  const { app, admin, db } = await world(t)
  const { location } = await checkFile(admin, '客户名称\n新来的\n没人要的\n', {
    fileName: '客户.csv',
    kind: 'customers',
  })
  await take(admin, location)
  await add(admin, { customer_id: '新来的' })
  await admin.post(`${location}/undo`)
  await app.runJobs()
  await finished(admin, location)
  t.same(await db('customers').whereIn('name', ['新来的', '没人要的']).pluck('name'), ['新来的'])
})

t.test('an id that nobody looked up is nothing', async (t) => {
  const field = { name: 'customer_id', label: '客户', kind: link, to: 'customers' }
  const read = (more: object) => readForm([{ ...field, ...more }], { customer_id: 'id:7' }, noReference)
  t.match(read({}).errors, [{ field: 'customer_id', message: /没有找到/ }])
  t.strictSame(read({ named: new Map() }).values, { customer_id: 7 })
  t.match(read({ named: new Map(), refusal: '不行' }).errors, [{ message: '不行' }])
})

t.test('a link that cannot be is named', async (t) => {
  const wrong = (field: object) => () =>
    declareModules([
      {
        ...orders,
        name: 'other',
        path: '/other',
        fields: [...orders.fields, { label: '错', kind: link, ...field }],
      } as Module,
    ])
  for (const [field, sentence] of [
    [{ name: 'a_id', to: 'nothing' }, /nothing/],
    [{ name: 'a_id' }, /a_id/],
    [{ name: 'a', to: 'customers' }, /字段 a /],
    [{ name: 'a_id', to: 'customers', isUnique: true }, /a_id/],
    [{ name: 'a_id', to: 'customers', mask: 'phone' }, /a_id/],
  ] as const)
    t.throws(wrong(field), { name: 'DeclarationError', message: sentence })
})
