import t from 'tap'
import { customerFields, personFields } from '../../../src/customers/customers/fields.ts'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import { changeSettings } from '../../../src/kernel/settings/settings.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { create, errorAt, fieldsIn, idsIn, typed } from './fixtures/customers.ts'

async function companyOf(t: Parameters<typeof buildTestApp>[0]) {
  const { db, as } = await buildTestApp(t)
  return { db, admin: await as('韩梅梅') }
}

t.test('every field is kept and shown', async (t) => {
  const { db, admin } = await companyOf(t)
  const entry = async (dictionary: string) => (await db('dictionary_entries').where({ dictionary }).first('id')).id
  const all = {
    name: '长春明日科技有限公司',
    code: 'MR-1',
    short_name: '明日',
    kind: 'person',
    legal_representative: '王小科',
    owner_id: 3,
    phone: '0431-84978981',
    phone2: '010-88886666-8012',
    mobile: '13800138000',
    fax: '0431-84978982',
    email: 'a@mr.example',
    website: 'www.mr.example',
    registered_on: '2026-05-04',
    next_contact_on: '2026-12-01',
    address: '人民大街1号',
    postcode: '130000',
    level_id: await entry('customer-levels'),
    source_id: await entry('customer-sources'),
    type_id: await entry('customer-types'),
    status_id: await entry('customer-states'),
    industry_id: await entry('industries'),
    ownership_id: await entry('ownerships'),
    importance_id: await entry('importances'),
    region_id: await entry('sales-regions'),
    province_code: '220000',
    city_code: '220100',
    district_code: '220102',
    credit_code: '91440400192548256N',
    bank: '工商银行',
    bank_account: '6222 0001',
    credit_rating_id: await entry('credit-ratings'),
    credit_limit_cents: '7000',
    points: '12',
    notes: '第一行\n第二行',
    sex: 'female',
    birthday_on: '1990-02-28',
    occupation: '会计',
    identity_number: '220102199002280000',
  }
  const own = customerFields.filter(({ isLinked }) => !isLinked).map(({ name }) => name)
  t.strictSame(Object.keys(all).sort(), own.sort(), 'all fields are typed')
  const id = await create(admin, all)
  const { version: _, form_at: __, new_tags: none, ...stored } = fieldsIn(await admin.get(`/customers/${id}/edit`))
  t.equal(none, '')
  t.strictSame(stored, Object.fromEntries(Object.entries(all).map(([name, value]) => [name, String(value)])))
  const card = (await admin.get(`/customers/${id}`)).text
  const print = (await admin.get(`/customers/${id}/print`)).text
  const entries = {
    province_code: '吉林省',
    city_code: '长春市',
    district_code: '南关区',
    kind: '个人客户',
    sex: '女',
    owner_id: '李雷',
    credit_limit_cents: '7,000.00',
    notes: '第一行 第二行',
  }
  const read = { ...all, ...entries }
  for (const [name, value] of Object.entries(read).filter(([name]) => !/_id$/.test(name) || name === 'owner_id')) {
    t.match(card, String(value), `${name} on the card`)
    t.match(print, String(value), `${name} on paper`)
  }
})

t.test('what is typed in another way is made right', async (t) => {
  const { db, admin } = await companyOf(t)
  const id = await create(admin, {
    name: '  长春\u3000明日（集团）  ',
    phone: '（0431）8497 8981',
    mobile: '１３８００１３８０００',
    fax: '086-0431-84978981',
    postcode: '１３００００',
    registered_on: '2026年5月4日',
    credit_limit_cents: '￥7,000.5元',
    email: 'a＠mr.example',
    credit_code: ' 9144-0400 192548256n ',
    points: '1,200',
  })
  t.match(await db('customers').where({ id }).first(), {
    name: '长春 明日(集团)',
    phone: '0431-84978981',
    mobile: '13800138000',
    fax: '0431-84978981',
    postcode: '130000',
    registered_on: '2026-05-04',
    credit_limit_cents: 700050,
    email: 'a@mr.example',
    credit_code: '91440400192548256N',
    points: 1200,
    name_pinyin: 'changchunmingrijituan',
    name_initials: 'ccmrjt',
  })
})

t.test('a wrong value is refused at its field, and everything typed stays', async (t) => {
  const { db, admin } = await companyOf(t)
  const wrong: Record<string, string[]> = {
    name: ['', '   ', '\u0000', '长'.repeat(101), 'x'.repeat(4000)],
    kind: ['', 'other'],
    owner_id: ['', '99', '1 or 1=1', '9223372036854775808'],
    registered_on: ['', '2026-02-30', '2026-13-01', '1899-12-31', 'x'],
    next_contact_on: ['2026-02-30', '2026-01-01'],
    email: ['a', 'a@b', 'a b@'],
    website: ['javascript:alert(1)', 'x'],
    postcode: ['12345', '1234567', 'x'],
    credit_limit_cents: ['x', '1.234', '1e3', '9999999999999'],
    points: ['x', '1.5', '99999999999'],
    level_id: ['99999', 'x', '-1'],
    birthday_on: ['2026-02-30'],
    province_code: ['999999'],
    city_code: ['999999'],
    credit_code: ['91440400192548256M', '914404001925482', 'abc'].slice(0, 1),
    short_name: ['长'.repeat(51)],
    notes: ['长'.repeat(4001)],
    sex: ['x'],
  }
  for (const [name, values] of Object.entries(wrong))
    for (const value of values) {
      const kind = personFields.has(name) ? 'person' : 'company'
      const form = typed({ notes: '请保留', phone: '0431-1', kind, [name]: value })
      const answer = await admin.post('/customers', form)
      const said = `${name}: ${value.slice(0, 20)}`
      t.equal(answer.status, 422, said)
      t.ok(errorAt(answer, name), `a sentence at ${said}`)
      const kept = fieldsIn(answer)
      t.match(kept, { phone: '0431-1', owner_id: name === 'owner_id' ? '' : '2' })
      if (name !== 'name' && name !== 'notes') t.match(kept, { name: form.name, notes: '请保留' }, said)
    }
  t.equal(await db('customers').first('id'), undefined)
  const edge = await create(admin, { name: '𠮷'.repeat(100), notes: '<script>alert("x")</script>' })
  t.notMatch((await admin.get(`/customers/${edge}`)).body, '<script>alert')
})

t.test('a wrong tax number is kept when one says so', async (t) => {
  const { db, admin } = await companyOf(t)
  const form = typed({ credit_code: '91440400192548256M' })
  const refused = await admin.post('/customers', form)
  t.match(errorAt(refused, 'credit_code'), '校验位不符')
  t.ok(refused.page.querySelector('[name=is_credit_code_kept]'), 'asks whether to keep it')
  const kept = await admin.post('/customers', { ...form, is_credit_code_kept: 'true' })
  t.equal(kept.status, 303)
  const id = Number(kept.location?.split('/').at(-1))
  const changed = await admin.post(`/customers/${id}`, { ...form, version: 1, phone: '0431-84978981' })
  t.equal(changed.status, 303, 'one that was there before is not asked about again')
  t.equal((await db('customers').where({ id }).first()).credit_code, '91440400192548256M')
  for (const old of ['220102000012345', '12345678X'])
    t.equal((await create(admin, { credit_code: old })) > 0, true, old)
})

t.test('provinces, cities and districts can be chosen one after another without script', async (t) => {
  const { db, admin } = await companyOf(t)
  const asked = await admin.post(
    '/customers',
    typed({ province_code: '220000', refresh: 'city_code', notes: '请保留' }),
  )
  t.equal(asked.status, 200)
  t.ok(asked.page.querySelector('[name=city_code] option[value=220100]'), 'the cities of Jilin are offered')
  t.match(fieldsIn(asked), { notes: '请保留', province_code: '220000' })
  t.match(fieldsIn(asked).form_id, /^[\w-]{8,64}$/)
  const id = await create(admin, { district_code: '110108' })
  const { province_code, city_code } = await db('customers').where({ id }).first()
  t.strictSame([province_code, city_code], ['110000', '110100'], 'a district brings those above it')
  t.match((await admin.get('/customers')).text, '北京 海淀')
  t.equal((await admin.post('/customers', typed({ province_code: '220000', district_code: '110108' }))).status, 422)
})

t.test('a city without a name is shown nowhere, neither on the card nor in a filter or a file', async (t) => {
  const { admin } = await companyOf(t)
  const id = await create(admin, { province_code: '110000', district_code: '110108' })
  for (const url of [
    `/customers/${id}`,
    `/customers/${id}/edit`,
    '/customers?province_code=110000',
    '/customers.csv?columns=city_code',
  ])
    t.notMatch((await admin.get(url)).body, '市辖区', url)
  const list = await admin.get('/customers?province_code=110000&district_code=110108')
  t.equal(idsIn(list).length, 1)
  t.ok(list.page.querySelector('[name=district_code] option[value=110108][selected]'), 'districts below the province')
  t.equal(idsIn(await admin.get('/customers?province_code=110000&district_code=110105')).length, 0)
})

t.test('what is switched off or has left cannot be chosen anew, but may stay where it is', async (t) => {
  const { db, admin } = await companyOf(t)
  const level = (await db('dictionary_entries').where({ dictionary: 'customer-levels' }).first('id')).id
  const id = await create(admin, { level_id: level, owner_id: 3, district_code: '220104' })
  await db('dictionary_entries').where({ id: level }).update({ is_active: false })
  await db('users').where({ id: 3 }).update({ status: 'left' })
  await db('administrative_divisions').where({ code: '220104' }).update({ is_active: false })
  await bumpRevision(db)
  for (const [name, value, said] of [
    ['level_id', level, /已停用，不能再选/],
    ['owner_id', 3, /「李雷」已离职，不能再选/],
    ['district_code', '220104', /「朝阳区」已停用/],
  ] as const) {
    const refused = await admin.post('/customers', typed({ [name]: value, notes: '请保留' }))
    t.equal(refused.status, 422, name)
    t.match(errorAt(refused, name), said)
    t.match(fieldsIn(refused), { notes: '请保留' })
  }
  const form = { ...fieldsIn(await admin.get(`/customers/${id}/edit`)), is_duplicate_accepted: 'true' }
  t.match(form, { level_id: String(level), owner_id: '3', district_code: '220104' })
  t.equal((await admin.post(`/customers/${id}`, { ...form, notes: '改' })).status, 303, 'what is stored may stay')
  const others = await create(admin)
  const selection = await admin.post('/customers/selections', { ids: String(others), scope: 'rows', act: 'level_id' })
  const many = await admin.post(selection.location as string, { level_id: level })
  t.equal(many.status, 422)
  t.match(many.text, /已停用，不能再选/)
})

t.test('a company keeps nothing that only persons have', async (t) => {
  const { db, admin } = await companyOf(t)
  const id = await create(admin, { kind: 'person', sex: 'male', occupation: '会计' })
  t.match(await db('customers').where({ id }).first(), { sex: 'male', occupation: '会计' })
  const form = fieldsIn(await admin.get(`/customers/${id}/edit`))
  t.equal((await admin.post(`/customers/${id}`, { ...form, kind: 'company' })).status, 303)
  t.match(await db('customers').where({ id }).first(), { kind: 'company', sex: null, occupation: null })
  const other = await create(admin, { kind: 'company', sex: 'x', birthday_on: '1990-01-01' })
  t.match(await db('customers').where({ id: other }).first(), { sex: null, birthday_on: null })
  const page = (await admin.get('/customers/new')).page
  t.equal(page.querySelector('.only-person [name=sex]')?.tagName, 'SELECT', 'it is shown as soon as a person is chosen')
})

t.test('nothing is chosen that nobody chose', async (t) => {
  const { admin } = await companyOf(t)
  const form = fieldsIn(await admin.get('/customers/new'))
  t.match(form, { type_id: '', ownership_id: '', credit_rating_id: '' })
})

t.test('the main contact is saved with its customer, by those who may add contacts', async (t) => {
  const { db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const id = await create(admin, { contact_name: '李明', contact_position: '经理', contact_mobile: '138 0013 8000' })
  t.match(await db('contacts').where({ customer_id: id }), [
    { name: '李明', position: '经理', mobile: '13800138000', is_main: true },
  ])
  const nameless = await admin.post('/customers', typed({ contact_mobile: '13800138000' }))
  t.equal(nameless.status, 422)
  t.match(errorAt(nameless, 'contact_name'), '请填写联系人姓名')
  t.match(fieldsIn(nameless), { contact_mobile: '13800138000' })
  const long = await admin.post('/customers', typed({ contact_name: '长'.repeat(51) }))
  t.equal(long.status, 422)
  const asked = { name: '另一家公司', is_duplicate_accepted: '', contact_name: '李明', contact_mobile: '13800138000' }
  const alike = await admin.post('/customers', typed(asked))
  t.match(alike.page.querySelector('#duplicates')?.text, '电话相同', 'whose number another customer has')
  t.equal((await db('customers')).length, 1)
  await db('role_permissions').where({ permission: 'contacts.create' }).delete()
  await bumpRevision(db)
  t.notOk((await admin.get('/customers/new')).page.querySelector('[name=contact_name]'))
  await create(admin, { name: '第三家', contact_name: '王五' })
  t.equal((await db('contacts')).length, 1)
})

t.test(
  'a short form shows what the company chose and what is required, and folds nothing that is filled in or wrong',
  async (t) => {
    const { db, admin } = await companyOf(t)
    const folded = async (path: string) => {
      const { page } = await admin.get(path)
      return page.querySelectorAll('.folded [name]').map((field) => field.getAttribute('name') as string)
    }
    const preset = await folded('/customers/new')
    t.ok(['code', 'mobile', 'bank', 'type_id'].every((name) => preset.includes(name)))
    t.notOk(['name', 'phone', 'owner_id', 'address', 'contact_mobile'].some((name) => preset.includes(name)))
    t.ok(preset.includes('status_id'), 'what is only preset is folded too')
    const wrong = await admin.post('/customers', typed({ bank_account: '12ab' }))
    t.ok(wrong.page.querySelector('[name=bank_account]'))
    t.notOk(wrong.page.querySelector('.folded [name=bank_account]'))
    const id = await create(admin, { bank: '工商银行' })
    const edit = await folded(`/customers/${id}/edit`)
    t.notOk(edit.includes('bank'))
    t.ok(edit.includes('bank_account'), 'beside it, what is empty stays folded')
    await changeSettings(db, { shortCustomerFields: ['bank'], requiredCustomerFields: ['fax'] })
    await bumpRevision(db)
    const chosen = await folded('/customers/new')
    t.notOk(
      ['bank', 'fax', 'name'].some((name) => chosen.includes(name)),
      'chosen or required',
    )
    t.ok(chosen.includes('address'))
  },
)

t.test('after one customer the form for the next', async (t) => {
  const { db, admin } = await companyOf(t)
  const form_id = fieldsIn(await admin.get('/customers/new')).form_id as string
  const one = typed({ form_id, name: '第一家' })
  const saved = await admin.post('/customers', { ...one, and_new: 'true' })
  t.match(saved, { status: 303, location: '/customers/new' })
  t.match((await admin.get('/customers/new')).text, '客户「第一家」已保存')
  t.equal(
    (await admin.post('/customers', one)).location,
    '/customers/1',
    'Back and the other button make no second one',
  )
  t.equal((await db('customers')).length, 1)
})
