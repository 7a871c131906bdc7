import t from 'tap'
import { dictionaries as seeds } from '../../../seeds/dictionaries.ts'
import { dictionaries } from '../../../src/platform/dictionaries/dictionaries.ts'
import { text } from '../../../src/texts/index.ts'
import { buildTestApp } from '../../fixtures/app.ts'

const levels = '/dictionaries/customer-levels'
const texts = text.dictionaries

t.test('every dictionary of a new installation is on the settings page under its label', async (t) => {
  t.same(
    seeds.map(({ name, label }) => [name, label]).sort(),
    dictionaries.map(({ name, label }) => [name, label]).sort(),
  )
  const { as } = await buildTestApp(t)
  const { page } = await (await as('韩梅梅')).get('/dictionaries')
  const links = page.querySelectorAll('main .group a').map((link) => link.getAttribute('href'))
  t.same(links, [...dictionaries.map(({ name }) => `/dictionaries/${name}`), '/dictionaries/divisions'])
  t.match(page.querySelector('main .group')?.text, /客户级别\s*5 项/)
})

t.test('an entry is added, shown and changed, each with its history', async (t) => {
  const { db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const { page: form } = await admin.get(`${levels}/new`)
  t.equal(form.querySelectorAll('[name=tone]').length, 11, 'ten colours and none')
  t.equal(form.querySelector('[name=is_active]')?.getAttribute('checked'), '', 'a new entry is active')
  const form_id = form.querySelector('[name=form_id]')?.getAttribute('value') as string
  const filled = { form_id, label: ' 战略客户　', code: 'ZL', tone: 'purple', is_active: 'true' }
  t.match(await admin.post(levels, filled), { status: 303, location: levels })
  t.equal((await admin.post(levels, filled)).status, 303, 'a double click')
  const stored = await db('dictionary_entries').where({ dictionary: 'customer-levels', label: '战略客户' })
  t.match(stored, [{ code: 'ZL', tone: 'purple', position: 5, is_default: false, is_active: true, version: 1 }])

  const list = await admin.get(levels)
  t.match(list.text, /战略客户」已保存/)
  t.same(labelsOf(list), ['VIP客户', '重点客户', '普通客户', '潜在客户', '低价值客户', '战略客户'])
  t.equal(list.page.querySelector(`#entry-${stored[0].id} .tag`)?.classList.contains('tone-purple'), true)

  const address = `${levels}/${stored[0].id}`
  const edit = await admin.get(`${address}/edit`)
  t.equal(edit.page.querySelector('[name=label]')?.getAttribute('value'), '战略客户')
  const changed = { version: 1, label: '战略伙伴', code: '', tone: '', is_active: 'true' }
  t.match(await admin.post(address, changed), { status: 303, location: levels })
  const after = await db('dictionary_entries').where({ id: stored[0].id }).first()
  t.match(after, { label: '战略伙伴', label_key: '战略伙伴', code: null, tone: null, version: 2 })
  const history = (await admin.get(`${address}/edit`)).page.querySelector('.history')?.text
  t.match(history, /韩梅梅.*修改.*战略客户.*战略伙伴.*韩梅梅.*新增/s)
})

t.test('a label stands once in a dictionary, whatever its width, case and blanks', async (t) => {
  const { as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const twice = await admin.post(levels, { label: ' ｖｉｐ客户 ', is_active: 'true', tone: 'red' })
  t.equal(twice.status, 422)
  t.match(twice.text, texts.words.taken)
  t.equal(twice.page.querySelector('[name=label]')?.getAttribute('value'), ' ｖｉｐ客户 ', 'what was typed stays')
  t.ok(twice.page.querySelector('#entry-tone [value=red]')?.hasAttribute('checked'))
  const other = await admin.post('/dictionaries/customer-sources', { label: 'VIP客户', is_active: 'true' })
  t.equal(other.status, 303, 'in another dictionary it is free')
})

t.test('what cannot be stored is refused at its field', async (t) => {
  const { db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const before = await db('dictionary_entries').count({ row_count: '*' }).first()
  const refused = async (form: Record<string, string>, field: string) => {
    const answer = await admin.post(levels, { is_active: 'true', ...form })
    t.equal(answer.status, 422, field)
    t.ok(answer.page.querySelector(`#entry-${field}-error`), `${field} says what is wrong`)
  }
  await refused({ label: '' }, 'label')
  await refused({ label: '字'.repeat(61) }, 'label')
  await refused({ label: '𠮷'.repeat(4000) }, 'label')
  await refused({ label: '好', code: 'x'.repeat(21) }, 'code')
  await refused({ label: '好', tone: 'ultraviolet' }, 'tone')
  await refused({ label: '好', is_default: 'true', is_active: '' }, 'is_active')
  t.same(await db('dictionary_entries').count({ row_count: '*' }).first(), before)
})

t.test('any text is a label, and is shown as it is', async (t) => {
  const { as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const long = ['字', '𠮷', '\uFDFA'].map((sign) => sign.repeat(60))
  for (const label of ['<script>alert(1)</script>', '100%', '"\'&_[x]', '𠮷野家', ...long]) {
    t.equal((await admin.post(levels, { label, is_active: 'true', tone: 'red' })).status, 303, label)
    const list = await admin.get(levels)
    t.equal(labelsOf(list).at(-1), label)
    t.notMatch(list.body, '<script>alert')
    const deletion = await admin.get(`${list.page.querySelectorAll('main tbody a').at(-1)?.getAttribute('href')}`)
    t.match(deletion.page.text, `「${label}」`)
  }
})

t.test('there is never more than one default', async (t) => {
  const { db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const defaults = () => db('dictionary_entries').where({ dictionary: 'customer-levels', is_default: true })
  const [former] = await defaults()
  const others = await db('dictionary_entries').where({ dictionary: 'customer-levels', is_default: false })
  const answers = await Promise.all(
    others.map(({ id, label, version }) =>
      admin.post(`${levels}/${id}`, { version, label, is_default: 'true', is_active: 'true' }),
    ),
  )
  t.same(
    answers.map(({ status }) => status),
    others.map(() => 303),
  )
  t.equal((await defaults()).length, 1)
  const stale = { version: former.version, label: former.label, is_default: 'true', is_active: 'true' }
  const answer = await admin.post(`${levels}/${former.id}`, { ...stale, label: '新名' })
  t.equal(answer.status, 409, 'a form of the former default does not quietly take it back')
  t.equal((await admin.post(levels, { label: '新默认', is_default: 'true', is_active: 'true' })).status, 303)
  t.match(await defaults(), [{ label: '新默认' }])
})

t.test('the second to save sees what the first changed', async (t) => {
  const { db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const { id } = await db('dictionary_entries').where({ label: '重点客户' }).first()
  const form = { version: 1, is_active: 'true', tone: 'orange' }
  t.equal((await admin.post(`${levels}/${id}`, { ...form, label: '关键客户' })).status, 303)
  const answer = await admin.post(`${levels}/${id}`, { ...form, label: '大客户' })
  t.equal(answer.status, 409)
  t.match(answer.text, /重点客户.*关键客户.*大客户/)
  const hidden = Object.fromEntries(
    answer.page
      .querySelectorAll('main form:not(.undo) input[type=hidden]')
      .map((input) => [input.getAttribute('name') as string, input.getAttribute('value') as string]),
  )
  t.equal((await admin.post(`${levels}/${id}`, { ...hidden, keep_label: 'yours' })).status, 303)
  t.match(await db('dictionary_entries').where({ id }).first(), { label: '大客户', version: 3 })
  t.equal((await admin.post(`${levels}/${id}`, { label: '无版本', is_active: 'true' })).status, 409)
})

t.test('arrows move an entry by one place and stop at the ends', async (t) => {
  const { db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const { id } = await db('dictionary_entries').where({ label: '重点客户' }).first()
  const move = (direction: string) => admin.post(`${levels}/${id}/position`, { direction })
  t.match(await move('up'), { status: 303, location: `${levels}#entry-${id}` })
  t.same(labelsOf(await admin.get(levels)).slice(0, 3), ['重点客户', 'VIP客户', '普通客户'])
  await move('up')
  t.same(labelsOf(await admin.get(levels)).slice(0, 3), ['重点客户', 'VIP客户', '普通客户'])
  await move('down')
  await move('down')
  const list = await admin.get(levels)
  t.same(labelsOf(list).slice(0, 3), ['VIP客户', '普通客户', '重点客户'])
  for (let times = 0; times < 3; times++) await move('down')
  t.same(labelsOf(await admin.get(levels)).at(-1), '重点客户')
  const moves = await db('events').where({ record_type: 'dictionary_entries', record_id: id }).pluck('id')
  t.equal(moves.length, 5, 'at an end nothing happens')
  for (let times = 0; times < 2; times++) await move('up')
  t.equal(list.page.querySelectorAll('main tbody tr')[0]?.querySelectorAll('button').length, 1, 'the first only down')
  const last = list.page.querySelectorAll('main tbody tr').at(-1)
  t.strictSame(
    last?.querySelectorAll('button').map((button) => button.getAttribute('value')),
    ['up'],
  )
  await db('dictionary_entries').update({ position: 0 })
  await move('down')
  const positions = await db('dictionary_entries').where({ dictionary: 'customer-levels' }).pluck('position')
  t.same(positions.sort(), [0, 1, 2, 3, 4], 'equal places are put in order')
})

t.test('what is not there answers 404', async (t) => {
  const { db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const { id } = await db('dictionary_entries').where({ dictionary: 'units' }).first()
  for (const address of [
    'nothing',
    'nothing/new',
    `customer-levels/${id}/edit`,
    `units/${id}x/edit`,
    'units/0/deletion',
  ])
    t.equal((await admin.get(`/dictionaries/${address}`)).status, 404, address)
  t.equal((await admin.post(`${levels}/${id}`, { version: 1, label: 'x', is_active: 'true' })).status, 404)
  t.equal((await admin.post('/dictionaries/nothing', { label: 'x' })).status, 404)
})

t.test('without the right there is neither page nor menu', async (t) => {
  const { db, as, anyone } = await buildTestApp(t)
  const { id } = await db('dictionary_entries').where({ dictionary: 'customer-levels' }).first()
  const user = await as('李雷')
  for (const address of ['', '/customer-levels', '/customer-levels/new', `/customer-levels/${id}/edit`, '/divisions'])
    t.equal((await user.get(`/dictionaries${address}`)).status, 403, address)
  for (const address of ['', `/${id}`, `/${id}/position`, `/${id}/deletion`])
    t.equal((await user.post(`${levels}${address}`, { label: 'x', version: 1 })).status, 403, address)
  t.equal((await user.post('/dictionaries/divisions/220000/state', {})).status, 403)
  t.notMatch((await user.get('/dictionaries')).body, 'href="/dictionaries"')
  t.match((await (await as('韩梅梅')).get('/dictionaries')).body, 'href="/dictionaries"')
  t.match(await anyone.get('/dictionaries'), { status: 303, location: /^\/login/ })
})

function labelsOf({ page }: { page: { querySelectorAll(selector: string): { text: string }[] } }) {
  return page.querySelectorAll('main tbody td:nth-child(2)').map((cell) => cell.text.trim())
}
