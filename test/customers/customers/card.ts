import t from 'tap'
import { today } from '../../../src/kernel/china/clock.ts'
import { recordEvent } from '../../../src/kernel/history/history.ts'
import { type Answer, buildTestApp } from '../../fixtures/app.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'
import { actor, create, fieldsIn } from './fixtures/customers.ts'

const { app, db, as } = await buildTestApp(t)
const admin = await as('韩梅梅')
const level = await db('dictionary_entries').where({ dictionary: 'customer-levels' }).first('id', 'label')
const id = await create(admin, { phone: '0431-84978981', level_id: String(level.id), next_contact_on: today() })
const card = `/customers/${id}`
await admin.post(`${card}/contacts`, { name: '王敏', position: '经理', mobile: '13800138000', form_id: 'contact-0001' })
const { id: contact } = await db('contacts').where({ customer_id: id }).first('id')
const told = ({ page }: Answer) =>
  page.querySelectorAll('.timeline > li').map((item) => item.text.replace(/\s+/g, ' ').trim())

t.test('the head says of what each mark is, whom to call, the next step and when something changed', async (t) => {
  const { page } = await admin.get(card)
  t.match(page.querySelector('.mark')?.text.replace(/\s+/g, ' '), `级别 ${level.label}`)
  const facts = page.querySelector('.facts')
  t.match(facts?.text.replace(/\s+/g, ' '), /主联系人 王敏 经理 13800138000.*下次联系时间.*所属人员.*最近变更/)
  t.equal(facts?.querySelector('a[href^="tel:"]')?.getAttribute('href'), 'tel:13800138000')
  t.ok(facts?.querySelector('[data-copy="13800138000"]'))
  t.notMatch(page.querySelector('.facts')?.text, '逾期', 'today is in time')
  await db('customers').where({ id }).update({ next_contact_on: '2020-01-01' })
  t.match((await admin.get(card)).page.querySelector('.facts .tone-red')?.text, '2020-01-01 已逾期')
  await db('customers').where({ id }).update({ next_contact_on: null })
})

t.test('what is empty is folded and counted, and what only persons have is not asked of companies', async (t) => {
  const { page } = await admin.get(card)
  const folded = page.querySelector('.facts-side details')
  t.equal(folded?.querySelector('summary')?.text, `空着的 ${folded?.querySelectorAll('dt').length} 项`)
  t.match(folded?.text, '手机')
  t.notMatch(folded?.text, '证件号')
  t.notMatch(folded?.text, '电话1', 'what is filled stands open')
})

t.test('what happened to a customer and its contacts stands together, the newest first, more on demand', async (t) => {
  const form = fieldsIn(await admin.get(`${card}/contacts/${contact}/edit`))
  await admin.post(`${card}/contacts/${contact}`, { ...form, mobile: '13900139000' })
  const first = told(await admin.get(card))
  t.match(
    first[0],
    /韩梅梅 修改 联系人王敏.*手机: 13800138000 → 13900139000/,
    'who changed a telephone is seen at once',
  )
  t.match(first.at(-1), /韩梅梅 新增/)
  for (let year = 1; year <= 14; year += 1) {
    const edit = fieldsIn(await admin.get(`${card}/edit`))
    await admin.post(card, { ...edit, short_name: `简称${year}` })
  }
  const answer = await admin.get(card)
  const newest = told(answer)
  t.equal(newest.length, 13, 'twelve and the way to more')
  t.match(newest[0], '简称14')
  const more = String(answer.page.querySelector('.timeline .more a')?.getAttribute('href'))
  const older = told(await admin.get(more))
  t.match(older[0], '简称2')
  t.equal(older.length, 5, 'two changes, that of the contact, and both as they came')
  t.equal(new Set([...newest, ...older]).size, 18, 'none twice')
  t.equal((await admin.get(`${card}?before=x`)).status, 200)
})

t.test('everybody is told what he may read', async (t) => {
  const role = await everyRightWithin(db, '看不全', { view: 'all', masks: 'phone' })
  await addPerson(db, '看不全', [role])
  const masked = await (await signedIn(app, '看不全')).get(card)
  t.notMatch(masked.body, /13[89]00139000|84978981/)
  t.notOk(masked.page.querySelector('a[href^="tel:"]'), 'nor calls what he must not read')
  const without = ['contacts.view', 'files.view', 'mail.view']
  await addPerson(db, '只看客户', [await everyRightWithin(db, '只看客户', { view: 'all', without })])
  const event = { action: 'upload', record_type: 'customers', record_id: id, record_name: '长春明日科技有限公司' }
  const change = { field: 'file', before: null, after: '合同.doc', beforeText: '', afterText: '合同.doc' }
  await recordEvent(db, actor, { ...event, changes: [change] })
  t.match((await admin.get(card)).text, '合同.doc')
  const few = await (await signedIn(app, '只看客户')).get(card)
  t.equal(few.status, 200)
  t.notMatch(few.body, /王敏|合同/)
})
