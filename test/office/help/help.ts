import t from 'tap'
import { helpAddress, topicOf, topics } from '../../../src/office/help/topics.ts'
import { text } from '../../../src/texts/index.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { collectRoutes } from '../../fixtures/routes.ts'

const routes = collectRoutes()
const { app, as } = await buildTestApp(t)
await app.ready()

/** Pages that belong to no screen: the way in, what only leads on, and the help itself. */
const without = /^\/(public|healthz|login|logout|kept-form|field-remarks|form-drafts|help)\b|^\/$|^\*$/

t.test('every screen has a help of its own, and every help a screen, or a part that leads to it', async (t) => {
  const used = new Set<string>()
  for (const { method, url } of routes) {
    if (without.test(url)) continue
    const topic = topicOf(method, url)
    t.ok(topic && Object.hasOwn(topics, topic), `${method} ${url}: ${topic}`)
    used.add(topic as string)
  }
  for (const [route, topic] of [
    ['/look-ups/:name', 'look-ups'],
    ['/own/:slug/:id/edit', 'records'],
  ] as const) {
    t.equal(topicOf('GET', route), topic)
    used.add(topic)
  }
  used.add('lines')
  t.strictSame(
    Object.keys(topics).filter((topic) => !used.has(topic)),
    [],
  )
  t.equal(helpAddress('GET', '/customers/new'), '/help/customer-form')
  t.equal(helpAddress('GET', '/customers/:id/contacts'), '/help/contacts')
  t.equal(helpAddress('GET', '/users/:id/handover'), '/help/handovers')
  t.equal(helpAddress('POST', '/customers'), '/help/customer-form', 'where a form comes back with what is wrong')
  t.equal(helpAddress('POST', '/customers/:id'), '/help/customer-form')
  t.equal(helpAddress('GET', undefined), '/help')
})

t.test('F1 leads from a screen to its help, as a link that is in the page', async (t) => {
  const person = await as('韩梅梅')
  for (const [from, to] of [
    ['/customers', '/help/customers'],
    ['/maintenance/backups', '/help/backups'],
    ['/tools/calendar', '/help/tools'],
    ['/nowhere', '/help'],
  ] as const) {
    const link = (await person.get(from)).page.querySelector('a[data-key=F1]')
    t.equal(link?.getAttribute('href'), to, from)
    t.equal(link?.getAttribute('target'), '_blank', 'a form that is half filled in stays')
  }
})

t.test('the help says something everywhere', async (t) => {
  const person = await as('王芳')
  for (const [code, topic] of Object.entries(topics)) {
    const { status, text: said } = await person.get(`/help/${code}`)
    t.equal(status, 200, code)
    for (const line of [topic.intro, ...topic.steps, ...topic.hints]) t.match(said, line.replace(/\s+/g, ' '), code)
    t.ok(topic.steps.length > 0 && topic.hints.length > 0, code)
  }
  const index = await person.get('/help')
  for (const { title } of Object.values(topics)) t.match(index.text, title)
  const problems = await person.get('/help/problems')
  for (const { question } of text.helpProblems.items) t.match(problems.text, question)
  for (const gone of ['/help/constructor', '/help/nothing']) t.equal((await person.get(gone)).status, 404)
})

/** The words in corner brackets are labels: a help that names one that is nowhere misleads. */
t.test('what the help quotes stands on a screen', async (t) => {
  const { helpCustomers, helpRecords, helpSettings, helpProblems, ...others } = text
  const spelled = (value: unknown) =>
    JSON.stringify(value, (_key, one) => (typeof one === 'function' ? String(one) : one))
  const exports = ['xlsx', 'csv', 'vcf'].map(text.common.exportAs)
  const known = spelled(others) + exports.join()
  const titles = Object.values(topics).map(({ title }) => title)
  /** What people type or find elsewhere. */
  const elsewhere = ['ccqc', 'qiche', '长春汽车', '极速模式', '帮助']
  const unknown = new Set<string>()
  for (const [, quoted = ''] of spelled([helpCustomers, helpRecords, helpSettings, helpProblems]).matchAll(
    /「([^」]+)」/g,
  ))
    for (const part of quoted.split(' - '))
      if (!known.includes(part) && !titles.includes(part) && !elsewhere.includes(part)) unknown.add(part)
  t.strictSame([...unknown], [])
})

t.test(
  'it says under which address one is here, whether others on the way can read along, and which page is open',
  async (t) => {
    const person = await as('王芳')
    const plain = await person.send({ method: 'GET', url: '/help/remote-access', headers: { host: 'kehu.local' } })
    t.match(plain.text, 'http://kehu.local')
    t.match(plain.text, text.help.encryptedNo)
    t.match(plain.text, text.help.encryptedNoHint)
    const open = (await person.get('/help/backups')).page.querySelectorAll('main [aria-current]')
    t.strictSame(
      open.map((link) => link.getAttribute('href')),
      ['/help/backups'],
    )
  },
)
