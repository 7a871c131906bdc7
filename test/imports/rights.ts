import t from 'tap'
import { moveRevision } from '../../src/db/revision.ts'
import { buildTestApp } from '../fixtures/app.ts'
import { check, finished, formOf, take, upload, xlsx } from './fixtures/upload.ts'

/** 李雷 with the right to import, and further ones. */
const world = async (t: Parameters<typeof buildTestApp>[0], rights: string[], lost: string[] = []) => {
  const { app, db, as } = await buildTestApp(t)
  const role = await db('roles').where({ code: 'user' }).first('id')
  const give = async (permissions: string[]) => {
    for (const permission of permissions) await db('role_permissions').insert({ role_id: role.id, permission })
    await moveRevision(db)
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
  t.notOk(seen.page.querySelector('form[action$=missing-customers]'))
  t.equal((await plain.post(`${seen.location}/missing-customers`)).status, 403)
  t.strictSame(await names(), [])
  await give(['customers.create'])
  await plain.post(`${seen.location}/missing-customers`)
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
