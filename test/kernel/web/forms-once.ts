import type { Knex } from 'knex'
import type { HTMLElement } from 'node-html-parser'
import t from 'tap'
import { buildTestApp } from '../../fixtures/app.ts'
import { collectRoutes } from '../../fixtures/routes.ts'
import { addressOf, fillWorld } from '../../fixtures/world.ts'
import { picture } from '../files/fixtures/upload.ts'

const routes = collectRoutes()
const { app, db, as } = await buildTestApp(t)
await app.ready()
await fillWorld(db)
const admin = await as('韩梅梅')
const me = await db('users').where({ username: '韩梅梅' }).first('id')

type Values = Record<string, string | string[]>
/** A form that makes something, filled in; `texts` are the fields into which one types. */
type Filled = { action: string; isUpload: boolean; values: Values; texts: string[] }

/** What is typed into a field by its name where its kind does not say it. */
const known: Record<string, string> = {
  email: '',
  credit_code: '',
  order: '1',
  postcode: '',
  branch_code: '',
  bank_account: '',
  identity_number: '',
  number: '',
  customer_id: '',
  supplier_id: `id:${(await addressOf(db, '/suppliers/:id', me.id, app.config.dataDir)).split('/').at(-1)}`,
}

function filled(form: HTMLElement): Filled {
  const values: Values = {}
  const texts: string[] = []
  for (const field of form.querySelectorAll('[name]')) {
    const { name = '', type = field.tagName === 'SELECT' ? 'choice' : 'text', inputmode, value = '' } = field.attributes
    const options = field.querySelectorAll('option').map((option) => option.getAttribute('value') ?? '')
    if (field.tagName === 'BUTTON' || name === 'refresh') continue
    if (type === 'choice') values[name] = isNeeded(field) ? (options.find((one) => one !== '') ?? '') : ''
    else if (['checkbox', 'radio'].includes(type)) {
      if (field.hasAttribute('checked') || values[name] === undefined)
        values[name] = type === 'radio' || field.hasAttribute('checked') || isNeeded(field) ? value : ''
    } else if (type === 'password') values[name] = '甲乙丙 Secret9 丁戊'
    else if (type === 'date' && isNeeded(field) && value === '') texts.push(name)
    else if (type === 'hidden' || type.startsWith('date'))
      values[name] = value || (isNeeded(field) ? '2026-05-04T09:00' : '')
    else if (inputmode || known[name] !== undefined) values[name] = known[name] ?? ''
    else {
      texts.push(name)
      values[name] = ''
    }
  }
  return {
    action: form.getAttribute('action') ?? '',
    isUpload: form.getAttribute('enctype') !== undefined,
    values,
    texts,
  }
}

const isNeeded = (field: HTMLElement) =>
  field.hasAttribute('required') || /^role/.test(field.getAttribute('name') ?? '')

/** What is different each time: short enough for every field. */
const word = (form: string, name: string, at: number) =>
  name.endsWith('_on') ? `2031-05-0${at}` : `甲${[...forms.keys()].indexOf(form)}${name.slice(-8)}${at}`

async function send(shape: string, at: number) {
  const { action, isUpload, values, texts } = forms.get(shape) as Filled
  const typed: Values = { ...values, ...Object.fromEntries(texts.map((name) => [name, word(shape, name, at)])) }
  if (!isUpload) return admin.post(action, typed as Record<string, string>)
  const form = new FormData()
  for (const [name, value] of Object.entries(typed)) if (name !== 'file') form.append(name, String(value))
  const content = action.startsWith('/imports')
    ? `客户名称\r\n甲${at}公司\r\n`
    : await picture('png', { width: 40 + at })
  form.append('file', new Blob([content as never]), action.startsWith('/imports') ? '客户.csv' : '图.png')
  const request = new Response(form)
  return admin.send({
    method: 'POST',
    url: action,
    payload: Buffer.from(await request.arrayBuffer()),
    headers: { 'content-type': request.headers.get('content-type') ?? '' },
  })
}

/** How many rows there are of everything that a form may make; signing in and looking make none of them. */
async function countRows(db: Knex): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const table of tables) counts[table] = Number((await db(table).count({ n: '*' }).first())?.n)
  return counts
}
const quiet = [
  'events',
  'numbers',
  'tallies',
  'submissions',
  'form_drafts',
  'desks',
  'sessions',
  'event_seals',
  'jobs',
  'selections',
  'selection_rows',
]
const tables = (
  await db('sqlite_master').where({ type: 'table' }).whereNot('name', 'like', '%search%').pluck('name')
).filter((name) => !quiet.includes(name) && !name.startsWith('sqlite') && !name.startsWith('knex'))

const grown = (before: Record<string, number>, after: Record<string, number>) =>
  Object.keys(after).filter((table) => after[table] !== before[table])

/** What changes records does so once; other content finds them changed. */
const isAct = (shape: string) => /selections.*transfer|handover/.test(shape)

/** Every form with a number of its own into which something is typed, once, by its address. */
const forms = new Map<string, Filled>()
for (const { url } of routes.filter(({ method }) => method === 'GET')) {
  const answer = await admin.get(await addressOf(db, url, me.id, app.config.dataDir))
  if (answer.status !== 200 || !String(answer.headers['content-type']).startsWith('text/html')) continue
  for (const form of answer.page.querySelectorAll('form[method=post]:not(.undo)')) {
    const shape = (form.getAttribute('action') ?? '').replace(/\d+/g, ':id')
    if (!form.querySelector('[name=form_id]') || forms.has(shape)) continue
    const one = filled(form)
    if (one.texts.length > 0 && !isAct(shape)) forms.set(shape, one)
  }
}

t.test('every form that makes something makes one thing of each content, however often it is sent', async (t) => {
  t.ok(forms.size > 20, `${forms.size} forms`)
  for (const name of forms.keys()) {
    const before = await countRows(db)
    const first = await send(name, 1)
    const made = grown(before, await countRows(db))
    t.equal(first.status, 303, `${name}: ${first.page?.querySelector('.errors, .duplicates')?.text ?? ''}`)
    t.not(made.length, 0, `${name} makes something`)
    const once = await countRows(db)
    const [again, other] = [await send(name, 1), await countRows(db)]
    t.equal(again.location, first.location, `${name} sent again leads to the first`)
    t.strictSame(grown(once, other), [], 'and makes nothing')
    const next = await send(name, 2)
    t.equal(next.status, 303, `${name}: ${next.page?.querySelector('.errors, .duplicates')?.text ?? ''}`)
    t.not(grown(other, await countRows(db)).length, 0, `${name} with other content makes another`)
  }
})
