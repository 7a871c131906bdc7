import t from 'tap'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'
import { check, finished, formOf, take, upload, xlsx } from './fixtures/upload.ts'

/** 李雷 with the right to import, and further ones. */
const world = async (t: Parameters<typeof buildTestApp>[0], rights: string[], lost: string[] = []) => {
  const { app, db, as } = await buildTestApp(t)
  const role = await db('roles').where({ code: 'user' }).first('id')
  const give = async (permissions: string[]) => {
    for (const permission of permissions) await db('role_permissions').insert({ role_id: role.id, permission })
    await bumpRevision(db)
  }
  await db('role_permissions').where({ role_id: role.id }).whereIn('permission', lost).delete()
  await give(['customers.import', ...rights])
  const names = () => db('customers').orderBy('id').pluck('name')
  return { app, db, one: await as('韩梅梅'), plain: await as('李雷'), give, names }
}

const customers = ['客户名称', '联系人']

t.test('who may not add customers cannot add them by import', async (t) => {
  const { db, one, plain, names } = await world(t, [])
  t.match((await plain.get('/customers')).text, /还没有客户。可以新增，也可以从 Excel 文件导入。 *导入客户或联系人/)
  const file = await xlsx(customers, [['甲', '']])
  t.equal((await upload(plain, file)).status, 403)
  t.equal((await db('imports')).length, 0, 'nothing is kept of it')
  t.notMatch((await plain.get('/imports/new')).body, 'value="customers"', 'it is not offered')
  const { location } = await check(one, customers, [['甲', '']])
  const seen = await plain.get(location)
  t.match(seen.text, '您没有新增客户的权限')
  t.notOk(seen.page.querySelector('form[action$=execution] button'))
  t.match(await plain.post(`${location}/execution`), { status: 403 })
  t.strictSame(await names(), [])
})

t.test('nor contacts, with a customer or by themselves', async (t) => {
  const { plain, db, names } = await world(t, ['customers.create'], ['contacts.create'])
  const { location: mapping = '' } = await upload(plain, await xlsx(customers, [['甲', '张三']]))
  const form = formOf(await plain.get(mapping), '#mapping')
  t.match(await plain.post(mapping, form), { status: 403, text: /您没有新增联系人的权限/ })
  const { location = '' } = await plain.post(mapping, { ...form, column_1: '' })
  await finished(plain, location)
  await take(plain, location)
  t.strictSame(await names(), ['甲'], 'without the column of contacts')
  t.equal((await db('contacts')).length, 0)
  t.equal((await upload(plain, await xlsx(['公司', '姓名'], [['甲', '李四']]), { kind: 'contacts' })).status, 403)
  const { location: other = '' } = await upload(plain, await xlsx(customers, [['乙', '']]))
  t.notMatch((await plain.get(other)).text, '改为导入联系人')
  t.equal((await plain.post(other.replace('mapping', 'kind'), { kind: 'contacts' })).status, 403)
})

t.test('nor the customers that contacts lack', async (t) => {
  const { plain, give, names, app } = await world(t, [])
  const seen = await check(plain, ['公司名称', '姓名'], [['没有的公司', '李四']], 'contacts')
  t.match(seen.text, /1 行联系人的客户在系统中都没有.*1 行联系人所属的客户在系统中没有/)
  t.notOk(seen.page.querySelector('form[action$=missing-records]'))
  t.equal((await plain.post(`${seen.location}/missing-records`)).status, 403)
  t.strictSame(await names(), [])
  await give(['customers.create'])
  await plain.post(`${seen.location}/missing-records`)
  await app.runJobs()
  await take(plain, seen.location)
  t.strictSame(await names(), ['没有的公司'])
})

t.test('what was stopped is gone on with only by one who might have begun it', async (t) => {
  const { db, one, plain } = await world(t, ['customers.create'], ['customers.update'])
  const { location } = await check(one, ['客户名称'], [['甲']])
  await db('jobs').update({ state: 'failed', outcome: '停电' })
  for (const choices of [
    { existing_choice: 'skip', phone_choice: 'fill' },
    { existing_choice: 'overwrite', phone_choice: 'add' },
  ]) {
    await db('imports').update({ state: 'taking', ...choices })
    t.equal((await plain.post(`${location}/execution`)).status, 403)
  }
  t.equal((await one.post(`${location}/execution`)).status, 303)
})

t.test('an import of somebody else is undone only by one who may delete', async (t) => {
  const { one, plain, give, app, names } = await world(t, ['customers.create'])
  const { location } = await check(one, ['客户名称'], [['甲']])
  await take(one, location)
  t.notMatch((await plain.get(location)).text, '撤销导入')
  t.equal((await plain.get(`${location}/undo`)).status, 403)
  t.equal((await plain.post(`${location}/undo`)).status, 403)
  t.strictSame(await names(), ['甲'])
  await give(['customers.delete'])
  t.equal((await plain.post(`${location}/undo`)).status, 303)
  await app.runJobs()
  t.strictSame(await names(), [])
})

t.test('an import gives no customer away that its maker may not hand over', async (t) => {
  const { app, db, as } = await buildTestApp(t)
  const one = await as('韩梅梅')
  await take(one, (await check(one, ['客户名称', '地址'], [['下属的公司', '旧址']])).location)
  const before = await db('customers').first('owner_id')
  const role = await everyRightWithin(db, '不移交', { view: 'all', without: ['customers.transfer'] })
  const me = await addPerson(db, '不移', [role])
  const mine = await signedIn(app, '不移')
  const headings = ['客户名称', '地址', '所属人员']
  const done = await take(mine, (await check(mine, headings, [['下属的公司', '新址', '不移']])).location, {
    existing: 'overwrite',
  })
  t.match(done.text, '您不能移交它')
  t.match(await db('customers').first(), { ...before, address: '旧址' })
  await db('role_permissions').insert({ role_id: role, permission: 'customers.transfer' })
  await bumpRevision(db)
  const again = (await check(mine, headings, [['下属的公司', '新址', '不移']])).location
  await take(mine, again, { existing: 'overwrite' })
  t.match(await db('customers').first(), { owner_id: me, address: '新址' })
})

t.test('an import overwrites only what its maker may change', async (t) => {
  const { app, db, as } = await buildTestApp(t)
  const one = await as('韩梅梅')
  const change = await everyRightWithin(db, '改自己的', { view: 'all', change: 'own' })
  const me = await addPerson(db, '自改', [change])
  const mine = await signedIn(app, '自改')
  const rows = [
    ['我的公司', '旧址', '张三', '旧职'],
    ['别人的公司', '旧址', '李四', '旧职'],
  ]
  const headings = ['客户名称', '地址', '联系人', '职务']
  await take(one, (await check(one, headings, rows)).location)
  await db('customers').where({ name: '我的公司' }).update({ owner_id: me })
  const now = rows.map(([name, , person]) => [name, '新址', person, '新职'])
  for (const existing of ['overwrite', 'fill']) {
    const done = await take(mine, (await check(mine, headings, now)).location, { existing })
    t.match(done.text, '3 别人的公司', existing)
    t.match(done.text, '归其他人所有')
  }
  t.strictSame(await db('customers').orderBy('id').pluck('address'), ['新址', '旧址'])
  t.strictSame(await db('contacts').orderBy('id').pluck('position'), ['新职', '旧职'])
  const people = [
    ['我的公司', '张三', '再新职'],
    ['别人的公司', '李四', '再新职'],
  ]
  const { location } = await check(mine, ['所属客户', '姓名', '职务'], people, 'contacts')
  await take(mine, location, { existing: 'overwrite' })
  t.strictSame(await db('contacts').orderBy('id').pluck('position'), ['再新职', '旧职'])

  // Whoever may change everybody's customers may for that not change or add their contacts.
  const further = await everyRightWithin(db, '改所有客户', {
    view: 'all',
    without: ['contacts.update', 'contacts.create'],
  })
  await db('user_roles').insert({ user_id: me, role_id: further })
  await bumpRevision(db)
  const both = ['李四', '王五'].map((person) => ['别人的公司', '再新址', person, '三新职'])
  await take(mine, (await check(mine, headings, both)).location, { existing: 'overwrite' })
  t.strictSame(await db('customers').orderBy('id').pluck('address'), ['新址', '再新址'])
  t.strictSame(await db('contacts').orderBy('id').pluck('position'), ['再新职', '旧职'])
  await db('user_roles').where({ role_id: further }).delete()
  await bumpRevision(db)

  // Whoever may add contacts at everybody's customers may for that not change those that are there.
  const { id: role } = await db('roles').where({ code: 'user' }).first('id')
  await db('role_permissions').where({ role_id: role }).delete()
  await db('role_permissions').insert({ role_id: role, permission: 'contacts.create' })
  await db('user_roles').insert({ user_id: me, role_id: role })
  await bumpRevision(db)
  const again = await check(mine, ['所属客户', '姓名', '职务'], [['别人的公司', '李四', '三新职']], 'contacts')
  const done = await take(mine, again.location, { existing: 'overwrite' })
  t.match(done.text, /李四.*归其他人所有/)
  t.strictSame(await db('contacts').orderBy('id').pluck('position'), ['再新职', '旧职'])
})
