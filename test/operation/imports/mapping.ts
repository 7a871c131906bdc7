import t from 'tap'
import { buildTestApp } from '../../fixtures/app.ts'
import { check, checkFile, formOf, take, upload, wrongRows, xlsx } from './fixtures/upload.ts'

const world = async (t: Parameters<typeof buildTestApp>[0]) => {
  const { app, db, as } = await buildTestApp(t)
  return { app, db, as, one: await as('韩梅梅') }
}

t.test('headings in traditional hanzi', async (t) => {
  const { one, db } = await world(t)
  const checked = await check(
    one,
    ['客戶名稱', '電話', '統一社會信用代碼', '縣/區', '聯繫人', '備註'],
    [['臺灣電子股份有限公司', '010-62781234', '914403001922038216', '', '王小明', '舊客戶']],
  )
  t.notMatch(checked.text, '未导入的列')
  await take(one, checked.location)
  t.match(await db('customers').first(), {
    name: '臺灣電子股份有限公司',
    phone: '010-62781234',
    credit_code: '914403001922038216',
    notes: '舊客戶',
  })
  t.match(await db('contacts').first(), { name: '王小明' })
})

t.test('a csv in GB18030 of another program: its headings are known, malformed telephones are kept', async (t) => {
  const { one, db } = await world(t)
  const lines = [
    '企业名称;统一社会信用代码;法定代表人;注册地址;所属行业;电话;更多电话;邮箱;官网;经营状态',
    '长春宏源电子有限公司;914403001922038216;王宏;长春市人民大街1号;制造业;0431-84978981;见名片;a@hy.example;www.hy.example;存续',
    '吉林顺达商贸有限公司;;李顺;;;12345（勿扰）;;;;存续',
  ]
  const file = encodeGbk(lines.join('\r\n'))
  const checked = await checkFile(one, file, { fileName: '企业列表.csv' })
  t.match(checked.text, '2 行正确，0 行有误')
  t.match(checked.text, '未导入的列 经营状态')
  await take(one, checked.location)
  const [first, second] = await db('customers').orderBy('id')
  t.match(first, {
    name: '长春宏源电子有限公司',
    credit_code: '914403001922038216',
    legal_representative: '王宏',
    address: '长春市人民大街1号',
    phone: '0431-84978981',
    phone2: '见名片',
    email: 'a@hy.example',
    website: 'www.hy.example',
  })
  t.match(second, { name: '吉林顺达商贸有限公司', phone: '12345(勿扰)' })
})

/** GB18030 out of what Node can decode: every character of two bytes by its decoder. */
function encodeGbk(text: string): Buffer {
  const decoder = new TextDecoder('gb18030')
  const codes = new Map<string, number[]>()
  for (let high = 0x81; high <= 0xfe; high++)
    for (let low = 0x40; low <= 0xfe; low++)
      if (low !== 0x7f) codes.set(decoder.decode(Uint8Array.of(high, low)), [high, low])
  return Buffer.from([...text].flatMap((sign) => (sign < '\x80' ? [sign.charCodeAt(0)] : (codes.get(sign) ?? [63]))))
}

t.test('the columns can be given another meaning, which is remembered', async (t) => {
  const { one, db } = await world(t)
  const file = await xlsx(['商号全名', '备用栏', '传真', '传真'], [['甲公司', '乙方客户', '0431-84978981', '见名片']])
  const { location: mapping = '' } = await upload(one, file)
  const page = await one.get(mapping)
  t.match(page.text, /商号全名.*甲公司/, 'with examples')
  const form = formOf(page, '#mapping')
  t.strictSame(form, { column_0: '', column_1: '', column_2: 'customer.fax', column_3: '' }, 'one of two alike')

  const without = await one.post(mapping, form)
  t.match(without, { status: 422, text: /请选择哪一列是「客户名称」/ })
  const twice = await one.post(mapping, { ...form, column_0: 'customer.name', column_1: 'customer.name' })
  t.match(twice, { status: 422, text: /「客户名称」对应了两列/ })
  t.equal(formOf(twice, '#mapping').column_1, 'customer.name', 'what was chosen stays')

  const chosen = {
    ...form,
    column_0: 'customer.name',
    column_1: 'customer.notes',
    column_2: '',
    column_3: 'customer.fax',
  }
  const { location = '' } = await one.post(mapping, chosen)
  await take(one, location)
  t.match(await db('customers').first(), { name: '甲公司', notes: '乙方客户', fax: '见名片' })

  const again = formOf(await one.get((await upload(one, file)).location ?? ''), '#mapping')
  t.match(again, { column_0: 'customer.name', column_1: 'customer.notes' })
  t.match(await one.post(mapping, chosen), { status: 409, text: /已不在这一步/ }, 'a taken import is not mapped again')
})

t.test('what a heading means depends on the others', async (t) => {
  const { one } = await world(t)
  const proposed = async (headings: string[], kind?: string) => {
    const { location = '' } = await upload(one, await xlsx(headings, [headings.map(() => '1')]), { kind })
    const page = await one.get(location)
    return { page, targets: Object.values(formOf(page, '#mapping')) }
  }
  const people = await proposed(['公司名称', '姓名', '职务', '部门', '微信', '停用', '原因'])
  t.strictSame(people.targets, [
    'customer.name',
    'contact.name',
    'contact.position',
    'contact.department',
    'contact.wechat',
    '',
    '',
  ])
  t.match(people.page.text, '没有对应项目、不会导入的列：停用。', 'nothing is left out unseen, but our own reasons')
  t.strictSame((await proposed(['姓名', '职务'])).targets, ['', ''], 'a person alone may be the customer')
  t.strictSame(
    (await proposed(['公司名称', '电话', '联系人', '联系电话', '联系人手机', '备注', '备注'])).targets,
    [
      'customer.name',
      'customer.phone',
      'contact.name',
      'contact.office_phone',
      'contact.mobile',
      'customer.notes',
      'contact.notes',
    ],
    'what the customer has already is the contact’s',
  )
  t.strictSame((await proposed(['名称', '电话', '座机'])).targets.at(-1), 'customer.phone2')
  t.strictSame((await proposed(['名称', '联系人', '手机'])).targets.at(-1), 'contact.mobile', 'a company has no mobile')
  t.strictSame((await proposed(['名称', '手机', '联系人'])).targets[1], 'customer.mobile')
  t.strictSame((await proposed(['名称', '联系人', '手机', '联系人手机'])).targets[2], 'customer.mobile')
  const list = ['公司名称', '姓名', '电话', '手机']
  t.strictSame(
    (await proposed(list, 'contacts')).targets,
    ['customer.name', 'contact.name', 'contact.office_phone', 'contact.mobile'],
    'no telephone is lost',
  )
  t.strictSame((await proposed(list.slice(0, 3), 'contacts')).targets.at(-1), 'contact.mobile')
})

t.test('a mobile without a contact is the customer’s', async (t) => {
  const { one, db } = await world(t)
  const checked = await check(
    one,
    ['单位名称', '联系人', '手机', '职务', '客户手机'],
    [
      ['甲', '张三', '13800138000', '经理', ''],
      ['乙', '', '13900139000', '', ''],
      ['丙', '', '13700137000', '', '13600136000'],
      ['丁', '', '', '会计', ''],
    ],
  )
  t.match(checked.text, '2 行正确，2 行有误')
  t.match(wrongRows(checked), [['4'], ['5', '丁', /请填写联系人姓名/]], 'nothing is lost')
  await take(one, checked.location)
  t.strictSame(await db('customers').orderBy('id').pluck('mobile'), [null, '13900139000'])
  t.strictSame(await db('contacts').pluck('mobile'), ['13800138000'])
})

t.test('what was proposed is not remembered: it may mean another thing in the next file', async (t) => {
  const { one, db } = await world(t)
  await check(one, ['公司名称', '姓名', '职务', '公司地址', '地址'], [['甲', '张三', '经理', '', '']])
  t.strictSame(await db('import_mappings'), [])
})

t.test('a file brought as customers is brought as contacts instead, and back', async (t) => {
  const { one, db, app } = await world(t)
  const headings = ['公司名称', '姓名', '手机']
  const checked = await check(one, headings, [
    ['甲', '张三', '13800138000'],
    ['甲', '王五', ''],
    ['', '李四', ''],
  ])
  t.match(checked.text, '2 行正确，1 行有误')
  const path = checked.location
  const mapping = await one.get(`${path}/mapping`)
  t.match(mapping.text, /改为导入联系人.*每行导入为一个客户/)
  t.equal((await one.post(`${path}/kind`, { kind: 'contacts' })).location, `${path}/mapping`)
  t.strictSame(await db('import_errors'), [], 'what was found before counts no more')
  const form = formOf(await one.get(`${path}/mapping`), '#mapping')
  t.strictSame(Object.values(form), ['customer.name', 'contact.name', 'contact.mobile'])
  await one.post(`${path}/mapping`, form)
  await app.runJobs()
  await one.post(`${path}/missing-records`)
  await app.runJobs()
  t.match((await take(one, path)).text, '新增 2 条')
  t.match(await one.post(`${path}/kind`, { kind: 'customers' }), { status: 409, text: /已不在这一步/ })
  t.match(await db('contacts').first(), { name: '张三', mobile: '13800138000' })
  await one.post(`${path}/undo`)
  await app.runJobs()
  t.match((await one.get(path)).text, '已撤销 2 条', 'counted as it was brought, by people')
  t.strictSame(await db('customers'), [])
})

t.test('names that do not exist: made, given another meaning, or left out', async (t) => {
  const { one, db, as } = await world(t)
  const rows = [
    ['甲', '钻石', '制药', '王大拿'],
    ['乙', '钻石', '酿酒', '李雷'],
    ['丙', 'VIP客户', '养蜂', ''],
  ]
  const headings = ['客户名称', '客户级别', '行业', '业务员']
  const checked = await check(one, headings, rows)
  t.match(checked.text, '3 行正确，0 行有误')
  const form = formOf(checked, 'form[action$=execution]')
  t.strictSame(Object.values(form), ['make', 'make', 'empty', 'make', 'make'], 'proposed')
  const vip = await db('dictionary_entries').where({ label: 'VIP客户' }).first('id')
  const [first] = await db('dictionary_entries').where({ dictionary: 'industries' }).orderBy('position')
  const choices = {
    value_0: String(vip.id),
    value_1: String(first.id),
    value_2: 'empty',
    value_3: 'empty',
    value_4: 'make',
  }
  await take(one, checked.location, choices)
  const customers = await db('customers').orderBy('id')
  const made = await db('dictionary_entries').where({ label: '养蜂', dictionary: 'industries' }).first('id')
  t.strictSame(
    customers.map(({ level_id, industry_id }) => [level_id, industry_id]),
    [
      [vip.id, first.id],
      [vip.id, null],
      [vip.id, made.id],
    ],
  )
  const me = await db('users').where({ username: '韩梅梅' }).first('id')
  t.equal(customers[0].owner_id, me.id, 'whoever imports')

  const role = await db('roles').where({ code: 'user' }).first('id')
  for (const permission of ['customers.import', 'customers.create'])
    await db('role_permissions').insert({ role_id: role.id, permission })
  await db('revisions').increment('number', 1)
  const plain = await as('李雷')
  const seen = await check(plain, headings, [['丁', '铂金', '', '']])
  t.notOk(seen.page.querySelector('option[value=make]'), 'not without the right')
  await take(plain, seen.location, { value_0: 'make' })
  t.equal((await db('dictionary_entries').where({ label: '铂金' })).length, 0)
  t.match(await db('customers').where({ name: '丁' }).first(), { level_id: null })
})

t.test('wrong rows come back as a file, to be corrected and brought again', async (t) => {
  const { one, db } = await world(t)
  const checked = await check(
    one,
    ['客户名称', '颜色', '邮箱'],
    [
      ['甲', '红', 'a@b.example'],
      ['乙', '绿', 'nobody'],
      ['丙', '=1+1', '问前台'],
    ],
  )
  await take(one, checked.location)
  const file = await one.get(`${checked.location}/wrong-rows.xlsx`)
  t.match(file.headers['content-disposition'], /^attachment; filename="wrong-rows.xlsx"; .*-\d{4}-\d\d-\d\d\.xlsx$/)
  const { location: mapping = '' } = await upload(one, file.raw)
  t.match((await one.get(mapping)).text, /客户名称.*颜色.*邮箱.*原因/)
  const again = await checkFile(one, file.raw)
  t.notMatch(again.text, '未导入的列 颜色、原因', 'the reasons are no column of theirs')
  t.same(
    wrongRows(again).map(([number, name]) => [number, name]),
    [
      ['2', '乙'],
      ['3', '丙'],
    ],
  )
  t.equal((await db('customers')).length, 1)
})

t.test('the files of other programs are known', async (t) => {
  const { one } = await world(t)
  const files: [kind: string, headings: string, targets: string][] = [
    [
      'contacts',
      'First Name,Last Name,Title,Company,Job Title,Business Phone,Mobile Phone,E-mail Address,Web Page',
      'contact.given_name,contact.family_name,,customer.name,contact.position,contact.office_phone,contact.mobile,contact.email,',
    ],
    [
      'contacts',
      '姓,名,单位,职务,商务电话,移动电话,电子邮件地址',
      'contact.family_name,contact.given_name,customer.name,contact.position,contact.office_phone,contact.mobile,contact.email',
    ],
    [
      'contacts',
      'First Name,Last Name,Organization Name,Organization Title,E-mail 1 - Value,Phone 1 - Value',
      'contact.given_name,contact.family_name,customer.name,contact.position,contact.email,contact.mobile',
    ],
    ['contacts', 'Name,Account Name,Title,Phone', 'contact.name,customer.name,contact.position,contact.mobile'],
    [
      'customers',
      'Account Name,Account Number,Phone,Website,Billing Street,Billing City,Billing State/Province,Account Owner',
      'customer.name,customer.code,customer.phone,customer.website,customer.address,customer.city_code,customer.province_code,customer.owner_id',
    ],
    [
      'customers',
      'Name,Billing Address Postal Code,Assigned User',
      'customer.name,customer.postcode,customer.owner_id',
    ],
    ['customers', '企业名称,企业公示的联系电话,省、市、区/县', 'customer.name,customer.phone,customer.place'],
  ]
  for (const [kind, headings, targets] of files) {
    const names = headings.split(',')
    const { location = '' } = await upload(one, await xlsx(names, [names.map(() => 'x')]), { kind })
    t.equal(Object.values(formOf(await one.get(location), '#mapping')).join(), targets, headings)
  }
})

t.test('imports of before are known by the words of now', async (t) => {
  const { one, db } = await world(t)
  const { location } = await check(one, ['公司名称', '姓名'], [['甲', '张三']], 'contacts')
  await one.post(`${location}/missing-records`)
  const kept = async () => {
    const row = await db('imports').first()
    return [JSON.parse(row.columns), JSON.parse(row.evidence)]
  }
  const now = await kept()
  t.match(now, [{ makesMissing: true }, { missing: { rows: 1 } }])
  const renaming = await import('../../../migrations/20261203030000_rename_missing_of_imports.ts')
  await renaming.down(db)
  t.match(await kept(), [{ makesCustomers: true, makesMissing: undefined }, { customers: { rows: 1 } }])
  await renaming.up(db)
  t.strictSame(await kept(), now)
})
