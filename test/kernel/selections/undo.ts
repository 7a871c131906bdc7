import t from 'tap'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import { forgetActs } from '../../../src/kernel/selections/act.ts'
import { addMany, idsIn, totalIn } from '../../customers/customers/fixtures/customers.ts'
import { type Answer, type Browser, buildTestApp } from '../../fixtures/app.ts'
import { makeContact } from '../../fixtures/world.ts'

const { app, db, as } = await buildTestApp(t)
const [han, li, wang] = [await as('韩梅梅'), await as('李雷'), await as('王芳')]
const [low, high, third]: number[] = await db('dictionary_entries')
  .where({ dictionary: 'customer-levels' })
  .orderBy('id')
  .pluck('id')
const [hanId, liId] = await Promise.all(
  ['韩梅梅', '李雷'].map(async (username) => (await db('users').where({ username }).first('id')).id),
)
type Typed = Record<string, string | number>

let made = 0
const addSome = (count: number, values = {}) =>
  addMany(
    db,
    Array.from({ length: count }, () => ({ name: `撤${++made}公司`, level_id: low, ...values })),
  ) as Promise<number[]>
const select = async (browser: Browser, act: string, ids: number[], more: Record<string, string> = {}) =>
  (await browser.post('/customers/selections', { query: '', scope: 'rows', ids: ids.map(String), act, ...more }))
    .location as string
const formId = ({ page }: Answer) =>
  page.querySelector('main form:not(.undo) input[name=form_id]')?.getAttribute('value') ?? ''
const ask = (browser: Browser, location: string, typed: Typed = {}) =>
  browser.get(`${location}?${new URLSearchParams(typed as Record<string, string>)}`)

/** Does something to many and answers the page of the act. */
async function act(browser: Browser, location: string, typed: Typed = {}): Promise<string> {
  await browser.post(location, { ...typed, form_id: formId(await ask(browser, location, typed)) })
  await app.runJobs()
  return `/batch-acts/${(await db('batch_acts').max({ id: 'id' }).first())?.id}`
}

async function undo(browser: Browser, address: string): Promise<Answer> {
  const answer = await browser.post(`${address}/undo`, { form_id: formId(await browser.get(`${address}/undo`)) })
  await app.runJobs()
  return browser.get(answer.location as string)
}
const column = async (name: string, ids: number[]) => db('customers').whereIn('id', ids).orderBy('id').pluck(name)
const linesOf = ({ page }: Answer) => page.querySelectorAll('main .details li').map((line) => line.text.trim())

t.test('nothing chosen is no choice; a page says what changes from what to what; 清空 is said so', async (t) => {
  const [one, two, three, four] = (await addSome(4)) as [number, number, number, number]
  await db('customers').where({ id: two }).update({ level_id: high })
  await db('customers').where({ id: three }).update({ level_id: null })
  const location = await select(han, 'level_id', [one, two, three, four])
  const form = await han.get(location)
  t.equal(form.page.querySelector('select[name=level_id] [selected]'), null, 'no value is preset')
  t.equal(form.page.querySelector('select[name=level_id] option')?.getAttribute('value'), '')
  for (const typed of [{ level_id: '' }, {}] as Typed[]) {
    t.equal((await han.post(location, { ...typed, form_id: 'form-0001' })).status, 422)
    t.equal((await ask(han, location, { level_id: '' })).status, 422)
  }
  t.strictSame(await column('level_id', [one, two, three, four]), [low, high, null, low], 'nothing is wiped')
  const names = new Map<number, string>(
    (await db('dictionary_entries').whereIn('id', [low as number, high as number])).map(({ id, label }) => [id, label]),
  )
  const asked = await ask(han, location, { level_id: high as number })
  t.match(asked.text, /将修改 3 个客户/)
  t.strictSame(linesOf(asked).slice(0, 3), [
    `${names.get(low as number)} → ${names.get(high as number)}：2 个`,
    `（空） → ${names.get(high as number)}：1 个`,
    '1 个原已如此，不变',
  ])
  const empty = await ask(han, location, { level_id: '-' })
  t.match(empty.text, /清空客户级别：将修改 3 个客户/)
  const address = await act(han, location, { level_id: '-' })
  t.strictSame(await column('level_id', [one, two, three, four]), [null, null, null, null])
  t.match((await han.post(location, { level_id: high as number, form_id: 'form-0002' })).text, /已经处理过/)
  await undo(han, address)
  t.strictSame(await column('level_id', [one, two, three, four]), [low, high, null, low])
})

t.test('rows one may see but not change are said before and left alone', async (t) => {
  const [his] = await addSome(1, { owner_id: liId })
  const [other] = await addSome(1, { owner_id: hanId })
  const role = (await db('user_roles').where({ user_id: liId }).first()).role_id
  await db('role_ranges').where({ role_id: role, module: 'customers', kind: 'change' }).delete()
  await db('role_ranges').insert({ role_id: role, module: 'customers', kind: 'change', range: 'own' })
  await bumpRevision(db)
  const location = await select(li, 'level_id', [his as number, other as number])
  const asked = await ask(li, location, { level_id: high as number })
  t.match(asked.text, /将修改 1 个客户/)
  t.match(linesOf(asked), [/→/, '1 个您无权操作或已不在，将跳过'])
  const address = await act(li, location, { level_id: high as number })
  t.strictSame(await column('level_id', [his as number, other as number]), [high, low])
  t.equal((await wang.get(address)).status, 404, 'nobody else sees it')
  t.notMatch((await wang.get('/batch-acts')).text, /客户级别/)
  t.match((await han.get('/batch-acts')).text, /客户级别/, 'but who may delete all customers')
  t.match((await undo(han, address)).text, /已撤销 1 条/)
})

t.test('each kind of act is taken back: level, state, tags, owner, deletion', async (t) => {
  const ids = await addSome(3)
  const [{ id: tag }] = await db('tags')
    .insert({ name: '甲', name_key: '甲', name_pinyin: 'jia', version: 1 })
    .returning('id')
  await bumpRevision(db)
  await db('customer_tags').insert({ customer_id: ids[0], tag_id: tag })
  const contact = await makeContact(db, ids[0] as number)
  const state = (await db('dictionary_entries').where({ dictionary: 'customer-states' }).first('id')).id
  const whole = async () => ({
    customers: await db('customers')
      .whereIn('id', ids)
      .orderBy('id')
      .select('level_id', 'status_id', 'owner_id', 'deleted_at'),
    tags: await db('customer_tags').whereIn('customer_id', ids).orderBy('customer_id').pluck('customer_id'),
    contact: (await db('contacts').where({ id: contact }).first('deleted_at')).deleted_at,
    tagged: totalIn(await han.get(`/customers?tag_id=${tag}`)),
    low: totalIn(await han.get(`/customers?level_id=${low}`)),
    found: idsIn(await han.get(`/customers?q=撤${made}公司`)),
  })
  const before = await whole()
  for (const [name, typed] of [
    ['level_id', { level_id: high as number }],
    ['status_id', { status_id: state }],
    ['tag', { tag }],
    ['tag_removed', { tag_removed: tag }],
    ['transfer', { owner_id: liId as number, reason: '调岗' }],
    ['delete', {}],
  ] as [string, Typed][]) {
    const address = await act(han, await select(han, name, ids), typed)
    t.notSame(await whole(), before, name)
    t.match((await han.get(address)).page.querySelector('.actions')?.text, /撤销/)
    await undo(han, address)
    t.strictSame(await whole(), before, `${name} is taken back`)
    t.equal((await han.get(`${address}/undo`)).status, 409, 'once')
    t.match(await db('events').where({ action: 'undo' }).orderBy('id', 'desc').first(), {
      record_type: 'batch_acts',
      user_name: '韩梅梅',
    })
  }
  const history = await han.get(`/customers/${ids[0]}/history`)
  t.match(history.text, /恢复/, 'each in its history')
})

t.test('what was changed since stays, and is named; what is no longer there is not brought back', async (t) => {
  const ids = await addSome(4)
  const name = `临时${++made}`
  const [{ id: gone }] = await db('dictionary_entries')
    .insert({
      dictionary: 'customer-levels',
      label: name,
      label_key: name,
      position: 99,
      is_active: true,
      is_default: false,
      version: 1,
    })
    .returning('id')
  await db('customers').where({ id: ids[3] }).update({ level_id: gone })
  await bumpRevision(db)
  const address = await act(han, await select(han, 'level_id', ids), { level_id: high as number })
  await act(han, await select(han, 'level_id', [ids[1] as number]), { level_id: third as number })
  await han.post(`/customers/${ids[2]}/deletion`, { version: '2' })
  await db('dictionary_entries').where({ id: gone }).delete()
  await bumpRevision(db)
  const page = await undo(han, address)
  t.match(page.text, /已撤销 1 条，3 条之后又有变化/)
  t.strictSame(await column('level_id', ids), [low, third, high, high])
  const named = page.page.querySelectorAll('#list tbody a').map((link) => link.getAttribute('href'))
  t.strictSame(named, [`/customers/${ids[1]}`, `/customers/${ids[3]}`])
})

t.test('with a thousand it is a job, in steps; two who take it back at once do it once', async (t) => {
  const ids = await addSome(620, { address: '撤多处' })
  for (const id of ids.filter((_, at) => at % 3 === 0)) await db('customers').where({ id }).update({ level_id: third })
  const before = await column('level_id', ids)
  const whole = { scope: 'whole', query: 'f=address:contains:撤多处' }
  const location = await select(han, 'level_id', [], whole)
  t.match((await ask(han, location, { level_id: high as number })).text, /将修改 620 个客户/)
  const address = await act(han, location, { level_id: high as number })
  t.equal((await db('batch_act_rows').where({ act_id: Number(address.split('/').at(-1)) })).length, 620)
  const form_id = formId(await han.get(`${address}/undo`))
  const [one, two] = await Promise.all([
    han.post(`${address}/undo`, { form_id }),
    han.post(`${address}/undo`, { form_id: 'another-form' }),
  ])
  t.strictSame([one.status, two.status].sort(), [303, 409])
  await app.runJobs()
  const job = await han.get([one, two].find(({ status }) => status === 303)?.location as string)
  t.ok(job.page.querySelector(`main a[href="${address}"]`), 'the job leads to what it did')
  t.strictSame(await column('level_id', ids), before)
  t.match((await han.get(address)).text, /已撤销.*620/)
  t.equal(
    (
      await db('events').where({
        action: 'undo',
        record_name: `620 ${
          (
            await db('batch_acts')
              .where({ id: Number(address.split('/').at(-1)) })
              .first()
          ).label
        }`,
      })
    ).length,
    1,
  )
  t.strictSame(await db('batch_act_rows').where({ act_id: Number(address.split('/').at(-1)) }), [], 'nothing is left')
})

t.test('contacts come back from the bin, with the main one that they were', async (t) => {
  const [customer] = (await addSome(1)) as [number]
  const contact = await makeContact(db, customer)
  const at = await han.post('/contacts/selections', { query: '', scope: 'rows', ids: String(contact), act: 'delete' })
  const address = await act(han, at.location as string)
  t.ok((await db('contacts').where({ id: contact }).first()).deleted_at)
  await undo(han, address)
  t.strictSame(await db('contacts').where({ id: contact }).first('deleted_at', 'is_main'), {
    deleted_at: null,
    is_main: true,
  })
})

t.test('a contact that came back otherwise stays as it is, and is named with its place', async (t) => {
  const [customer] = (await addSome(1)) as [number]
  const [one, two] = [await makeContact(db, customer), await makeContact(db, customer)]
  const ids = [one, two].map(String)
  const at = await han.post('/contacts/selections', { query: '', scope: 'rows', ids, act: 'delete' })
  const address = await act(han, at.location as string)
  t.match((await han.get('/batch-acts')).text, /移入回收站 联系人/)
  const { version } = await db('contacts').where({ id: two }).first('version')
  await han.post(`/recycle-bin/contacts/${two}/restoration`, { version })
  const page = await undo(han, address)
  t.match(page.text, /已撤销 1 条，1 条之后又有变化/)
  const named = page.page.querySelectorAll('#list tbody a').map((link) => link.getAttribute('href'))
  t.strictSame(named, [`/customers/${customer}/contacts/${two}`])
})

t.test('a day long, and while one may still do it oneself; then it is forgotten', async (t) => {
  const ids = await addSome(2, { owner_id: liId })
  const address = await act(li, await select(li, 'level_id', ids), { level_id: high as number })
  const id = Number(address.split('/').at(-1))
  const role = (await db('user_roles').where({ user_id: liId }).first()).role_id
  await db('role_permissions').where({ role_id: role, permission: 'customers.update' }).delete()
  await bumpRevision(db)
  t.equal((await li.post(`${address}/undo`, {})).status, 409, 'not without the right')
  await db('role_permissions').insert({ role_id: role, permission: 'customers.update' })
  await bumpRevision(db)
  await forgetActs(db)
  t.equal((await db('batch_act_rows').where({ act_id: id })).length, 2, 'within a day all is kept')
  await db('batch_acts')
    .where({ id })
    .update({ acted_at: new Date(Date.now() - 86_500_000).toISOString() })
  t.equal((await li.post(`${address}/undo`, {})).status, 404, 'after a day it is over')
  await forgetActs(db)
  t.strictSame(await db('batch_act_rows').where({ act_id: id }), [], 'and nothing of it is kept')
  t.strictSame(await column('level_id', ids), [high, high])
})

t.test('of very many rows only the newest acts are kept', async (t) => {
  const rowsOf = async (address: string) =>
    (await db('batch_act_rows').where({ act_id: Number(address.split('/').at(-1)) })).length
  const acts: string[] = []
  for (let made = 0; made < 3; made++)
    acts.push(await act(han, await select(han, 'level_id', await addSome(1)), { level_id: high as number }))
  const [oldest, middle, newest] = acts as [string, string, string]
  const say = (address: string, changed_count: number) =>
    db('batch_acts')
      .where({ id: Number(address.split('/').at(-1)) })
      .update({ changed_count })
  await say(newest, 1)
  await say(middle, 2_999_999)
  await forgetActs(db)
  t.strictSame(await Promise.all(acts.map(rowsOf)), [0, 1, 1], 'three million')
  t.equal((await han.get(oldest)).status, 404)
  t.equal((await han.get(middle)).status, 200)
})
