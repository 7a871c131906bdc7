import t from 'tap'
import { today } from '../../../src/kernel/china/clock.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { makeCustomer } from '../../fixtures/world.ts'
import { check } from '../../operation/imports/fixtures/upload.ts'

const { app, db, as } = await buildTestApp(t)
await app.ready()
const admin = await as('韩梅梅')
const { id: owner_id } = await db('users').where({ username: '韩梅梅' }).first('id')
const company = { name: '长春某某公司', kind: 'company', registered_on: '2026-05-04', owner_id }
const person = { ...company, name: '赵某', kind: 'person' }
let made = 0

const nextYear = `${Number(today().slice(0, 4)) + 1}${today().slice(4)}`
/** What is typed into a field of a customer, and what must be said of it there. */
const refused: [field: string, typed: string, sentence: RegExp][] = [
  ['credit_code', '91440400192548256M', /校验位不符.*勾选「代码有误仍保存」/],
  ['identity_number', '123', /不是 18 位居民身份证号.*勾选「证件号有误/],
  ['identity_number', '110101199003070010', /校验位不符/],
  ['identity_number', '110101199013070013', /不是 18 位/],
  ['bank_account', '12ab', /只能填数字/],
  ['credit_limit_cents', '-5', /不能为负数/],
  ['points', '-5', /不能为负数/],
  ['email', 'nobody', /邮箱格式/],
  ['website', 'x', /网址格式/],
  ['postcode', '13000', /6 位数字/],
]
const doubted: [field: string, typed: string, sentence: RegExp][] = [
  ['mobile', '1380013800', /不像电话号码/],
  ['phone', '12', /不像电话号码/],
  ['phone', 'abc电话', /不像电话号码/],
  ['bank_account', '12', /8 至 30 位/],
  ['registered_on', nextYear, /在今天之后/],
  ['birthday_on', nextYear, /在今天之后/],
  ['next_contact_on', '2199-01-01', /5 年以后/],
]
const right: [field: string, typed: string][] = [
  ['identity_number', '11010519491231002x'],
  ['identity_number', '110105491231002'],
  ['credit_code', '91440400192548256N'],
  ['bank_account', '6222 0200 1234-5678 901'],
  ['mobile', '13800138000'],
  ['phone', '0431-84978981 / 84978982'],
  ['points', '0'],
  ['birthday_on', '1949-12-31'],
]

const save = (field: string, typed: string, more = {}) =>
  admin.post('/customers', { ...person, name: `赵${++made}某`, [field]: typed, ...more })
const remark = async (page: ReturnType<typeof JSON.parse>, field: string) =>
  page.querySelector(`#customer-${field}-error`)?.text ?? ''
const rowsOf = async (name: string) => db('customers').where({ name })

t.test('what is refused is refused at its field, and what was typed stays', async (t) => {
  for (const [field, typed, sentence] of refused) {
    const { status, page } = await save(field, typed)
    t.equal(status, 422, `${field} ${typed}`)
    t.match(await remark(page, field), sentence)
    t.equal(page.querySelector(`[name=${field}]`)?.getAttribute('value'), typed)
  }
})

t.test('what is odd is kept, and said at the field, after the save and on the card', async (t) => {
  for (const [field, typed, sentence] of doubted) {
    const { status, location = '' } = await save(field, typed)
    t.equal(status, 303, `${field} ${typed}`)
    const card = await admin.get(location)
    t.match(card.page.querySelector('.flash-warning')?.text, sentence, 'after the save')
    t.match(card.page.querySelector('dd .remark')?.text, sentence, 'on the card')
    const form = await admin.get(`${location}/edit`)
    t.match(form.page.querySelector(`#customer-${field}-remark`)?.text, sentence, 'in the form')
    const again = await admin.post(location, {
      ...person,
      name: `赵${made}某`,
      [field]: typed,
      short_name: '赵',
      version: 1,
    })
    t.notOk((await admin.get(again.location ?? '')).page.querySelector('.flash-warning'), 'not again when it stays')
  }
})

t.test('nothing is said of what is right', async (t) => {
  for (const [field, typed] of right) {
    const { status, location = '', page } = await save(field, typed)
    t.equal(status, 303, `${field} ${typed} ${page.querySelector('.errors')?.text ?? ''}`)
    const card = await admin.get(location)
    t.notOk(card.page.querySelector('.remark, .flash-warning'), `${field} ${typed}`)
  }
})

t.test('a wrong number is kept on purpose, and what stands in a record stops no other change of it', async (t) => {
  for (const [field, box] of [
    ['identity_number', 'is_identity_number_kept'],
    ['credit_code', 'is_credit_code_kept'],
  ] as const) {
    const first = await save(field, 'E12345678X')
    t.ok(first.page.querySelector(`[name=${box}]`), `${box} is asked where it is wrong`)
    const kept = await save(field, 'E12345678X', { [box]: 'true' })
    t.equal(kept.status, 303)
  }
  const mistaken = { bank_account: '12ab', identity_number: '123', email: 'a@x..cn', website: 'x', postcode: '1300' }
  const id = await makeCustomer(db, { ...person, ...mistaken, points: -5 })
  const old = { ...person, ...mistaken, points: '-5', version: 1 }
  const saved = await admin.post(`/customers/${id}`, { ...old, short_name: '旧' })
  t.equal(saved.status, 303, saved.page.querySelector('.errors')?.text ?? '')
  const worse = await admin.post(`/customers/${id}`, { ...old, points: '-6', version: 2 })
  t.match(await remark(worse.page, 'points'), /不能为负数/, 'a new wrong value is refused')
  t.match(await db('customers').where({ id }).first(), { ...mistaken, short_name: '旧' })
  const other = await admin.post(`/customers/${id}`, { ...old, email: 'b@x..cn', version: 2 })
  t.match(await remark(other.page, 'email'), /邮箱格式/)
})

t.test('the same is said while one types, by anybody signed in, and nothing is kept', async (t) => {
  const rules: Record<string, string> = {}
  const { page } = await admin.get('/customers/new')
  for (const input of page.querySelectorAll('[data-rule]'))
    rules[input.getAttribute('name') as string] = input.getAttribute('data-rule') as string
  const say = async (field: string, value: string) =>
    JSON.parse((await (await as('王芳')).post('/field-remarks', { rule: rules[field] ?? '', value })).body)
  for (const [field, typed, sentence] of refused) {
    const { level, sentence: said } = await say(field, typed)
    t.equal(level, 'error', `${field} ${typed}`)
    t.match(said, new RegExp(sentence.source.split('.*')[0] as string))
  }
  for (const [field, typed, sentence] of doubted) {
    const said = await say(field, typed)
    t.equal(said.level, 'doubt', `${field} ${typed}`)
    t.match(said.sentence, sentence)
  }
  for (const [field, typed] of [...right, ['phone', ''] as const])
    t.strictSame(await say(field, typed), { level: '', sentence: '' }, `${field} ${typed}`)
  for (const rule of ['', 'nothing', 'constructor', '__proto__'])
    t.equal((await admin.post('/field-remarks', { rule, value: '1' })).status, 200, rule)
  t.equal((await rowsOf('长春某某公司')).length, 0)
})

t.test('an import says of a row what the form says', async (t) => {
  const label: Record<string, string> = {}
  const { page } = await admin.get('/customers/new')
  for (const one of page.querySelectorAll('label[for^=customer-]'))
    label[(one.getAttribute('for') ?? '').slice(9)] = one.text.replace('*', '').trim()
  for (const [field, typed, sentence] of refused) {
    const { text } = await check(admin, ['客户名称', label[field] as string], [[`行${++made}公司`, typed]])
    t.match(text, sentence, `${field} ${typed}`)
  }
  for (const typed of ['1380013800', '12', 'abc电话'])
    t.match((await check(admin, ['客户名称', '手机'], [[`行${++made}公司`, typed]])).text, /不像电话号码/, typed)
  const kept = await check(
    admin,
    ['客户名称', '证件号', '证件号有误或为其他证件，仍保存'],
    [[`行${++made}公司`, 'E1234567', '是']],
  )
  t.match(kept.text, /1 行正确|正确 1 行|可以导入/, 'and keeps what is meant so')
})

t.test('contacts, users and our own data have the same rules', async (t) => {
  const id = await makeCustomer(db)
  const { location = '' } = await admin.post(`/customers/${id}/contacts`, { name: '钱某', mobile: '1380013800' })
  t.match((await admin.get(location)).page.querySelector('.flash-warning')?.text, /手机：不像电话号码/)
  const wrong = await admin.post(`/customers/${id}/contacts`, { name: '孙某', postcode: '1', email: 'x' })
  t.match(wrong.page.querySelector('.errors')?.text, /邮箱格式.*6 位数字|6 位数字.*邮箱格式/s)
  const ours = await admin.get('/company/edit')
  const version = ours.page.querySelector('[name=version]')?.getAttribute('value') ?? ''
  const refusal = await admin.post('/company', { name: '我司', bank_account: '12ab', version })
  t.match(refusal.page.querySelector('#company-bank_account-error')?.text, /只能填数字/)
  const saved = await admin.post('/company', { name: '我司', phone: '12', version })
  t.match((await admin.get(saved.location ?? '')).page.querySelector('.flash-warning')?.text, /不像电话号码/)
  const me = await admin.get('/profile')
  const mine = me.page.querySelector('[name=version]')?.getAttribute('value') ?? ''
  await admin.post('/profile', { name: '韩梅梅', mobile: '1380013800', version: mine })
  t.match((await admin.get('/profile')).page.querySelector('.flash-warning')?.text, /不像电话号码/)
})
