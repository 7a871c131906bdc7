import t from 'tap'
import { buildTestApp } from '../../fixtures/app.ts'
import { create, fieldsIn, typed } from './fixtures/customers.ts'

async function twoPeople(t: Parameters<typeof buildTestApp>[0]) {
  const { db, as } = await buildTestApp(t)
  const [admin, lilei] = [await as('韩梅梅'), await as('李雷')]
  const id = await create(admin, { phone: '0431-84978981', address: '旧街1号', notes: '旧' })
  const stored = () => db('customers').where({ id }).first()
  const opened = fieldsIn(await admin.get(`/customers/${id}/edit`))
  const save = (who: typeof admin, change: Record<string, string>) =>
    who.post(`/customers/${id}`, { ...opened, ...change })
  return { db, admin, lilei, id, stored, opened, save }
}

t.test('what both changed is chosen, what one changed is taken from there', async (t) => {
  const { admin, lilei, id, stored, save } = await twoPeople(t)
  t.equal((await save(lilei, { phone: '0431-11111111', address: '对方街', short_name: '对方' })).status, 303)
  const answer = await save(admin, { phone: '0431-22222222', address: '我的街', notes: '我的' })
  t.equal(answer.status, 409)
  t.match(answer.text, '李雷')
  const rows = answer.page
    .querySelectorAll('table.conflict tbody tr')
    .map((row) => row.text.replace(/\s+/g, ' ').trim())
  t.strictSame(rows, [
    '客户简称 （空） 对方 （空）',
    '电话1 0431-84978981 0431-11111111 0431-22222222',
    '地址 旧街1号 对方街 我的街',
    '备注 旧 旧 我的',
  ])
  t.strictSame(
    answer.page.querySelectorAll('input[type=radio]').map((input) => input.getAttribute('name')),
    ['keep_phone', 'keep_phone', 'keep_address', 'keep_address'],
  )
  t.equal((await stored()).phone, '0431-11111111', 'nothing is saved yet')
  const chosen = await admin.post(`/customers/${id}`, {
    ...fieldsIn(answer),
    keep_phone: 'theirs',
    keep_address: 'yours',
  })
  t.equal(chosen.status, 303)
  t.match(await stored(), { phone: '0431-11111111', address: '我的街', short_name: '对方', notes: '我的', version: 3 })
})

t.test('a third save in between asks again', async (t) => {
  const { admin, lilei, id, stored, save, opened } = await twoPeople(t)
  await save(lilei, { phone: '0431-11111111' })
  const first = await save(admin, { phone: '0431-22222222' })
  await lilei.post(`/customers/${id}`, { ...opened, version: '2', phone: '0431-33333333' })
  const second = await admin.post(`/customers/${id}`, { ...fieldsIn(first), keep_phone: 'yours' })
  t.equal(second.status, 409)
  t.match(second.text, '0431-33333333')
  t.equal((await stored()).phone, '0431-33333333')
})

t.test('a version that is missing or makes no sense overwrites nothing unseen', async (t) => {
  const { admin, lilei, stored, save } = await twoPeople(t)
  await save(lilei, { phone: '0431-11111111' })
  for (const version of ['', 'x', 'NaN', '0', '-1', '1.0', '2e0', '0x2', '3', '99', '9999999999', '1']) {
    const answer = await save(admin, { version, phone: '0431-22222222' })
    t.equal(answer.status, 409, `version ${version}`)
    t.equal(answer.page.querySelectorAll('[name=keep_phone]').length, 2, `asks about the phone, version ${version}`)
    t.equal((await stored()).phone, '0431-11111111')
  }
  t.equal((await admin.post('/customers/1', typed({ phone: '0431-22222222' }))).status, 409)
})

t.test('of parallel saves at one version exactly one wins', async (t) => {
  const { db, admin, lilei, stored, save } = await twoPeople(t)
  const phones = [1, 2, 3, 4, 5, 6].map((digit) => `0431-8888888${digit}`)
  const answers = await Promise.all(phones.map((phone, index) => save(index % 2 ? admin : lilei, { phone })))
  t.strictSame(answers.map(({ status }) => status).sort(), [303, 409, 409, 409, 409, 409])
  t.match(await stored(), { phone: phones[answers.findIndex(({ status }) => status === 303)], version: 2 })
  t.equal((await db('events').where({ record_type: 'customers', action: 'update' })).length, 1)
})

t.test('the same change by both is no conflict, and no change is none', async (t) => {
  const { admin, lilei, save, stored } = await twoPeople(t)
  await save(lilei, { phone: '0431-11111111' })
  t.equal((await save(admin, { phone: '0431-11111111' })).status, 303)
  t.equal((await stored()).version, 2)
})

t.test('a wrong tax number that was to be kept needs no second word after a conflict', async (t) => {
  const { admin, lilei, id, save, stored } = await twoPeople(t)
  await save(lilei, { phone: '0431-11111111' })
  const answer = await save(admin, { credit_code: '91440400192548256M', is_credit_code_kept: 'true' })
  t.equal(answer.status, 409)
  t.equal((await admin.post(`/customers/${id}`, fieldsIn(answer))).status, 303)
  t.match(await stored(), { credit_code: '91440400192548256M', phone: '0431-11111111' })
})

t.test('a deletion of what was changed since is refused', async (t) => {
  const { admin, lilei, id, save, stored } = await twoPeople(t)
  const asked = fieldsIn(await admin.get(`/customers/${id}/deletion`))
  await save(lilei, { phone: '0431-11111111' })
  const answer = await admin.post(`/customers/${id}/deletion`, asked)
  t.match([answer.status, answer.text], [409, /刚刚被别人改动/])
  for (const version of ['', 'x', '99'])
    t.equal((await admin.post(`/customers/${id}/deletion`, { version })).status, 409)
  t.equal((await stored()).deleted_at, null)
  const twice = await Promise.all([1, 2].map(() => admin.post(`/customers/${id}/deletion`, { version: 2 })))
  const [won, lost] = twice.map(({ status }) => status).sort() as [number, number]
  // Two connections may both have found it before one of them is told that it changed since.
  t.ok(won === 303 && [404, 409].includes(lost), `${won} and ${lost}`)
  t.equal((await save(lilei, { phone: '0431-33333333' })).status, 404, 'and is not brought back by a save')
})
