import t, { type Test } from 'tap'
import { codesFor } from '../../../src/kernel/numbers.ts'
import { changeSettings } from '../../../src/kernel/settings/settings.ts'
import { newFormId } from '../../../src/kernel/web/submissions.ts'
import { text } from '../../../src/texts/index.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { create, errorAt, fieldsIn, totalIn, typed } from './fixtures/customers.ts'

async function companyOf(t: Test) {
  const { db, as } = await buildTestApp(t)
  return { db, admin: await as('韩梅梅') }
}

t.test('codes: made by the pattern, typed, taken', async (t) => {
  const { db, admin } = await companyOf(t)
  const codeOf = async (id: number) => (await db('customers').where({ id }).first('code')).code
  t.equal(await codeOf(await create(admin)), 'KH000001')
  await create(admin, { code: 'KH000002' })
  t.equal(await codeOf(await create(admin)), 'KH000003', 'one that was typed before is passed over')
  await changeSettings(db, { customerCodePattern: 'C{yy}-{0000}' })
  t.match(await codeOf(await create(admin)), /^C\d\d-0004$/)
  const taken = await admin.post('/customers', typed({ code: 'KH000002' }))
  t.match([taken.status, errorAt(taken, 'code')], [422, '此编码已被使用'])
  await admin.post('/customers/2/deletion', { version: 1 })
  t.equal((await admin.post('/customers', typed({ code: 'KH000002' }))).status, 422, 'also in the recycle bin')
  const moved = await admin.post('/customers/1', typed({ code: 'KH000003', version: 1, phone: '0431-84978981' }))
  t.match(
    [moved.status, errorAt(moved, 'code'), fieldsIn(moved)],
    [422, '此编码已被使用', { phone: '0431-84978981', version: '1' }],
  )
  t.equal((await admin.post('/customers/1', typed({ code: '', version: 1 }))).status, 303)
  t.equal(await codeOf(1), 'KH000001', 'an emptied code stays as it was')
})

t.test('a double click makes one customer', async (t) => {
  const { db, admin } = await companyOf(t)
  const { form_id = '' } = fieldsIn(await admin.get('/customers/new'))
  const answers = await Promise.all([1, 2, 3, 4].map(() => admin.post('/customers', typed({ form_id }))))
  t.strictSame(
    answers.map(({ status, location }) => [status, location]),
    Array(4).fill([303, '/customers/1']),
  )
  t.equal((await admin.post('/customers', typed({ form_id }))).location, '/customers/1', 'and once more, later')
  t.equal((await db('customers')).length, 1)
  const other = await admin.post('/customers', typed({ form_id: newFormId(), code: 'KH000001' }))
  t.not(fieldsIn(other).form_id, form_id, 'a refused form can be sent again')
  t.equal(totalIn(await admin.get('/customers')), 1)
})

t.test('what no form sends is refused and breaks nothing', async (t) => {
  const { db, admin } = await companyOf(t)
  await create(admin)
  for (const url of ['/customers', '/customers/1', '/customers/1/deletion', '/customers/1/contacts']) {
    t.match((await admin.send({ method: 'POST', url })).status, /409|422/, `${url} without a body`)
    for (const payload of ['null', '[1]', '{"name":{"a":1}}']) {
      const answer = await admin.send({ method: 'POST', url, payload, headers: { 'content-type': 'application/json' } })
      t.equal(answer.status, 415, `${url} ${payload}`)
    }
  }
  const twice = await admin.post('/customers', {
    ...typed(),
    name: ['甲公司', '乙公司'],
    deleted_at: 'x',
    version: 7,
    id: 99,
  })
  t.equal(twice.location, '/customers/2')
  t.match(await db('customers').where({ id: 2 }).first(), { name: '乙公司', version: 1, deleted_at: null })
})

t.test('a code is one whatever its case and width: typed, made, searched, asked for', async (t) => {
  const { db, admin } = await companyOf(t)
  const id = await create(admin, { code: 'kh000501' })
  t.equal((await db('customers').where({ id }).first()).code, 'kh000501', 'what was typed stays as it was typed')
  for (const code of ['KH000501', 'ＫＨ０００５０１', 'Kh 000501', 'kh000501']) {
    const taken = await admin.post('/customers', typed({ code, name: '另一家公司' }))
    t.match([taken.status, errorAt(taken, 'code')], [422, '此编码已被使用'], code)
    t.equal(totalIn(await admin.get(`/customers?q=${encodeURIComponent(code.replace(' ', ''))}`)), 1, `q=${code}`)
    for (const operator of ['is', 'contains']) {
      const condition = encodeURIComponent(`code:${operator}:${code}`)
      t.equal(totalIn(await admin.get(`/customers?f=${condition}`)), 1, condition)
    }
    const about = await admin.get(`/access-explanation?code=${encodeURIComponent(code)}`)
    t.notMatch(about.text, text.accessExplanation.noRecord, code)
    t.match((await admin.get(`/audit-log?record=${encodeURIComponent(code)}`)).text, '共 1 条', code)
  }
  const respelled = await admin.post(`/customers/${id}`, typed({ code: 'KH000501', version: 1 }))
  t.equal(respelled.status, 303, 'its own code can be written otherwise')
  t.match(await db('customers').where({ id }).first(), { code: 'KH000501', code_key: 'kh000501' })
  const other = await create(admin)
  const moved = await admin.post(`/customers/${other}`, typed({ code: 'kh000501', version: 1 }))
  t.equal(moved.status, 422)
})

t.test('a code typed in small letters is passed over by automatic numbers', async (t) => {
  const { db, admin } = await companyOf(t)
  const codeOf = async (id: number) => (await db('customers').where({ id }).first('code')).code
  await create(admin, { code: 'kh000001' })
  await create(admin, { code: 'Kh 000002' })
  t.equal(await codeOf(await create(admin)), 'KH000003')
  const [first, second] = await db.transaction((trx) =>
    codesFor(trx, 'customers', [null, 'kh000004', null], 'KH{000000}'),
  )
  t.strictSame([first, second], ['KH000005', 'kh000004'], 'and one that comes with it')
})

t.test('a contact has a code of its own in the same way', async (t) => {
  const { db, admin } = await companyOf(t)
  const id = await create(admin)
  const path = `/customers/${id}/contacts`
  t.equal((await admin.post(path, { name: '张三', code: 'lx-1' })).status, 303)
  const taken = await admin.post(path, { name: '李四', code: 'ＬＸ-1' })
  t.match([taken.status, errorAt(taken, 'code')], [422, text.contacts.codeTaken])
  const [one] = await db('contacts')
  t.equal((await admin.post(`${path}/${one.id}`, { name: '张三', code: 'LX-1', version: 1 })).status, 303)
  for (const q of ['q=LX', 'q=ｌｘ', 'code=Lx-', 'f=code:is:lx-1'])
    t.match((await admin.get(`/contacts?${encodeURI(q)}`)).text, '共 1 条', q)
})
