import t from 'tap'
import { escapeHtml } from '../../../src/kernel/web/page.ts'
import { text } from '../../../src/texts/index.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { makeCustomer } from '../../fixtures/world.ts'

const partial = (target: string) => ({ 'hx-request': 'true', 'hx-request-type': 'partial', 'hx-target': target })

t.test('no page is kept by the browser, framed, or lets in what is not ours', async (t) => {
  const { as, anyone } = await buildTestApp(t)
  const one = await as('韩梅梅')
  const answers = [
    await anyone.get('/login'),
    await one.get('/customers'),
    await one.get('/nowhere'),
    await one.post('/customers', {}),
  ]
  for (const { headers } of answers) {
    t.equal(headers['content-type'], 'text/html; charset=utf-8')
    t.equal(headers['cache-control'], 'no-store')
    t.equal(headers['x-content-type-options'], 'nosniff')
    const policy = String(headers['content-security-policy'])
    for (const rule of [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "form-action 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ])
      t.ok(policy.split(';').includes(rule), rule)
    t.notMatch(policy, /unsafe/)
    t.match(headers.vary, /HX-Request-Type, HX-Target/i)
  }
})

t.test('a part that is none of the page brings the page, at its own address', async (t) => {
  const { as } = await buildTestApp(t)
  const one = await as('韩梅梅')
  const whole = await one.get('/customers', { ...partial('div#list'), 'hx-request-type': 'full' })
  t.notOk(whole.headers['hx-retarget'])
  t.ok(whole.page.querySelector('html'))
  const stray = await one.get('/customers?q=x', partial('div#nothing'))
  t.match(stray.headers, { 'hx-retarget': 'body', 'hx-reswap': 'innerHTML', 'hx-push-url': '/customers?q=x' })
  t.ok(stray.page.querySelector('html'))
  for (const target of ['constructor', '__proto__', 'toString'])
    t.equal((await one.get('/customers', partial(target))).status, 200, target)
})

t.test('what people type is text on the page, whatever it looks like', async (t) => {
  const { db, as } = await buildTestApp(t)
  const one = await as('韩梅梅')
  const name = `<script>alert("1")</script>'&amp;{{7*7}}<%= 1 %>`
  const id = await makeCustomer(db, { name, short_name: '<b>x', notes: '</textarea><img src=x onerror=alert(1)>' })
  for (const url of [
    '/customers',
    `/customers/${id}`,
    `/customers/${id}/edit`,
    `/customers/${id}/deletion`,
    `/customers/${id}/print`,
  ]) {
    const { body, status } = await one.get(url)
    t.equal(status, 200)
    t.notOk(body.includes('<script>alert') || body.includes('<img src=x') || body.includes('<b>x'), url)
    t.ok(body.includes(escapeHtml(name)), url)
  }
  const searched = await one.get(`/customers?q=${encodeURIComponent('"><script>alert(1)</script>')}`)
  t.notOk(searched.body.includes('<script>alert'))
})

t.test('a message is shown once', async (t) => {
  const { db, as } = await buildTestApp(t)
  const one = await as('韩梅梅')
  const { id: owner_id } = await db('users').first('id')
  await one.post('/customers', { name: '吉林乙公司', kind: 'company', registered_on: '2026-05-04', owner_id })
  const said = text.customers.saved('吉林乙公司')
  t.ok((await one.get('/contacts')).text.includes(said))
  t.notOk((await one.get('/contacts')).text.includes(said))
})

t.test('escaping', async (t) => {
  t.equal(escapeHtml(`<a href="x" title='y'>&`), '&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;')
  t.strictSame([null, undefined, 0, false, ''].map(escapeHtml), ['', '', '0', 'false', ''])
})

t.test('a part that is asked for late takes no message of the page that follows', async (t) => {
  const { as } = await buildTestApp(t)
  const one = await as('韩梅梅')
  await one.post('/tags', { name: '老客户', tone: 'red', form_id: 'message-of-a-tag' })
  const late = { 'hx-request': 'true', 'hx-request-type': 'full', 'hx-target': 'section#duplicates' }
  t.notMatch((await one.get('/customers/duplicates?name=甲', late)).text, '已保存')
  t.match((await one.get('/tags')).page.querySelector('#flash')?.text, '已保存')
  await one.post('/tags', { name: '新客户', tone: 'red', form_id: 'message-of-another' })
  const whole = { ...late, 'hx-target': 'main#main' }
  t.match((await one.get('/tags', whole)).page.querySelector('#flash')?.text, '已保存')
  t.notMatch((await one.get('/tags')).page.querySelector('#flash')?.text, '已保存', 'once')
})
