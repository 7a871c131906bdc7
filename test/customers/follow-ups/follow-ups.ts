import t from 'tap'
import { today } from '../../../src/kernel/china/clock.ts'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import { type Answer, type Browser, buildTestApp } from '../../fixtures/app.ts'
import { errorAt } from '../../fixtures/forms.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'
import { create } from '../customers/fixtures/customers.ts'

const { app, db, as } = await buildTestApp(t)
const own = await everyRightWithin(db, '自己的', { view: 'own', without: ['follow_ups.delete'] })
const team = await everyRightWithin(db, '下级的', { view: 'team' })
const reading = await everyRightWithin(db, '只读', { view: 'all', without: ['follow_ups.create', 'follow_ups.delete'] })
const writing = await everyRightWithin(db, '只记', {
  view: 'all',
  without: ['customers.update', 'follow_ups.delete'],
})
const blind = await everyRightWithin(db, '看不到记录', { view: 'all', without: ['follow_ups.view'] })
const boss = await addPerson(db, '主管', [team])
const people: Record<string, number> = {}
for (const [name, role, superior_id] of [
  ['甲', own, boss],
  ['乙', own, boss],
  ['丙', reading],
  ['丁', writing],
  ['戊', blind],
] as const)
  people[name] = await addPerson(db, name, [role], superior_id ? { superior_id } : {})
await bumpRevision(db)
const admin = await as('韩梅梅')
const by = async (name: string) => signedIn(app, name)

const dayIn = (days: number) =>
  new Date(Date.parse(`${today()}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
const customerOf = (name: string, more = {}) =>
  create(admin, {
    name: `${name}公司${Math.random().toString(36).slice(2, 8)}`,
    owner_id: people[name] as number,
    ...more,
  })

let forms = 0
const minute = (ms = 0) => new Date(Date.now() + 8 * 3_600_000 + ms).toISOString().slice(0, 16)
const sent = (customer_id: number, more: Record<string, string> = {}) => ({
  form_id: `follow-up-form-${++forms}`,
  customer_id: String(customer_id),
  content: '电话沟通，下周送样。',
  contacted_at: minute(),
  ...more,
})
const write = (one: Browser, customer: number, more: Record<string, string> = {}): Promise<Answer> =>
  one.post('/follow-ups', sent(customer, more))
const dueOf = async (id: number) => (await db('customers').where({ id }).first()).next_contact_on
const said = ({ page }: Answer) => page.querySelectorAll('#flash .flash').map((one) => one.text.trim())
const after = async (one: Browser, { location = '' }: Answer) => said(await one.get(location))

t.test('a record is written on the card, and brings the customer its next day', async (t) => {
  const one = await by('甲')
  const id = await customerOf('甲', { next_contact_on: dayIn(-3) })
  await admin.post(`/customers/${id}/contacts`, { name: '白玲梅', is_main: 'true' })
  const contact = await db('contacts').where({ customer_id: id }).first('id')
  const { page } = await one.get(`/follow-ups/new?customer_id=${id}&on_card=true`)
  t.equal(page.querySelector('[name=contact_id] [selected]')?.text, '白玲梅', 'the main contact is there already')
  t.equal(page.querySelector('[name=user_id]'), null, 'nobody is asked who he is')
  const answer = await write(one, id, {
    on_card: 'true',
    contact_id: String(contact.id),
    next_contact_on: dayIn(7),
  })
  t.equal(answer.location, `/customers/${id}`)
  t.same(await after(one, answer), ['联系记录「电话沟通，下周送样。」已保存。', `该客户的下次联系时间：${dayIn(7)}。`])
  const [row] = await db('follow_ups').where({ customer_id: id })
  t.match(row, { subject: '电话沟通，下周送样。', user_id: people.甲, contact_id: contact.id })
  t.equal(await dueOf(id), dayIn(7))
  const card = await one.get(`/customers/${id}`)
  t.match(card.page.querySelector('.timeline')?.text, /新增\s+联系记录/)
  t.match((await one.get(`/customers/${id}/history`)).text, dayIn(7))
  t.match((await one.get('/follow-ups')).text, '电话沟通，下周送样。')
})

t.test(
  'an open day stays in the form, is said where it is changed; without one the day that has come is done',
  async (t) => {
    const one = await by('甲')
    const id = await customerOf('甲', { next_contact_on: dayIn(5) })
    const { page } = await one.get(`/follow-ups/new?customer_id=${id}`)
    t.equal(page.querySelector('[name=next_contact_on]')?.getAttribute('value'), dayIn(5))
    t.same(await after(one, await write(one, id, { next_contact_on: dayIn(5) })), [
      '联系记录「电话沟通，下周送样。」已保存。',
    ])
    t.match(await after(one, await write(one, id, { next_contact_on: dayIn(2) })), [
      /已保存/,
      `该客户的下次联系时间：${dayIn(2)}。`,
      `该客户原定 ${dayIn(5)} 联系。`,
    ])
    t.match(await after(one, await write(one, id)), [/已保存/])
    t.equal(await dueOf(id), dayIn(2), 'nothing is said of an open one: it stays')
    const due = await customerOf('甲', { next_contact_on: dayIn(-1) })
    t.match(await after(one, await write(one, due)), [/已保存/, /已到期，不再提醒/])
    t.equal(await dueOf(due), null)
  },
)

t.test('of two who write at once both stay, and the later day holds and is said', async (t) => {
  const id = await customerOf('甲')
  const [one, other] = [await by('甲'), await by('丁')]
  await write(other, id, { next_contact_on: dayIn(9), content: '丁的' })
  t.match(await after(one, await write(one, id, { next_contact_on: dayIn(4), content: '甲的' })), [
    /已保存/,
    `丁刚才也为该客户写了联系记录，下次联系时间取较晚的 ${dayIn(9)}。`,
  ])
  t.equal((await db('follow_ups').where({ customer_id: id })).length, 2)
  t.equal(await dueOf(id), dayIn(9))
})

t.test('what cannot be is refused at its field, and what was typed stays', async (t) => {
  const one = await by('甲')
  const [id, other] = [await customerOf('甲', { next_contact_on: dayIn(1) }), await customerOf('甲')]
  await admin.post(`/customers/${other}/contacts`, { name: '别家的人' })
  const stranger = await db('contacts').where({ customer_id: other }).first('id')
  for (const [field, value, sentence] of [
    ['next_contact_on', dayIn(-1), /已经过去/],
    ['contacted_at', minute(3_600_000), /不能晚于现在/],
    ['contact_id', String(stranger.id), /请从列表中选择/],
    ['content', '', /不能为空|请填写/],
    ['content', '长'.repeat(20_001), /20,?000/],
  ] as const) {
    const answer = await write(one, id, { [field]: value, next_content: '送样' })
    t.equal(answer.status, 422, field)
    t.match(errorAt(answer.page, field), sentence)
    t.equal(answer.page.querySelector('[name=next_content]')?.getAttribute('value'), '送样')
  }
  t.equal((await db('follow_ups').where({ customer_id: id })).length, 0, 'nothing is half-written')
  t.equal(await dueOf(id), dayIn(1))
  t.equal((await write(one, id, { content: '😀'.repeat(19_000) })).status, 303, 'a page of emoji fits')
  const form = sent(id, { content: '双击' })
  const [first, second] = [await one.post('/follow-ups', form), await one.post('/follow-ups', form)]
  t.equal(second.location, first.location)
  t.equal((await db('follow_ups').where({ customer_id: id, content: '双击' })).length, 1)
  t.equal((await one.post('/follow-ups', { ...form, form_id: 'none', customer_id: '' })).status, 422)
  await admin.post(`/customers/${id}/deletion`, {
    version: String((await db('customers').where({ id }).first()).version),
  })
  t.equal((await write(one, id)).status, 404, 'the customer went meanwhile')
})

t.test('who sees a customer reads its records; another right writes them, and none is seen without', async (t) => {
  const id = await customerOf('甲')
  await write(await by('甲'), id, { content: '秘密谈话' })
  const { id: record } = await db('follow_ups').where({ customer_id: id }).first('id')
  const paths = ['/follow-ups', '/follow-ups.csv', '/follow-ups/print', '/search?q=谈话', `/customers/${id}`]
  for (const [name, sees] of Object.entries({ 甲: true, 乙: false, 丙: true, 丁: true, 戊: false, 主管: true })) {
    const one = await by(name)
    for (const path of paths) t.equal((await one.get(path)).body.includes('秘密'), sees, `${name} ${path}`)
    t.equal((await one.get(`/follow-ups/${record}`)).status === 200, sees, name)
  }
  t.equal((await write(await by('丙'), id)).status, 403, 'without the right nothing is added')
  t.equal((await write(await by('丁'), id)).status, 303, 'with it also to whom one does not change')
  t.equal((await write(await by('乙'), id)).status, 404, 'out of reach')
  t.notMatch((await (await by('丙')).get('/customers')).text, '增加记录')
  t.match((await (await by('丁')).get('/customers')).text, '增加记录')
})

t.test('who wrote a record corrects it for a day, then a superior; what stood there is kept', async (t) => {
  const id = await customerOf('甲')
  const [one, other, above] = [await by('甲'), await by('丁'), await by('主管')]
  await write(one, id, { content: '写错了' })
  const { id: record } = await db('follow_ups').where({ customer_id: id }).first('id')
  const change = async (who: Browser, content: string) => {
    const { version } = await db('follow_ups').where({ id: record }).first('version')
    const contacted_at = (await one.get(`/follow-ups/${record}`)).status === 200 ? minute() : ''
    return (await who.post(`/follow-ups/${record}`, { content, contacted_at, version: String(version) })).status
  }
  t.equal(await change(other, '别人改'), 409, 'not a colleague')
  t.equal(await change(one, '改对了'), 303)
  t.match((await one.get(`/follow-ups/${record}`)).text, '写错了', 'the history has what stood there')
  await db('follow_ups')
    .where({ id: record })
    .update({ created_at: new Date(Date.now() - 25 * 3_600_000).toISOString() })
  t.equal(await change(one, '太晚了'), 409)
  t.equal((await one.get(`/follow-ups/${record}`)).page.querySelector(`a[href="/follow-ups/${record}/edit"]`), null)
  t.equal(await change(above, '主管改'), 303)
})

t.test('from the list of customers one comes back to it, with its filters', async (t) => {
  const one = await by('甲')
  const id = await customerOf('甲')
  const from = '/customers?sort=-name&per=10'
  const link = (await one.get(from)).page.querySelector(`a[href*="customer_id=${id}&"]`)?.getAttribute('href') as string
  const opened = await one.send({
    method: 'GET',
    url: link.replaceAll('&amp;', '&'),
    headers: { referer: `http://localhost${from}`, host: 'localhost' },
  })
  t.equal(opened.page.querySelector('[name=back]')?.getAttribute('value'), from)
  t.equal((await write(one, id, { on_card: 'true', back: from })).location, from)
  for (const back of ['//evil.example', 'https://evil.example/', '/\\evil'])
    t.equal((await write(one, id, { on_card: 'true', back })).location, `/customers/${id}`, back)
})

t.test('a contact that goes keeps the record; a customer that goes for good takes its records along', async (t) => {
  const id = await customerOf('甲')
  await admin.post(`/customers/${id}/contacts`, { name: '走的人' })
  const contact = await db('contacts').where({ customer_id: id }).first()
  await write(await by('甲'), id, { contact_id: String(contact.id) })
  const { id: record } = await db('follow_ups').where({ customer_id: id }).first('id')
  await admin.post(`/customers/${id}/contacts/${contact.id}/deletion`, { version: String(contact.version) })
  t.match((await admin.get(`/follow-ups/${record}`)).text, /走的人/)
  const { version } = await db('customers').where({ id }).first('version')
  await admin.post(`/customers/${id}/deletion`, { version: String(version) })
  t.equal((await admin.get(`/follow-ups/${record}`)).status, 404)
  const gone = await db('customers').where({ id }).first('version')
  const purged = await admin.post(`/recycle-bin/customers/${id}/purge`, { version: String(gone.version) })
  t.equal(purged.status, 303, purged.text)
  t.equal(await db('follow_ups').where({ id: record }).first(), undefined)
})
