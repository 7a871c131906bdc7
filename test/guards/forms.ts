import t from 'tap'
import { engine } from '../../src/kernel/db/dialect.ts'
import { keyedTexts } from '../../src/kernel/db/keyed-texts.ts'
import { text as texts } from '../../src/texts/index.ts'
import { type Answer, buildTestApp, password } from '../fixtures/app.ts'
import { errorAt, formsOf, type PageForm } from '../fixtures/forms.ts'
import { collectRoutes } from '../fixtures/routes.ts'
import { addressOf, fillWorld } from '../fixtures/world.ts'

const routes = collectRoutes()
const { app, db, as } = await buildTestApp(t)
await app.ready()
await fillWorld(db)
const me = await db('users').where({ username: '韩梅梅' }).first('id')
const role = String((await db('roles').where({ code: 'user' }).first('id')).id)
const supplier = (await db('suppliers').orderBy('id').first('id')).id
const admin = await as('韩梅梅')
const onServer = process.env.TEST_DATABASE_URL ? 'a trigger of SQLite' : false

const mailServer = { host: 'mail.example.com', sender_address: 'crm@example.com' }
const newPerson = (line: number) => ({ [`role_id_${line}`]: role, [`password_${line}`]: password })
/** What a form wants beside what it says of itself to a browser. */
const more: Record<string, PageForm['values']> = {
  '/customers/new': { kind: 'person' },
  '/customers/:id/edit': { kind: 'person' },
  '/users/new': { role_id: role },
  '/supplier-contacts/new': { supplier_id: `id:${supplier}` },
  '/workdays/new': { held_on: '2031-01-05' },
  '/setup/people': Object.assign({}, ...[1, 2, 3, 4, 5, 6].map(newPerson)),
  '/profile/mail': mailServer,
  '/setup/mailbox': mailServer,
}

/** The forms of a page, on a new record of its own where it is about one. */
async function formsAt(route: string): Promise<PageForm[]> {
  const answer = await admin.get(await addressOf(db, route, me.id, app.config.dataDir))
  if (answer.status !== 200 || !String(answer.headers['content-type']).startsWith('text/html')) return []
  return formsOf(answer.page).map((form) => ({ ...form, values: { ...form.values, ...more[route] } }))
}

/** What may stand once and is typed somewhere; own modules have no page yet on which they are made. */
const typedTexts = () => keyedTexts().filter(({ table }) => table !== 'own_modules')

/** Where what may stand once is typed. */
const places: Record<string, { add: string; change: string }> = {
  contacts: { add: '/customers/:customerId/contacts/new', change: '/customers/:customerId/contacts/:id/edit' },
  dictionary_entries: { add: '/dictionaries/:section/new', change: '/dictionaries/:section/:id/edit' },
}

function placesOf(table: string) {
  const path = `/${table.replace('_', '-')}`
  return places[table] ?? { add: `${path}/new`, change: `${path}/:id/edit` }
}

t.test('what may stand once is refused at its field in another spelling, whether added or changed', async (t) => {
  for (const { table, text } of typedTexts()) {
    const { add, change } = placesOf(table)
    const [first] = (await formsAt(add)) as [PageForm]
    const { status } = await admin.post(first.action, { ...first.values, [text]: 'CC0107' })
    t.equal(status, 303, `${add}: ${text}`)
    for (const route of [add, change]) {
      const [form] = (await formsAt(route)) as [PageForm]
      const { status, page } = await admin.post(form.action, { ...form.values, [text]: 'ｃＣ０１０７' })
      t.equal(status, 422, `${route}: ${text}`)
      t.ok(errorAt(page, text), `${route}: ${text} is taken`)
    }
  }
})

t.test('what fails for another reason is not told as taken', { skip: onServer }, async (t) => {
  for (const { table, text } of typedTexts())
    for (const [act, route] of Object.entries(placesOf(table))) {
      const [form] = (await formsAt(route)) as [PageForm]
      const event = act === 'add' ? 'insert' : 'update'
      await db.raw(`create trigger broken before ${event} on ${table} begin select raise(abort, 'broken'); end`)
      const { status } = await admin.post(form.action, { ...form.values, [text]: 'CC0106' })
      await db.raw('drop trigger broken')
      t.equal(status, 500, `${route}: ${text}`)
    }
})

/** Texts of the greatest length that a field may take, the widest first: a rare hanzi counts for two. */
const longTexts = (length: number, at: number) => [
  '𠮷'.repeat(length - 1) + String.fromCodePoint(0x20000 + at),
  '字'.repeat(length - 1) + String.fromCodePoint(0x4e00 + at),
  `a@${'b'.repeat(60)}.${'c'.repeat(Math.max(1, length - 66))}.cn`,
  `www.${'a'.repeat(Math.max(1, length - 7))}.cn`,
  '1'.repeat(length),
]

/** Sends a form with the longest texts it takes; where they are refused with narrower ones, at last as it stands. */
async function sendLongest({ action, values, longest }: PageForm): Promise<Answer> {
  const left = new Map([...longest].map(([name, most], at) => [name, longTexts(most, at)]))
  for (;;) {
    const typed = [...left].flatMap(([name, [first]]) => (first === undefined ? [] : [[name, first] as const]))
    const answer = await admin.post(action, { ...values, ...Object.fromEntries(typed) })
    if (answer.status !== 422 || typed.length === 0) return answer
    const wrong = typed.filter(([name]) => errorAt(answer.page, name))
    for (const [name] of wrong.length > 0 ? wrong : typed) left.get(name)?.shift()
  }
}

/** Only the pragmas of SQLite can play a disk that takes nothing. */
const isOnDisk = engine(db) === 'sqlite'

/** The page an act leads to in the end. */
async function arrived({ location }: Answer): Promise<Answer> {
  let answer = await admin.get(location as string)
  while (answer.status === 303) answer = await admin.get(answer.location as string)
  return answer
}

const pages = routes.flatMap(({ method, url }) => (method === 'GET' && !/\.\w+$/.test(url) ? [url] : []))
/** They end the session, or change the password the tests sign in with. */
const apart = new Set(['/logout', '/profile/password'])
/** What they take away is gone for good, or can be had back only with care. */
const final = /\/(deletion|purge)$/
/** They have no text to change, and as they stand change nothing. */
const unchanged = /^\/users\/\d+\/(access|roles)$/
/** The page they lead to is what they did: a draft, the next step, another order, the state of a job. */
const speaking = /^\/imports\/|\/mail$|\/verification$|\/recovery-codes$|\/position$/
/** Without a second factor there are none to renew. */
const idle = /\/recovery-codes$/

t.test(
  'every form refuses a text too long at its field and what another saved since, tells a disk that takes nothing, keeps what just fits, and says so',
  async (t) => {
    const counts = { fields: 0, acts: 0 }
    for (const route of pages)
      for (const form of (await formsAt(route)).filter(({ action }) => !apart.has(action))) {
        const { action, values, longest, isDanger } = form
        if (final.test(action)) t.ok(isDanger, `${route}: a button that warns`)
        if (longest.size > 0) {
          const tooLong = [...longest].map(([name, most]) => [name, '字'.repeat(most + 1)])
          const refused = await admin.post(action, { ...values, ...Object.fromEntries(tooLong) })
          t.equal(refused.status, 422, action)
          for (const name of longest.keys()) t.ok(errorAt(refused.page, name), `${route}: ${name}`)
        }
        if (values.version && !unchanged.test(action)) {
          const [name = 'version'] = longest.keys()
          const { status } = await admin.post(action, { ...values, [name]: 'other9', version: '999' })
          t.ok([409, 422].includes(status), `${action}, opened at another version, answers ${status}`)
        }
        if (isOnDisk) await db.raw('pragma query_only = on')
        const kept = isOnDisk ? await sendLongest(form) : undefined
        if (isOnDisk) await db.raw('pragma query_only = off')
        const done = await sendLongest(form)
        if (kept && done.status === 303 && !idle.test(action))
          t.ok(
            kept.status === 503 && kept.text.includes(texts.errors.readOnly),
            `${action} on a disk that takes nothing: ${kept.status} ${kept.page.querySelector('.errors')?.text}`,
          )
        if (longest.size > 0) t.equal(done.status, 303, `${action}: ${done.page.querySelector('.errors')?.text}`)
        if (done.status === 303 && !speaking.test(action)) {
          const { page } = await arrived(done)
          t.ok(page.querySelector('#flash .flash'), `${action} says nothing`)
          counts.acts++
        }
        counts.fields += longest.size
      }
    t.ok(counts.fields > 180 && counts.acts > 80, `${counts.fields} fields, ${counts.acts} acts`)
  },
)

t.test('what stands in the log of it names the fields as the forms do', async (t) => {
  const events: { id: number; record_type: string; changes: string }[] = await db('events')
    .whereNotNull('changes')
    .select('id', 'record_type', 'changes')
  const shapes = new Map<string, { id: number; type: string; fields: string[] }>()
  for (const { id, record_type: type, changes } of events) {
    const fields: string[] = JSON.parse(changes).map(({ field }: { field: string }) => field)
    shapes.set(`${type}: ${fields}`, { id, type, fields })
  }
  for (const { id, type, fields } of shapes.values()) {
    const { page } = await admin.get(`/audit-log/${id}`)
    const cells = page.querySelectorAll('main th, main td').map(({ text }) => text.trim())
    t.strictSame(
      fields.filter((field) => /^\w+$/.test(field) && cells.includes(field)),
      [],
      type,
    )
  }
  t.ok(shapes.size > 40, `${shapes.size} kinds of entries`)
})
