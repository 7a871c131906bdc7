import type { Knex } from 'knex'
import t from 'tap'
import { ranges } from '../../../src/kernel/permissions.ts'
import { addDepartment } from '../../../src/people/departments/department.ts'
import { type Browser, buildTestApp } from '../../fixtures/app.ts'
import { actor, makeCustomer } from '../../fixtures/world.ts'
import { addPerson, everyRightWithin, signedIn } from './fixtures/people.ts'

/** 销售部 with 一组 below it, and 客服部 beside: a manager above two salespeople, one of whom sits in 客服部. */
async function company(db: Knex) {
  const sales = await addDepartment(db, { name: '销售部' }, actor)
  const team = await addDepartment(db, { name: '一组', parent_id: sales }, actor)
  const service = await addDepartment(db, { name: '客服部' }, actor)
  const manager = await addPerson(db, '经理', [], { department_id: sales })
  const ids = {
    经理: manager,
    同部: await addPerson(db, '同部', [], { department_id: sales }),
    下属: await addPerson(db, '下属', [], { department_id: service, superior_id: manager }),
    组员: await addPerson(db, '组员', [], { department_id: team }),
    外人: await addPerson(db, '外人', [], { department_id: service }),
  }
  for (const [name, owner_id] of Object.entries(ids))
    await makeCustomer(db, { name: `${name}的客户`, owner_id, phone: '0431-84978981', province_code: '220000' })
  return ids
}

const reached = {
  own: ['经理'],
  team: ['经理', '下属'],
  department: ['经理', '同部'],
  branch: ['经理', '同部', '组员'],
  all: ['经理', '同部', '下属', '组员', '外人'],
}

const give = async (db: Knex, user_id: number, role_id: number) => {
  await db('user_roles').where({ user_id }).delete()
  await db('user_roles').insert({ user_id, role_id })
  await db('revisions').increment('number', 1)
}

const namesIn = (text: string) => [...new Set(text.match(/(经理|同部|下属|组员|外人)的客户/g) ?? [])].sort()
const expected = (names: string[]) => names.map((name) => `${name}的客户`).sort()

t.test('each range shows exactly the customers it says, wherever customers are shown and counted', async (t) => {
  const { app, db } = await buildTestApp(t)
  const ids = await company(db)
  const { 经理: manager } = ids
  const one = await signedIn(app, '经理')
  for (const view of ranges) {
    await give(db, manager, await everyRightWithin(db, `范围 ${view}`, { view }))
    const names = expected(reached[view])
    const total = `共 ${names.length} 条`
    for (const query of ['', '?q=客户', '?q=84978981', '?sort=-name', '?q=客户&sort=code', '?province_code=220000']) {
      const list = await one.get(`/customers${query}`)
      t.strictSame(namesIn(list.text), names, `${view} ${query}`)
      t.match(list.text, total, `${view} ${query} counts`)
    }
    for (const path of ['/customers.csv', '/customers/print', '/contacts', '/contacts.csv', '/contacts?q=客户'])
      t.strictSame(namesIn((await one.get(path)).text), names, `${view} ${path}`)
    for (const [name, id] of Object.entries(ids))
      for (const more of ['', '&q=客户', '&sort=name']) {
        const shown = reached[view].includes(name) ? expected([name]) : []
        const list = await one.get(`/customers?owner_id=${id}${more}`)
        t.strictSame(namesIn(list.page.querySelector('#list')?.text ?? ''), shown, `${view} of ${name} ${more}`)
      }
    t.match((await one.get('/analysis/customer-levels')).text, new RegExp(`合计 ?${names.length} `), view)
    t.strictSame(namesIn((await one.get('/customers?f=name:contains:客户')).text), names, `${view} condition`)
  }
})

t.test('who reaches more people than a search takes as words finds the same', async (t) => {
  const { app, db } = await buildTestApp(t)
  const { 经理: manager } = await company(db)
  for (let at = 0; at < 510; at++) await addPerson(db, `众${at}`, [], { superior_id: manager })
  await give(db, manager, await everyRightWithin(db, '范围', { view: 'team' }))
  const one = await signedIn(app, '经理')
  const names = expected(reached.team)
  const find = async (address: string, names: string[]) => {
    const { text } = await one.get(address)
    t.strictSame(namesIn(text), names, address)
    t.match(text, `共 ${names.length} 条`, `${address} counts`)
  }
  for (const query of [
    '',
    '?q=客户',
    '?q=84978981',
    '?q=客户&sort=code',
    '?province_code=220000',
    '?f=name:contains:客户',
  ])
    await find(`/customers${query}`, names)
  await find('/customers?q=xiashu', ['下属的客户'])
  await find('/customers?q=wairen', [])
  t.strictSame(namesIn((await one.get('/contacts?q=客户')).text), names)
  t.strictSame(namesIn((await one.get('/contacts?q=wairen')).text), [])
})

t.test('customers are asked for by the department of their owner, with all below it', async (t) => {
  const { db, as } = await buildTestApp(t)
  await company(db)
  await makeCustomer(db, { name: '无部门' })
  const admin = await as('韩梅梅')
  const department = async (name: string) => (await db('departments').where({ name }).first('id')).id
  const find = async (condition: string) => (await admin.get(`/customers?f=department_id:${condition}`)).text
  t.strictSame(namesIn(await find(`in:${await department('销售部')}`)), expected(['经理', '同部', '组员']))
  t.strictSame(namesIn(await find(`in:${await department('一组')}`)), expected(['组员']))
  const several = `${await department('一组')},${await department('客服部')}`
  t.strictSame(namesIn(await find(`in:${several}`)), expected(['组员', '下属', '外人']))
  const without = await find('empty')
  t.strictSame(namesIn(without), [])
  t.match(without, '无部门')
})

t.test('one who reaches nobody sees nothing, and one without a department only the own', async (t) => {
  const { app, db } = await buildTestApp(t)
  await company(db)
  const own = await addPerson(db, '孤单', [await everyRightWithin(db, '部门', { view: 'department' })])
  const one = await signedIn(app, '孤单')
  t.match((await one.get('/customers')).text, '共 0 条')
  await makeCustomer(db, { name: '孤单的客户', owner_id: own })
  t.match((await one.get('/customers')).text, '孤单的客户')
})

t.test('a right without a range is about the own; who sees all already may move anybody', async (t) => {
  const { app, db } = await buildTestApp(t)
  const { 经理: manager, 下属: below, 外人: other } = await company(db)
  const one = await signedIn(app, '经理')
  const role = await everyRightWithin(db, '都看', { view: 'all', without: ['roles.assign'] })
  await give(db, manager, role)
  const { username, name, status, version } = await db('users').where({ id: other }).first()
  const moved = await one.post(`/users/${other}`, { username, name, status, version, superior_id: below })
  t.equal(moved.status, 303, moved.text)
  t.equal((await db('users').where({ id: other }).first()).superior_id, below)
  await db('role_ranges').where({ role_id: role }).delete()
  await db('revisions').increment('number', 1)
  t.strictSame(namesIn((await one.get('/customers')).text), expected(reached.own))
})

t.test('several roles reach together what each reaches', async (t) => {
  const { app, db } = await buildTestApp(t)
  const ids = await company(db)
  const team = await everyRightWithin(db, '下属', { view: 'team' })
  const department = await everyRightWithin(db, '部门', { view: 'department' })
  await give(db, ids.经理, team)
  await db('user_roles').insert({ user_id: ids.经理, role_id: department })
  const one = await signedIn(app, '经理')
  t.strictSame(namesIn((await one.get('/customers')).text), expected(['经理', '下属', '同部']))
})

t.test('what may be seen but not changed is a 403, and a right counts only with the role that has it', async (t) => {
  const { app, db } = await buildTestApp(t)
  const ids = await company(db)
  const looking = await everyRightWithin(db, '看', { view: 'all', change: 'own' })
  const changing = await everyRightWithin(db, '改', { view: 'own', change: 'all', without: ['customers.export'] })
  await give(db, ids.经理, looking)
  await db('user_roles').insert({ user_id: ids.经理, role_id: changing })
  const one = await signedIn(app, '经理')
  const idOf = async (name: string) =>
    (
      await db('customers')
        .where({ name: `${name}的客户` })
        .first('id')
    ).id
  t.equal((await one.get(`/customers/${await idOf('外人')}/edit`)).status, 200, 'the second role changes all')
  await give(db, ids.经理, looking)
  const [mine, theirs] = [await idOf('经理'), await idOf('外人')]
  t.equal((await one.get(`/customers/${theirs}`)).status, 200)
  for (const act of ['edit', 'deletion', 'contacts/new'])
    for (const [id, status] of [
      [mine, 200],
      [theirs, 403],
    ])
      t.equal((await one.get(`/customers/${id}/${act}`)).status, status, `${act} of ${id}`)
  const card = await one.get(`/customers/${theirs}`)
  t.notOk(card.page.querySelector('a[href$="/edit"]'), 'no button leads to a refusal')
  t.notOk(card.page.querySelector('a[href$="/deletion"]'))
  t.equal((await one.post(`/customers/${theirs}`, { version: 1, name: '改' })).status, 403)
  t.equal((await one.post(`/customers/${theirs}/deletion`, { version: 1 })).status, 403)
})

async function selected(one: Browser, act: string, ids: number[]) {
  const form = { act, scope: 'rows', query: '', ids: ids.map(String) }
  return (await one.post('/customers/selections', form)).location as string
}

t.test('a selection takes nothing that is out of reach, whatever ids a form names', async (t) => {
  const { app, db } = await buildTestApp(t)
  const ids = await company(db)
  await give(db, ids.经理, await everyRightWithin(db, '本人', { view: 'own' }))
  const all: number[] = await db('customers').orderBy('id').pluck('id')
  const one = await signedIn(app, '经理')
  const deletion = await selected(one, 'delete', all)
  t.match((await one.get(deletion)).text, '1 个客户')
  await one.post(deletion, { form_id: '' })
  t.strictSame(await db('customers').whereNotNull('deleted_at').pluck('name'), ['经理的客户'])
  await give(db, ids.经理, await everyRightWithin(db, '看全部', { view: 'all', change: 'own' }))
  const change = await selected(one, 'level_id', all)
  const { id: level } = await db('dictionary_entries').where({ dictionary: 'customer-levels' }).first('id')
  await one.post(change, { level_id: level, form_id: '' })
  t.equal((await db('customers').where({ level_id: level })).length, 0, 'those that are only looked at stay')
})

t.test('a person who moves takes the reach along at once', async (t) => {
  const { app, db } = await buildTestApp(t)
  const ids = await company(db)
  await give(db, ids.经理, await everyRightWithin(db, '部门', { view: 'department' }))
  const one = await signedIn(app, '经理')
  t.strictSame(namesIn((await one.get('/customers')).text), expected(['经理', '同部']))
  const outsider = await db('users').where({ id: ids.外人 }).first()
  const admin = await signedIn(app, '韩梅梅')
  const { department_id } = await db('users').where({ id: ids.经理 }).first()
  const role = await db('roles').where({ code: 'user' }).first('id')
  const form = {
    username: '外人',
    name: '外人',
    status: 'active',
    version: outsider.version,
    role_id: role.id,
    department_id,
  }
  t.equal((await admin.post(`/users/${ids.外人}`, form)).status, 303)
  t.strictSame(namesIn((await one.get('/customers')).text), expected(['经理', '同部', '外人']))
})
