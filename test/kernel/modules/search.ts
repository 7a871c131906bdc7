import t from 'tap'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import { insertAll } from '../../../src/kernel/db/dialect.ts'
import { indexModule, matchingRecords } from '../../../src/kernel/db/module-search.ts'
import { makeOwnTables } from '../../../src/kernel/modules/own-table.ts'
import { indexRecords, reindexRecords } from '../../../src/kernel/modules/search-text.ts'
import { presetInstallation } from '../../../src/operation/setup/installation.ts'
import { create } from '../../customers/customers/fixtures/customers.ts'
import { type Answer, type Browser, buildTestApp } from '../../fixtures/app.ts'
import { declareFor, equipment, makeTables, repairs } from '../../fixtures/equipment.ts'
import { gaugesOfRows } from '../../fixtures/walked.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'

declareFor(t, [equipment, repairs])

let forms = 0
const add = async (one: Browser, path: string, values: Record<string, string>) => {
  const { location = '', status, text } = await one.post(path, { ...values, form_id: `search-form-${++forms}` })
  if (status !== 303) throw new Error(`${path}: ${status} ${text}`)
  return location
}

async function world(t: Parameters<typeof buildTestApp>[0]) {
  const built = await buildTestApp(t)
  const { app, db } = built
  await makeTables(db)
  await presetInstallation(db, null)
  await bumpRevision(db)
  return { ...built, admin: await built.as('韩梅梅'), signedIn: (name: string) => signedIn(app, name) }
}

const searched = (one: Browser, q: string) => one.get(`/search?q=${encodeURIComponent(q)}`)

/** What stands in the groups of the page: of each its title, and of each hit its name, and why. */
const groupsIn = ({ page }: Answer) =>
  Object.fromEntries(
    page.querySelectorAll('main section.group').map((section) => [
      section.querySelector('h2')?.text.trim(),
      section.querySelectorAll('tbody tr').map((row) => {
        const cells = row.querySelectorAll('td').map((cell) => cell.text.trim())
        return [cells[0], cells.at(-1)].filter(Boolean).join(' · ')
      }),
    ]),
  )

t.test('one search finds in every module, says why, and leads to all of each', async (t) => {
  const { admin } = await world(t)
  const customer = await create(admin, { name: '长春车床厂', code: 'KH-7001', phone: '0431-88001234转801' })
  await admin.post(`/customers/${customer}/contacts`, { name: '王芳', mobile: '13944012345', code: 'LX-1' })
  const machine = await add(admin, '/equipment', { name: '数控车床', keeper_phone: '13944012345', note: '放在二车间' })
  await add(admin, '/repairs', { subject: '车床换刀具', equipment_id: machine.split('/').at(-1) as string })
  await add(admin, '/competitors', { name: '沈阳机床', products: '车床、铣床' })
  t.same(groupsIn(await searched(admin, '车床')), {
    客户资料: ['长春车床厂'],
    联系人: ['王芳 · 所属客户 长春车床厂'],
    竞争对手: ['沈阳机床 · 产品 车床、铣床'],
    设备: ['数控车床'],
    维修记录: ['车床换刀具'],
  })
  t.same(groupsIn(await searched(admin, '13944012345')), {
    客户资料: ['长春车床厂 · 联系人 王芳 13944012345'],
    联系人: ['王芳 · 手机 13944012345'],
    设备: ['数控车床 · 保管人电话 13944012345'],
  })
  t.same(groupsIn(await searched(admin, '王芳')), { 客户资料: ['长春车床厂 · 联系人 王芳'], 联系人: ['王芳'] })
  t.same(groupsIn(await searched(admin, 'wangfang')), { 客户资料: ['长春车床厂 · 联系人 王芳'], 联系人: ['王芳'] })
  t.same(groupsIn(await searched(admin, 'X-1')), { 联系人: ['王芳 · 联系人编码 LX-1'] }, 'a part of a code')
  t.same(groupsIn(await searched(admin, '4401')), groupsIn(await searched(admin, '13944012345')), 'and of a number')
  const far = `${'甲'.repeat(30)}刨床${'乙'.repeat(60)}`
  await add(admin, '/competitors', { name: '齐重', products: far })
  t.same(groupsIn(await searched(admin, '刨床')), {
    竞争对手: [`齐重 · 产品 …${'甲'.repeat(10)}刨床${'乙'.repeat(28)}…`],
  })
  const page = await searched(admin, '车床')
  for (const link of page.page.querySelectorAll('main section.group .head a')) {
    t.match(link.text, '全部 1 条')
    t.match((await admin.get(link.getAttribute('href') as string)).text, '车床')
  }
})

t.test('a machine is found by any part of what is searched, as it stands now', async (t) => {
  const { db, admin } = await world(t)
  const machine = await add(admin, '/equipment', {
    name: '长春𠮷数控车床A-1',
    keeper_phone: '0431-88001234转801',
    note: '看不见的话',
  })
  await add(admin, '/equipment', { name: '铣床', keeper_phone: '13800138021' })
  const names = async (q: string) =>
    (await admin.get(`/equipment?q=${encodeURIComponent(q)}`)).page
      .querySelectorAll('tbody tr')
      .map((row) => row.querySelector('a')?.text)
  for (const q of [
    '车床',
    '床a',
    'A-1',
    'a1',
    'Ａ－１',
    '𠮷',
    '𠮷数',
    'ccskcc',
    'skcc',
    'skccA',
    'shukong',
    'shuk',
    'kongcheC',
    'shu kong che',
    'changchun',
    'chechuanga1',
    'changchun',
    '数控 1234',
    '8800',
    '0431-8800',
    '043188001234',
    '0431-88001234转801',
    '0431 88001234 ext 801',
    '+86 431 8800 1234',
    '0086-431-88001234',
    '０４３１８８００',
    '长 床',
  ])
    t.same(await names(q), ['长春𠮷数控车床A-1'], q)
  for (const q of [
    '+8613800138021',
    '0086 138 0013 8021',
    '138-0013-8021',
    '138 0013 8021',
    '１３８００１３８０２１',
    '8613800138021',
    '+86138',
    '0138',
  ])
    t.same(await names(q), ['铣床'], q)
  for (const q of [
    '看不见',
    'ichuang',
    'xich1',
    '车 铣',
    '%',
    '_',
    "'",
    '"',
    '\\',
    '[',
    '*',
    'OR',
    '😀',
    '车床床',
    '13900000000',
    '甲'.repeat(60),
    '<script>',
  ])
    t.same(await names(q), [], JSON.stringify(q))
  await admin.post(machine, { name: '刨床', keeper_phone: '', version: '1' })
  t.same([await names('数控'), await names('88001234'), await names('bc')], [[], [], ['刨床']])
  t.same(await names('床'), ['铣床', '刨床'], 'the newest first')
  await admin.post(`${machine}/deletion`, { version: '2' })
  t.same(await names('刨床'), [])
  await reindexRecords(db, equipment)
  const indexed = await db('module_search_texts').where({ module: 'equipment' }).pluck('text')
  t.same(indexed, ['-XI-CHUANG|铣床|xc'], 'the index holds what is living only, also when it is made anew')
  await admin.post(`/recycle-bin${machine}/restoration`, { version: '3' })
  t.same(await names('刨床'), ['刨床'])
  await admin.post(`${machine}/deletion`, { version: '4' })
  await admin.post(`/recycle-bin${machine}/purge`, { version: '5' })
  t.same(await db('module_search_texts').where({ module: 'equipment' }).pluck('text'), ['-XI-CHUANG|铣床|xc'])
})

t.test('nobody finds what he may not see, nor by what he must not read', async (t) => {
  const { admin, db, signedIn } = await world(t)
  const own = await everyRightWithin(db, '各管各的', { view: 'own' })
  const masked = await everyRightWithin(db, '看不全', { view: 'all', masks: 'phone' })
  const only = [
    'customers.view',
    'contacts.view',
    'repairs.view',
    'competitors.view',
    'suppliers.view',
    'supplier_contacts.view',
    'follow_ups.view',
    'todos.view',
    'memos.view',
    'workdays.view',
    'mail.create',
  ]
  const roles = {
    甲: own,
    乙: own,
    丙: masked,
    丁: await everyRightWithin(db, '只看设备', { view: 'all', without: only }),
  }
  const alone = await everyRightWithin(db, '不看联系人', { view: 'all', without: ['contacts.view'] })
  for (const [name, role] of Object.entries({ ...roles, 戊: alone })) await addPerson(db, name, [role])
  const [one, other, half, narrow, blind] = (await Promise.all(
    ['甲', '乙', '丙', '丁', '戊'].map(signedIn),
  )) as Browser[] as [Browser, Browser, Browser, Browser, Browser]
  const machine = await add(one, '/equipment', { name: '数控车床', keeper_phone: '13944012345' })
  await add(one, '/repairs', { subject: '车床换刀具', equipment_id: machine.split('/').at(-1) as string })
  const customer = await create(admin, { name: '长春机器厂', code: 'KH-7001', mobile: '13944012345' })
  await admin.post(`/customers/${customer}/contacts`, { name: '王芳', mobile: '15912345678' })
  t.same(Object.keys(groupsIn(await searched(one, '车床'))), ['设备', '维修记录'])
  t.same(groupsIn(await searched(other, '车床')), {}, 'of somebody else')
  t.match((await searched(other, '车床')).text, '没有找到')
  t.same(Object.keys(groupsIn(await searched(half, '车床'))), ['设备', '维修记录'])
  for (const q of ['13944012345', '4401', '+8613944012345', '15912345678', '数控 4401'])
    t.same(groupsIn(await searched(half, q)), {}, `${q} must not be read`)
  t.same(groupsIn(await searched(half, '王芳')), { 客户资料: ['长春机器厂 · 联系人 王芳'], 联系人: ['王芳'] })
  t.equal((await searched(half, 'KH-7001')).location, `/customers/${customer}`, 'digits of a code are no telephone')
  for (const q of ['王芳', '15912345678', 'wf']) t.same(groupsIn(await searched(blind, q)), {}, `${q} is of a contact`)
  t.same(groupsIn(await searched(blind, '机器厂')), { 客户资料: ['长春机器厂'] })
  t.same(Object.keys(groupsIn(await searched(blind, '4401'))), ['客户资料', '设备'])
  t.equal(
    (await searched(narrow, '车床')).location,
    `/equipment?q=${encodeURIComponent('车床')}`,
    'one module: its list',
  )
  t.equal(
    (await narrow.get('/equipment')).page.querySelector('form[role=search]')?.getAttribute('action'),
    '/equipment',
  )
  t.equal((await one.get('/equipment')).page.querySelector('form[role=search]')?.getAttribute('action'), '/search')
})

t.test('what was found by its whole pinyin is found by its syllables after the update', async (t) => {
  const { db } = await world(t)
  const { up } = await import('../../../migrations/20261203020200_spell_module_search.ts')
  const texts = ['铣床|xichuang|xc|备用', '海德a车床|haideachechuang|hdacc', 'abc', '甲|goods']
  const rows = texts.map((text, at) => ({ id: at + 1, text, masked_text: null }))
  await indexModule(db, 'equipment', rows)
  await up(db)
  const spelled = ['-XI-CHUANG|铣床|xc|备用', '-HAI-DE-A-CHE-CHUANG|海德a车床|hdacc', 'abc', '甲|goods']
  t.same(await db('module_search_texts').where({ module: 'equipment' }).orderBy('id').pluck('text'), spelled)
  const found = (q: string) =>
    matchingRecords(db, { module: 'equipment', terms: { parts: [q] }, isOpenOnly: false }).pluck('record_id')
  t.same([await found('chuang'), await found('dea'), await found('huang')], [[1, 2], [2], []])
})

t.test('an address is the reason of a hit; what must not be read neither finds nor is told', async (t) => {
  const { admin, db, signedIn } = await world(t)
  const roles = {
    甲: await everyRightWithin(db, '看不全', { view: 'all', masks: 'phone' }),
    乙: await everyRightWithin(db, '不看联系人', { view: 'all', without: ['contacts.view'] }),
  }
  for (const [name, role] of Object.entries(roles)) await addPerson(db, name, [role])
  const [half, blind] = (await Promise.all(['甲', '乙'].map(signedIn))) as [Browser, Browser]
  const customer = await create(admin, { name: '长春机器厂', address: '南关区大马路15号', phone: '0431-88001234' })
  const contact = { name: '王芳', address: '朝阳区人民大街88号', mobile: '15912345678', wechat: 'wf-fang' }
  await admin.post(`/customers/${customer}/contacts`, contact)
  const ofCustomer = { 客户资料: ['长春机器厂 · 地址 南关区大马路15号'] }
  const ofContact = { 客户资料: ['长春机器厂 · 联系人 王芳'], 联系人: ['王芳 · 地址 朝阳区人民大街88号'] }
  for (const one of [admin, half, blind])
    for (const q of ['大马路', '南关区 马路15']) t.same(groupsIn(await searched(one, q)), ofCustomer, q)
  for (const one of [admin, half]) t.same(groupsIn(await searched(one, '人民大街')), ofContact)
  t.same(groupsIn(await searched(blind, '人民大街')), {})
  t.same(Object.keys(groupsIn(await searched(admin, '人民大街 5912'))), ['客户资料', '联系人'])
  for (const q of ['人民大街 5912', '大马路 8800', '5912']) t.same(groupsIn(await searched(half, q)), {}, q)
  const asked = async (one: Browser, f: string) =>
    (await one.get(`/contacts?f=${encodeURIComponent(f)}`)).page.querySelectorAll('#list tbody tr').length
  for (const f of ['mobile:contains:5912', 'mobile:is:15912345678', 'wechat:contains:fang', 'address:contains:人民'])
    t.equal(await asked(admin, f), 1, f)
  t.equal(await asked(half, 'address:contains:人民'), 1)
  for (const f of ['mobile:contains:5912', 'mobile:is:15912345678', 'wechat:contains:fang'])
    t.equal(await asked(half, f), 0, `${f} must not be read`)
})

t.test('a whole code leads to its record, where it is the only one and may be seen', async (t) => {
  const { admin, db, signedIn } = await world(t)
  const customer = await create(admin, { name: '长春机器厂', code: 'KH-7001' })
  const other = await create(admin, { name: '又一家厂', code: 'LX-1' })
  await admin.post(`/customers/${customer}/contacts`, { name: '王芳', code: 'LX-1' })
  for (const q of ['KH-7001', 'kh-7001', ' ＫＨ－７００１ '])
    t.equal((await searched(admin, q)).location, `/customers/${customer}`, q)
  t.same(Object.keys(groupsIn(await searched(admin, 'LX-1'))), ['客户资料', '联系人'], `two of one code: ${other}`)
  t.same(Object.keys(groupsIn(await searched(admin, '7001'))), ['客户资料', '联系人'], 'a part of it')
  await addPerson(db, '甲', [await everyRightWithin(db, '各管各的', { view: 'own' })])
  t.equal((await searched(await signedIn('甲'), 'KH-7001')).location, undefined)
})

t.test('what is typed into the box is only text; nothing, too much and signs are answered', async (t) => {
  const { admin, anyone } = await world(t)
  await create(admin, { name: '𠮷𬱖公司' })
  t.same(groupsIn(await searched(admin, '𬱖')), { 客户资料: ['𠮷𬱖公司'] })
  for (const q of [
    '',
    ' ',
    '%',
    "'",
    '"><script>alert(1)</script>',
    '\\',
    '\u0000',
    '𠮷'.repeat(3000),
    'a'.repeat(9000),
    'OR "',
    '*',
  ]) {
    const answer = await searched(admin, q)
    t.equal(answer.status, 200, JSON.stringify(q.slice(0, 60)))
    t.notMatch(answer.body, '<script>alert')
    t.same(groupsIn(answer), {})
  }
  t.equal((await admin.get('/search?q=a&q=𠮷𬱖')).status, 200)
  t.match(
    (await admin.get('/search')).text,
    '可以查找：客户资料、联系人、联系记录、竞争对手、供应商、供应商联系人、待办事项、备忘提醒、邮件模板、节假日和调休、设备、维修记录',
  )
  t.equal((await anyone.get('/search?q=甲')).status, 303)
  t.equal((await admin.get('/search?q=𬱖')).page.querySelector('#search')?.getAttribute('value'), '𬱖')
})

t.test('what is found very often is counted, and stands in the order of the list on every page', async (t) => {
  const { admin, db, signedIn } = await world(t)
  const mine = await addPerson(db, '甲', [await everyRightWithin(db, '各管各的', { view: 'own' })])
  const now = new Date().toISOString()
  const machines = Array.from({ length: 3200 }, (_, index) => {
    const name = `螺丝${String(index).padStart(4, '0')}`
    const row = { name, name_key: name, name_pinyin: `luosi${String(9999 - index)}`, is_insured: false, version: 1 }
    return { ...row, id: index + 1, owner_id: index % 100 ? 2 : mine, created_at: now, updated_at: now }
  })
  await db.transaction(async (trx) => {
    await insertAll(trx, 'equipment', machines)
    await indexRecords(trx, equipment, machines)
  })
  const page = async (one: Browser, query: string) => {
    const { page } = await one.get(`/equipment?q=${encodeURIComponent('螺丝')}&per=10${query}`)
    return [
      /共 [\d,]+ 条/.exec(page.querySelector('.results p')?.text ?? '')?.[0],
      page.querySelector('tbody tr a')?.text,
      page.querySelectorAll('tbody tr').length,
    ]
  }
  t.same(await page(admin, ''), ['共 3,200 条', '螺丝3199', 10])
  t.same(await page(admin, '&page=200'), ['共 3,200 条', '螺丝1209', 10])
  t.same(await page(admin, '&page=320'), ['共 3,200 条', '螺丝0009', 10])
  t.same(await page(await signedIn('甲'), ''), ['共 32 条', '螺丝3100', 10])
  t.match((await searched(admin, '螺丝')).text, '全部 3,200 条')
})

t.test('of what somebody has more of than is counted the newest are shown, and of nobody else’s', async (t) => {
  const { db, signedIn } = await world(t)
  const mine = await addPerson(db, '甲', [await everyRightWithin(db, '各管各的', { view: 'own' })])
  const now = new Date().toISOString()
  const machines = Array.from({ length: 4300 }, (_, index) => {
    const name = `螺母${String(index).padStart(4, '0')}`
    const row = { name, name_key: name, name_pinyin: 'luomu', is_insured: false, version: 1 }
    return { ...row, id: index + 1, owner_id: index % 50 ? mine : 2, created_at: now, updated_at: now }
  })
  await db.transaction(async (trx) => {
    await insertAll(trx, 'equipment', machines)
    await indexRecords(trx, equipment, machines)
    await trx('equipment').where({ name: '螺母4299' }).update({ owner_id: 2 })
  })
  const { page } = await (await signedIn('甲')).get(`/equipment?q=${encodeURIComponent('螺母')}&per=10`)
  const names = page.querySelectorAll('main tbody tr').map((row) => row.querySelector('a')?.text)
  t.match(page.querySelector('.results p')?.text, /1,000/)
  t.same(names.slice(0, 2), ['螺母4298', '螺母4297'], 'what the index says of owners is asked again of the rows shown')
})

t.test('records of before are found by whose they are after the update', async (t) => {
  const { db } = await world(t)
  const { up } = await import('../../../migrations/20261205120000_find_own_records_by_owner.ts')
  const module = await gaugesOfRows(db, 'owner')
  await makeOwnTables(db, module)
  const now = new Date().toISOString()
  const row = { name: '卡尺', name_pinyin: 'kachi', owner_id: 2, version: 1, created_at: now, updated_at: now }
  await db(module.name).insert({ ...row, code: 'LJ0001', code_key: 'LJ0001' })
  await indexModule(db, module.name, [{ id: 1, text: '卡尺', masked_text: null }])
  const found = (owners: number[]) =>
    matchingRecords(db, {
      module: module.name,
      terms: { parts: ['卡尺'] },
      isOpenOnly: false,
      owners: new Set(owners),
    }).pluck('record_id')
  t.same(await found([2]), [])
  await up(db)
  t.same([await found([2]), await found([1])], [[1], []])
})

t.test('a number is read as a number by the box, by lists and where a record is looked for', async (t) => {
  const { admin } = await world(t)
  const number = '0431-88888888转801'
  const customer = await create(admin, { name: '长春车床厂', phone: number, mobile: '13800138021' })
  await admin.post(`/customers/${customer}/contacts`, { name: '王芳', mobile: '13800138021', office_phone: number })
  await add(admin, '/equipment', { name: '数控车床', keeper_phone: `${number} 13800138021` })
  await add(admin, '/suppliers', { name: '沈阳轴承厂', phone: number, address: '建设中路 8 号' })
  const all = ['长春车床厂', '王芳', '数控车床']
  for (const q of [
    '+8613800138021',
    '0086-138 0013 8021',
    '１３８００１３８０２１',
    '138－0013－8021',
    '0431-88888888转801',
    '008643188888888 转 801',
  ]) {
    const hits = await searched(admin, q)
    for (const name of all) t.match(hits.text, name, `${q} in the box`)
    for (const path of ['/customers', '/contacts', '/equipment'])
      t.equal(
        (await admin.get(`${path}?q=${encodeURIComponent(q)}`)).page.querySelectorAll('tbody tr').length,
        1,
        q + path,
      )
    for (const [module, name] of [
      ['customers', '长春车床厂'],
      ['equipment', '数控车床'],
    ])
      t.match((await admin.get(`/look-ups/${module}?q=${encodeURIComponent(q)}`)).text, name, `${q} in ${module}`)
  }
  t.match((await admin.get(`/look-ups/suppliers?q=${encodeURIComponent(number)}`)).text, '沈阳轴承厂')
  t.same(groupsIn(await searched(admin, '建设中路8')), { 供应商: ['沈阳轴承厂 · 地址 建设中路 8 号'] })
  t.same(groupsIn(await searched(admin, '88888888转803')), {}, 'another extension')
})
