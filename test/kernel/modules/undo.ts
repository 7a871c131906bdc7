import t from 'tap'
import { create, fieldsIn } from '../../customers/customers/fixtures/customers.ts'
import { type Answer, type Browser, buildTestApp } from '../../fixtures/app.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'

const { app, db, as } = await buildTestApp(t)
const admin = await as('韩梅梅')
await addPerson(db, '同事', [await everyRightWithin(db, '全部', { view: 'all' })])
await addPerson(db, '不恢复', [await everyRightWithin(db, '不恢复', { view: 'all', without: ['recycle_bin.restore'] })])
await addPerson(db, '不移交', [await everyRightWithin(db, '不移交', { view: 'all', without: ['customers.transfer'] })])
await addPerson(db, '只看自己', [await everyRightWithin(db, '只看自己', { view: 'own' })])
const other = await signedIn(app, '同事')
const idOf = async (name: string) => String((await db('users').where({ name }).first('id')).id)

/** What the message on the page after a change is taken back by. */
async function undoAfter(one: Browser, saved: Answer) {
  t.equal(saved.status, 303)
  const form = (await one.get(String(saved.location))).page.querySelectorAll('#flash form').at(-1)
  if (!form) return undefined
  const version = String(form.querySelector('[name=version]')?.getAttribute('value'))
  return () => one.post(String(form.getAttribute('action')), { version, undo: 'true' })
}

t.test('a customer: an edit, one fact and the undo itself are taken back', async (t) => {
  const id = await create(admin, { phone: '0431-84978981', short_name: '明日' })
  const stored = () => db('customers').where({ id }).first()
  const form = fieldsIn(await admin.get(`/customers/${id}/edit`))
  const edited = await admin.post(`/customers/${id}`, { ...form, name: '长春昨日科技有限公司', short_name: '昨日' })
  const undo = await undoAfter(admin, edited)
  t.match(await stored(), { name: '长春昨日科技有限公司', version: 2 })
  const taken = (await undo?.()) as Answer
  t.match([taken.status, taken.location], [303, `/customers/${id}`])
  t.match(await stored(), { name: '长春明日科技有限公司', name_pinyin: /mingri/, short_name: '明日', version: 3 })
  t.match((await admin.get('/customers?q=mrkj')).text, '长春明日科技有限公司', 'and found again as before')
  const page = (await admin.get(`/customers/${id}/history`)).text
  t.match(page, /昨日.*明日/s, 'the history tells it')
  await admin.post(`/customers/${id}/facts/phone`, { version: '3', phone: '0431-11111111' })
  const redo = await undoAfter(admin, { status: 303, location: `/customers/${id}` } as Answer)
  const again = (await redo?.()) as Answer
  t.match(await stored(), { phone: '0431-84978981', version: 5 })
  const third = await undoAfter(admin, again)
  await third?.()
  await admin.get('/customers')
  t.match(await stored(), { phone: '0431-11111111', version: 6 }, 'an undo is taken back too')
  t.notOk(
    await undoAfter(admin, await admin.post(`/customers/${id}/facts/phone`, { version: '6', phone: '0431-11111111' })),
    'nothing changed',
  )
})

t.test('what somebody changed since stays as he left it, and nobody takes back what others did', async (t) => {
  const id = await create(admin, { name: '长春甲公司', short_name: '甲' })
  const undo = await undoAfter(
    admin,
    await admin.post(`/customers/${id}/facts/short_name`, { version: '1', short_name: '乙' }),
  )
  t.equal((await other.post(`/customers/${id}/undo`, { version: '2' })).status, 409)
  await other.post(`/customers/${id}/facts/fax`, { version: '2', fax: '0431-22222222' })
  const late = (await undo?.()) as Answer
  t.match([late.status, late.text], [409, /不能撤销/])
  t.match(await db('customers').where({ id }).first(), { short_name: '乙', fax: '0431-22222222', version: 3 })
  t.equal((await admin.post(`/customers/${id}/undo`, {})).status, 409)
  t.equal((await (await signedIn(app, '只看自己')).post(`/customers/${id}/undo`, { version: '3' })).status, 404)
})

t.test('tags and places come back with the rest', async (t) => {
  await admin.post('/tags', { name: '重点', colour: 'red', position: '1' })
  const tag = await db('tags').first('id')
  const id = await create(admin, {
    name: '长春乙公司',
    tag_ids: String(tag.id),
    province_code: '220000',
    city_code: '220100',
  })
  t.equal((await db('customer_tags').where({ customer_id: id })).length, 1)
  const form = fieldsIn(await admin.get(`/customers/${id}/edit`))
  const { tag_ids: _, ...without } = form
  const undo = await undoAfter(
    admin,
    await admin.post(`/customers/${id}`, { ...without, province_code: '440000', city_code: '', district_code: '' }),
  )
  t.equal((await db('customer_tags').where({ customer_id: id })).length, 0)
  await undo?.()
  t.match(await db('customers').where({ id }).first(), { province_code: '220000', city_code: '220100' })
  t.equal((await db('customer_tags').where({ customer_id: id })).length, 1)
})

t.test('a hand-over, for who may give and still reaches it', async (t) => {
  const id = await create(admin, { name: '长春丙公司' })
  const [mine, his] = [await idOf('韩梅梅'), await idOf('同事')]
  const undo = await undoAfter(
    admin,
    await admin.post(`/customers/${id}/transfer`, { owner_id: his, version: '1', reason: '换人' }),
  )
  t.match(await db('customers').where({ id }).first('owner_id'), { owner_id: Number(his) })
  await undo?.()
  t.match(await db('customers').where({ id }).first('owner_id'), { owner_id: Number(mine) })
  const owner = await signedIn(app, '只看自己')
  const own = await create(owner, { name: '长春丁公司', owner_id: await idOf('只看自己') })
  t.notOk(
    await undoAfter(
      owner,
      await owner.post(`/customers/${own}/transfer`, { owner_id: his, version: '1', reason: '换人' }),
    ),
    'who sees it no more is offered nothing',
  )
})

t.test('a deletion, for who may bring back', async (t) => {
  const id = await create(admin, { name: '长春戊公司' })
  const undo = await undoAfter(admin, await admin.post(`/customers/${id}/deletion`, { version: '1' }))
  const taken = (await undo?.()) as Answer
  t.match([taken.status, taken.location], [303, `/customers/${id}`])
  t.match(await db('customers').where({ id }).first(), { deleted_at: null, version: 3 })
  const without = await signedIn(app, '不恢复')
  t.notOk(await undoAfter(without, await without.post(`/customers/${id}/deletion`, { version: '3' })))
})

t.test('records of declared modules likewise', async (t) => {
  const added = await admin.post('/suppliers', { ...fieldsIn(await admin.get('/suppliers/new')), name: '长春钢材厂' })
  const path = String(added.location)
  const form = fieldsIn(await admin.get(`${path}/edit`))
  const undo = await undoAfter(admin, await admin.post(path, { ...form, name: '长春铁厂' }))
  t.equal((await db('suppliers').first('name')).name, '长春铁厂')
  t.match(await undo?.(), { location: path })
  t.equal((await db('suppliers').first('name')).name, '长春钢材厂')
  const { version } = await db('suppliers').first('version')
  const restore = await undoAfter(admin, await admin.post(`${path}/deletion`, { version }))
  t.match(await restore?.(), { location: path })
})
