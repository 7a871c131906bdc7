import t from 'tap'
import { permissions } from '../../../src/kernel/permissions.ts'
import { addMany, create } from '../../customers/customers/fixtures/customers.ts'
import { type Browser, buildTestApp } from '../../fixtures/app.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'

const { app, db, as } = await buildTestApp(t)
const admin = await as('韩梅梅')
await addPerson(db, '看不全', [await everyRightWithin(db, '看不全', { view: 'all', masks: 'phone' })])
await addPerson(db, '不新增', [
  await everyRightWithin(db, '不新增', { view: 'all', without: ['customers.create', 'suppliers.create'] }),
])
await addPerson(db, '看自己', [await everyRightWithin(db, '看自己', { view: 'own' })])
const id = await create(admin, { name: '长春凯德亚进出口有限公司', address: '人民大街1388号' })
await addMany(db, [{ name: '厦门达江公司' }])
await admin.post(`/customers/${id}/contacts`, { name: '王芳', mobile: '13800138000' })
await admin.post('/suppliers', { name: '凯德亚钢材厂' })

/** What stands below the box on top while this is typed into it. */
async function proposed(one: Browser, q: string) {
  const partial = { 'hx-request': 'true', 'hx-request-type': 'partial', 'hx-target': 'div#search-matches' }
  const { page, status } = await one.get(`/search-proposals?${new URLSearchParams({ q })}`, partial)
  t.equal(status, 200)
  t.notOk(page.querySelector('main'), 'not a whole page')
  return page.querySelectorAll('[role=option]').map((option) => ({
    said: option.text.replace(/\s+/g, ' ').trim(),
    href: option.getAttribute('data-href')?.replaceAll('&amp;', '&'),
  }))
}

t.test('records of all kinds are proposed with the reason of the hit, and the way to all of them', async (t) => {
  const found = await proposed(admin, '凯德亚')
  t.match(
    found.map(({ said }) => said),
    ['长春凯德亚进出口有限公司', '王芳 所属客户 长春凯德亚进出口有限公司', '凯德亚钢材厂', '查看全部结果'],
  )
  t.match(found[0]?.href, `/customers/${id}`)
  t.match(await proposed(admin, '王芳'), [{ said: /王芳/ }, { said: /王芳/ }])
  t.match((await proposed(admin, '人民大街'))[0]?.said, /凯德亚.*人民大街1388号/)
  t.match((await proposed(admin, 'kaideya'))[0]?.said, /凯德亚/, 'whole pinyin from any syllable on')
  t.match((await proposed(admin, '13800138000'))[0]?.said, /王芳|138/)
  t.strictSame(await proposed(admin, ''), [])
})

t.test('while one types nothing is counted, and little is looked at', async (t) => {
  const most: number[] = []
  // What is counted is among the few that were looked at.
  const isLimited = (sql: string) => sql.includes('limit') && !sql.includes('as `some`')
  const listen = ({ sql, bindings }: { sql: string; bindings: unknown[] }) =>
    isLimited(sql) && most.push(...bindings.filter((one) => typeof one === 'number'))
  db.on('query', listen)
  t.ok((await proposed(admin, '公司')).length > 2)
  db.off('query', listen)
  t.ok(most.length > 0 && Math.max(...most) <= 201, `${Math.max(...most)}`)
})

t.test('what is not there is added under the name that was typed, by who may; a number is no name', async (t) => {
  const [first, second] = await proposed(admin, '没有的公司')
  t.match(first, { said: '新增客户「没有的公司」', href: /^\/customers\/new\?name=/ })
  t.match(second, { href: /^\/\w+\/new\?name=/ })
  for (const one of [first, second]) {
    const form = await admin.get(String(one?.href))
    t.equal(form.page.querySelector('main [name=name]')?.getAttribute('value'), '没有的公司')
  }
  t.strictSame(await proposed(admin, '13912345678'), [])
  t.match((await admin.get('/search?q=没有的公司')).page.querySelector('.empty a')?.text, '新增客户「没有的公司」')
  const [other] = await proposed(await signedIn(app, '不新增'), '没有的公司')
  t.notMatch(other?.said ?? '', /客户|供应商/)
  const hostile = await proposed(admin, '<b>"&x')
  t.match(hostile[0]?.href, /name=%3Cb%3E%22%26x/)
})

t.test('above a list its box asks the list first; without script two buttons say where', async (t) => {
  const partial = { 'hx-request': 'true', 'hx-request-type': 'partial', 'hx-target': 'div#search-matches' }
  const { page } = await admin.get('/search-proposals?here=true&q=凯德亚', partial)
  t.match(page.querySelector('[role=option]')?.text, '在本列表中查找「凯德亚」')
  t.notMatch((await proposed(admin, '凯德亚'))[0]?.said ?? '', /本列表/)
  for (const path of ['/customers', '/contacts', '/suppliers', '/tags', '/users', '/devices', '/system/log']) {
    const list = (await admin.get(`${path}?q=凯德`)).page
    const [box, ...others] = list.querySelectorAll('[type=search]')
    t.strictSame(others, [], `${path} has one box`)
    t.match(box?.attributes, { id: 'search', form: 'filters', name: 'q', value: '凯德' }, path)
    t.equal(list.querySelector('form#filters')?.getAttribute('action'), path)
    t.ok(list.querySelector('button[form=filters][formaction="/search"]'), path)
  }
  const card = (await admin.get(`/customers/${id}`)).page
  t.equal(card.querySelector('#search')?.getAttribute('form'), undefined, 'a page without a list asks everywhere')
  const sent = await admin.get('/search?level_id=3&sort=code&q=凯德')
  t.match(sent, { status: 303, location: `/search?q=${encodeURIComponent('凯德')}` }, 'filters are no part of it')
})

t.test('a list that has nothing offers to add it and to look everywhere, without script too', async (t) => {
  const links = async (one: Browser, path: string) =>
    (await one.get(path)).page.querySelectorAll('.empty a').map((a) => a.text)
  t.strictSame(await links(admin, '/customers?q=没有的公司'), ['新增客户「没有的公司」', '在全部资料中查找'])
  t.strictSame(await links(admin, '/customers?q=13912345678'), ['在全部资料中查找'], 'a number is no name')
  t.strictSame(await links(admin, '/customers?q=没有的公司&next_contact_on_from=2020-01-01'), ['在全部资料中查找'])
  t.strictSame(await links(await signedIn(app, '不新增'), '/customers?q=没有的公司'), ['在全部资料中查找'])
  const without = permissions().filter((one) => !['suppliers.view', 'suppliers.create'].includes(one))
  await addPerson(db, '只供应商', [await everyRightWithin(db, '只供应商', { view: 'all', without })])
  const narrow = await signedIn(app, '只供应商')
  const only = await narrow.get('/search?q=没有的厂')
  t.match(only, { status: 303, location: /^\/suppliers\?q=/ }, 'who has a single module is led to it')
  t.strictSame(await links(narrow, String(only.location)), ['新增供应商「没有的厂」'])
})

t.test('by rights and masks', async (t) => {
  t.notMatch(await proposed(await signedIn(app, '看自己'), '凯德亚'), [{ href: `/customers/${id}` }])
  t.notMatch(JSON.stringify(await proposed(await signedIn(app, '看不全'), '凯德亚')), '13800138000')
  t.notMatch(JSON.stringify(await proposed(await signedIn(app, '看不全'), '13800138000')), '王芳')
})

t.test('without script it is the page of all', async (t) => {
  const answer = await admin.get('/search-proposals?q=凯德亚')
  t.match([answer.status, answer.location], [303, /^\/search\?q=/])
})
