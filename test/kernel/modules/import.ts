import t from 'tap'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import type { Module } from '../../../src/kernel/modules/module.ts'
import { permissions } from '../../../src/kernel/permissions.ts'
import { line, long, phone } from '../../../src/kernel/web/fields.ts'
import { presetInstallation } from '../../../src/operation/setup/installation.ts'
import { countsAgree } from '../../fixtures/agreement.ts'
import { type Browser, buildTestApp } from '../../fixtures/app.ts'
import { declareFor, equipment, makeTables, repairs } from '../../fixtures/equipment.ts'
import { newFolder } from '../../fixtures/folder.ts'
import { readable } from '../../fixtures/readable.ts'
import {
  check,
  checkFile,
  finished,
  formOf,
  take,
  upload,
  wrongRows,
  xlsx,
} from '../../operation/imports/fixtures/upload.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'
import { gb18030 } from '../spreadsheets/fixtures/gb18030.ts'

/** Places that belong to nobody; none has a name of its own, and a hook says what cannot be. */
const places: Module = {
  name: 'places',
  path: '/places',
  label: '场地',
  group: 'customers',
  fields: [
    { name: 'name', label: '场地名称', kind: line, max: 40, isRequired: true },
    { name: 'note', label: '备注', kind: long, max: 500 },
    { name: 'phone', label: '门卫电话', kind: phone, max: 60, mask: 'phone', isUnique: true },
  ],
  title: 'name',
  owner: 'nobody',
  acts: ['view', 'create', 'update', 'delete', 'import'],
  search: ['name'],
  hooks: {
    check: async (_run, { note }) =>
      note === '禁区' ? [{ field: 'note', label: '备注', message: '不能是禁区。' }] : [],
  },
}

declareFor(t, [equipment, repairs, places])

const headings = ['设备名称', '保管人电话', '等级', '购入日期', '价格', '已投保', '所属人员', '备注']
const lathe = ['数控车床', '13944012345', '', '2026年3月5日', '12000.50', '是', '', '放在二车间']

/** The rights to bring in what is not equipment. */
const otherImports = () => permissions().filter((one) => one.endsWith('.import') && one !== 'equipment.import')

async function world(t: Parameters<typeof buildTestApp>[0]) {
  const built = await buildTestApp(t)
  const { app, db } = built
  await makeTables(db)
  await db.schema.createTable('places', (table) => {
    table.increments('id')
    for (const name of ['name', 'name_pinyin', 'note', 'phone', 'phone_key', 'created_at', 'updated_at'])
      table.string(name, 500)
    table.integer('version').notNullable()
    table.index('name_pinyin')
  })
  await presetInstallation(db, null)
  await bumpRevision(db)
  const own = { view: 'own' } as const
  const roles: [string, Parameters<typeof everyRightWithin>[2]][] = [
    ['甲', { ...own, without: ['equipment.transfer'] }],
    ['乙', own],
    ['丙', { view: 'all', masks: 'phone' }],
    ['丁', { view: 'all', without: ['equipment.import', ...otherImports()] }],
    ['戊', { view: 'all', without: ['equipment.create', 'equipment.update', 'customers.import'] }],
    ['庚', { view: 'all', without: ['equipment.transfer'] }],
    ['己', { view: 'all', without: ['equipment.update', ...otherImports()] }],
  ]
  const people: Record<string, number> = {}
  for (const [name, rights] of roles)
    people[name] = await addPerson(db, name, [await everyRightWithin(db, `角色${name}`, rights)])
  const bring = async (
    one: Browser,
    rows: unknown[][],
    { kind = 'equipment', heads = headings, choices = {} } = {},
  ) => {
    const checked = await check(one, heads, rows, kind)
    return { checked, location: checked.location, done: await take(one, checked.location, choices) }
  }
  const undo = async (one: Browser, location: string) => {
    await one.post(`${location}/undo`)
    await app.runJobs()
    return finished(one, location)
  }
  return {
    ...built,
    people,
    bring,
    undo,
    admin: await built.as('韩梅梅'),
    signedIn: (name: string) => signedIn(app, name),
  }
}

t.test('a module is offered, has its template, and its rows become records with history and log', async (t) => {
  const { admin, db, bring, people } = await world(t)
  const page = await admin.get('/imports/new?kind=equipment')
  t.match(page.page.querySelector('h1')?.text, /设备/)
  t.ok(page.page.querySelector('input[value=equipment][checked]'), 'the kind that the list leads to is chosen')
  t.ok((await admin.get('/equipment')).page.querySelector('a[href="/imports/new?kind=equipment"]'))
  const template = page.page.querySelector('a[href$="kind=equipment"]')?.getAttribute('href') as string
  const said = await readable(await admin.get(template), newFolder(t))
  t.equal(said, ['设备名称*', ...headings.slice(1, 5), '重量', '检定时间', ...headings.slice(5)].join('\t'))
  const { checked, location, done } = await bring(admin, [lathe, ['铣床', '', '', '46000', '', '否', '乙', '']])
  t.match(checked.text, /2 行正确，0 行有误.*正确的行都是新设备/)
  t.match(done.text, '新增 2 条')
  const [first, second] = await db('equipment').orderBy('id')
  t.match(first, { keeper_phone: /139/, bought_on: '2026-03-05', name_pinyin: 'shukongchechuang', version: 1 })
  t.equal(Number(first.owner_id), (await db('users').where({ name: '韩梅梅' }).first()).id, 'the importer is the owner')
  t.match(second, { owner_id: people.乙, bought_on: '2025-12-09' })
  t.match((await admin.get(`/equipment/${first.id}`)).text, /新增.*12,000.50/, 'what happened and what it is')
  t.match(
    (await admin.get(`${location}/records`)).page.querySelector(`a[href="/equipment/${second.id}"]`)?.text,
    '铣床',
  )
  t.strictSame(await db('events').where({ record_type: 'equipment' }).pluck('action'), ['create', 'create'])
  t.match(await db('events').where({ action: 'import' }).first(), { record_name: /^2 / })
  t.match((await admin.get('/imports')).text, /客户\.xlsx 设备/)
  await countsAgree(t, db, equipment)
})

t.test('headings are known in other scripts, files in other encodings', async (t) => {
  const { admin, db } = await world(t)
  const file = gb18030('設備名稱*,价 格,內部編號\r\n钻床,3.20,7\r\n"刨床,大",,8\r\n')
  const checked = await checkFile(admin, file, { fileName: '设备.csv', kind: 'equipment' })
  t.match(checked.text, /2 行正确/)
  t.match(checked.text, '內部編號', 'what is left out is said')
  await take(admin, checked.location)
  t.strictSame(await db('equipment').orderBy('id').pluck('name'), ['钻床', '刨床,大'])
  const { location = '' } = await upload(admin, await xlsx(['价格'], [['1']]), { kind: 'equipment' })
  const refused = await admin.post(location, formOf(await admin.get(location), '#mapping'))
  t.equal(refused.status, 422)
  t.match(refused.text, '请选择哪一列是「设备名称」')
  await countsAgree(t, db, equipment)
})

t.test('wrong, empty and hostile rows stay out with their reasons, to be corrected', async (t) => {
  const { admin, db, bring } = await world(t)
  const rows = [
    lathe,
    ['', '', '', '', '5', '', '', ''],
    ['铣床', '', '', '2026-02-30', '', '', '', ''],
    ['刨床', '', '', '', '很多', '', '', ''],
    ['长'.repeat(41), '', '', '', '', '', '', ''],
    ['数控车床 ', '', '', '', '', '', '', ''],
    ['合计', '', '', '', '12000', '', '', ''],
    ['<script>alert(1)</script>', '', '', '', '', '', '', "'; drop table equipment; --"],
    ['=1+1', '', '', '', '', '', '', '\u0000\u0007'],
  ]
  const { checked, location, done } = await bring(admin, rows)
  const wrong = wrongRows(checked).map(([row, , reason]) => [row, reason])
  t.match(wrong, [
    ['3', /设备名称/],
    ['4', /购入日期「2026-02-30」/],
    ['5', /价格「很多」/],
    ['6', /40/],
    ['7', /与第 2 行重复/],
    ['8', /合计行/],
  ])
  t.match(done.text, '新增 3 条')
  t.notMatch(done.body, '<script>alert(1)')
  t.strictSame(await db('equipment').orderBy('id').pluck('name'), ['数控车床', '<script>alert(1)</script>', '=1+1'])
  const returned = await readable(await admin.get(`${location}/wrong-rows.xlsx`), newFolder(t))
  t.match(returned, /刨床.*很多.*价格/)
  await countsAgree(t, db, equipment)
})

t.test('names that dictionaries do not have are asked about, and made ones go again with an undo', async (t) => {
  const { admin, db, bring, undo } = await world(t)
  const level = await db('dictionary_entries').where({ dictionary: 'customer-levels' }).first('id', 'label')
  const row = (name: string, label: string, owner = '') => [name, '', label, '', '', '', owner, '']
  const rows = [row('一号', level.label), row('二号', '特种等级'), row('三号', '', '查无此人')]
  const { checked, location } = await bring(admin, rows)
  t.match(checked.text, /系统中没有的选项.*等级.*特种等级.*所属人员.*查无此人/)
  const made = await db('dictionary_entries').where({ label: '特种等级' }).first()
  t.match(made, { dictionary: 'customer-levels' })
  t.strictSame(await db('equipment').orderBy('id').pluck('level_id'), [level.id, made.id, null])
  await admin.post('/equipment', { name: '四号', level_id: String(made.id), form_id: 'import-level' })
  await undo(admin, location)
  t.ok(await db('dictionary_entries').where({ id: made.id }).first(), 'what another record has stays')
  await countsAgree(t, db, equipment)
  await db('equipment').update({ level_id: null })
  const other = await bring(admin, [row('五号', '另类')])
  await undo(admin, other.location)
  t.equal((await db('dictionary_entries').where({ label: '另类' })).length, 0)
})

t.test('rows that are there are skipped, filled in or overwritten, with their history', async (t) => {
  const { admin, db, bring } = await world(t)
  await bring(admin, [lathe])
  const again = ['数控 车床', '', '', '2020-01-01', '', '', '', '三车间']
  const skipped = await bring(admin, [again])
  t.match(skipped.checked.text, /1 行在系统中已有.*按设备名称 1 行找到/)
  t.match(skipped.done.text, '跳过已有的 1 条')
  await db('equipment').update({ note: null })
  await bring(admin, [again], { choices: { existing: 'fill' } })
  t.match(await db('equipment').first(), { bought_on: '2026-03-05', note: '三车间', version: 2 })
  await bring(admin, [again], { choices: { existing: 'overwrite' } })
  t.match(await db('equipment').first(), { bought_on: '2020-01-01', price: /12000/, keeper_phone: /139/, version: 3 })
  const added = await bring(admin, [again], { choices: { existing: 'add' } })
  t.match(wrongRows(added.done)[0]?.[2], /已有同名的设备/)
  t.match((await admin.get('/equipment/1')).text, /2026-03-05.*2020-01-01/)
  await admin.post('/equipment/1/deletion', { version: '3' })
  t.match(wrongRows((await bring(admin, [again])).checked)[0]?.[2], /回收站/)
  await countsAgree(t, db, equipment)
})

t.test('nobody brings in, changes or sees by import what is not his', async (t) => {
  const { db, bring, signedIn, people, admin } = await world(t)
  const [one, other] = (await Promise.all(['甲', '乙'].map(signedIn))) as [Browser, Browser]
  const row = (name: string, owner = '', note = '') => [name, '', '', '', '', '', owner, note]
  const given = await bring(one, [row('一号'), row('二号', '乙')])
  t.match(wrongRows(given.checked)[0]?.[2], /没有移交设备的权限/)
  t.match(await db('equipment').first(), { name: '一号', owner_id: people.甲 })
  const foreign = await bring(other, [row('一号', '', '抢来的')], { choices: { existing: 'overwrite' } })
  t.match(wrongRows(foreign.done)[0]?.[2], /此设备已有，您不能修改/)
  t.match(await db('equipment').first(), { note: null, owner_id: people.甲, version: 1 })
  for (const path of ['', '/records', '/mapping', '/undo', '/wrong-rows.xlsx'])
    t.equal((await other.get(given.location + path)).status, 404, path)
  t.notMatch((await other.get('/imports')).body, given.location)
  t.equal((await admin.get(given.location)).status, 200, 'who reaches all sees it')
  const wide = await signedIn('庚')
  const changed = await bring(wide, [row('一号', '庚', '整理过')], { choices: { existing: 'overwrite' } })
  t.match(changed.done.text, '更新 1 条')
  t.match(await db('equipment').first(), { note: '整理过', owner_id: people.甲 }, 'nor takes it for himself')
  await countsAgree(t, db, equipment)
})

t.test('who lacks a right is offered nothing by it', async (t) => {
  const { db, bring, signedIn, admin } = await world(t)
  const without = await signedIn('丁')
  const { location } = await bring(admin, [lathe])
  for (const path of ['/imports', '/imports/new', location, '/imports/template.xlsx?kind=equipment'])
    t.equal((await without.get(path)).status, 403, path)
  t.notOk((await without.get('/equipment')).page.querySelector('a[href^="/imports"]'))
  const adds = await signedIn('戊')
  t.notOk((await adds.get('/imports/new')).page.querySelector('input[value=equipment]'))
  t.equal((await upload(adds, await xlsx(headings, [lathe]), { kind: 'equipment' })).status, 403)
  t.equal((await upload(adds, await xlsx(['客户名称'], [['甲']]), { kind: 'customers' })).status, 403)
  const only = await signedIn('己')
  t.ok((await only.get('/desk')).page.querySelector('a[href="/imports"]'), 'it stands in the side bar')
  const kinds = (await only.get('/imports/new')).page.querySelectorAll('input[name=kind]')
  t.strictSame(
    kinds.map((kind) => kind.getAttribute('value')),
    ['equipment'],
  )
  const seen = await check(only, headings, [lathe], 'equipment')
  t.notOk(seen.page.querySelector('input[value=overwrite]'), 'nobody overwrites who may not change')
  const sent = { ...formOf(seen, 'form[action$=execution]'), existing: 'overwrite' }
  t.equal((await only.post(`${seen.location}/execution`, sent)).status, 403)
  t.equal((await only.post(`${seen.location}/kind`, { kind: 'customers' })).status, 403)
  t.equal((await db('equipment').first()).version, 1)
  await countsAgree(t, db, equipment)
})

t.test('what is masked is neither shown nor overwritten by who does not read it', async (t) => {
  const { db, bring, signedIn, admin } = await world(t)
  await bring(admin, [lathe, ['铣床', '', '', '', '', '', '', '']])
  const half = await signedIn('丙')
  const rows = [
    ['数控车床', '13800138000', '', '', '', '', '', '改了'],
    ['铣床', '13800138000', '', '', '', '', '', ''],
  ]
  const { done } = await bring(half, rows, { choices: { existing: 'overwrite' } })
  t.match(done.text, '更新 2 条')
  t.notMatch(done.text, /139.?4401.?2345/)
  const [first, second] = await db('equipment').orderBy('id')
  t.match(first, { keeper_phone: /139/, note: '改了' })
  t.match(second, { keeper_phone: /138/ }, 'what is empty may be filled in')
  const guarded = { kind: 'places', heads: ['场地名称', '门卫电话'] }
  await bring(admin, [['东院', '13944012345']], guarded)
  const guess = await bring(half, [['西院', '13944012345']], guarded)
  t.match(wrongRows(guess.checked)[0]?.[2], '已有同名的场地', 'nor told whose it is')
  t.notMatch(guess.checked.text, '东院')
  await countsAgree(t, db, equipment)
})

t.test('an undo takes back what nobody changed since', async (t) => {
  const { db, bring, undo, admin, signedIn } = await world(t)
  await bring(admin, [lathe])
  const row = (name: string, note = '') => [name, '', '', '', '', '', '', note]
  const rows = [row('数控车床', '新的备注'), row('一号'), row('二号'), row('三号')]
  const { location } = await bring(admin, rows, { choices: { existing: 'overwrite' } })
  const idOf = async (name: string) => (await db('equipment').where({ name }).first('id')).id
  const second = await idOf('二号')
  const edit = await formOf(await admin.get(`/equipment/${second}/edit`), '#equipment')
  t.equal((await (await signedIn('丙')).post(`/equipment/${second}`, { ...edit, note: '别人改的' })).status, 303)
  await admin.post('/repairs', { equipment_id: String(await idOf('三号')), subject: '换油', form_id: 'import-undo' })
  t.match((await admin.get(`${location}/undo`)).text, '删除导入时新增的 3 条设备，恢复导入时更新的 1 条记录')
  const undone = await undo(admin, location)
  t.match(undone.text, /已撤销 2 条，2 条此后有改动，未撤销/)
  t.match(undone.page.querySelector(`tbody a[href="/equipment/${second}"]`)?.text, '二号')
  t.strictSame(await db('equipment').orderBy('id').pluck('name'), ['数控车床', '二号', '三号'])
  t.match(await db('equipment').first(), { note: '放在二车间', version: 3 })
  t.match(await db('events').where({ record_type: 'equipment', action: 'purge' }).first(), { record_name: '一号' })
  t.equal((await admin.get(`${location}/undo`)).status, 409, 'once')
  await countsAgree(t, db, equipment)
})

t.test('what hangs on a record finds it by name, within reach', async (t) => {
  const { db, bring, undo, admin, signedIn, people } = await world(t)
  const mine = (name: string, owner: string) => [name, '', '', '', '', '', owner, '']
  await bring(admin, [mine('一号', '甲'), mine('二号', '乙')])
  const one = await signedIn('甲')
  const heads = ['设备名称', '事项', '日期']
  const rows = [
    ['一 号', '换刀具', '2026-04-01'],
    ['一号', '换油', ''],
    ['一号', '换油', ''],
    ['二号', '偷看', ''],
    ['没有的', '无主', ''],
    ['', '无主', ''],
  ]
  const { checked, location, done } = await bring(one, rows, { kind: 'repairs', heads })
  t.match(
    wrongRows(checked).map(([row, , reason]) => [row, reason]),
    [5, 6, 7].map((row) => [String(row), /设备.*系统中没有此设备/]),
    'what is out of reach is told like what is not there',
  )
  t.match(done.text, '新增 3 条', 'two of one name in a file are two')
  const [machine] = await db('equipment').where({ owner_id: people.甲 }).pluck('id')
  t.strictSame(await db('repairs').distinct().pluck('equipment_id'), [machine])
  const again = await bring(one, [['一号', '换刀具', '2026-05-05']], {
    kind: 'repairs',
    heads,
    choices: { existing: 'overwrite' },
  })
  t.match(again.checked.text, '1 行在系统中已有')
  t.match(await db('repairs').where({ subject: '换刀具' }), [{ done_on: '2026-05-05' }])
  const doubtful = await bring(one, [['一号', '换油', '2026-05-05']], {
    kind: 'repairs',
    heads,
    choices: { existing: 'overwrite' },
  })
  t.match(wrongRows(doubtful.done)[0]?.[2], /有多条维修记录叫这个名字/)
  const many = Array.from({ length: 201 }, () => ['一号', '保养', ''])
  const alike = await bring(one, many, { kind: 'repairs', heads })
  t.match(alike.done.text, '新增 201 条', 'in a later batch too')
  await undo(one, alike.location)
  await undo(one, again.location)
  t.match((await undo(one, location)).text, /已撤销 2 条，1 条此后有改动/)
  t.match(await db('repairs'), [{ subject: '换刀具', done_on: '2026-04-01', version: 3 }])
  await countsAgree(t, db, equipment)
})

t.test('what belongs to nobody is imported by all who may, and a check of the declaration is heard', async (t) => {
  const { db, bring, undo, signedIn } = await world(t)
  const one = await signedIn('甲')
  const heads = ['场地名称', '备注']
  const rows = [
    ['东院', ''],
    ['西院', '禁区'],
  ]
  const { checked, location, done } = await bring(one, rows, { kind: 'places', heads })
  t.match(wrongRows(checked)[0]?.[2], '不能是禁区')
  t.match(done.text, '新增 1 条')
  const other = await signedIn('乙')
  t.equal((await other.get(location)).status, 200)
  const changed = await bring(other, [['东 院', '宽敞']], { kind: 'places', heads, choices: { existing: 'overwrite' } })
  t.match(changed.done.text, '更新 1 条')
  t.match(await db('places'), [{ note: '宽敞', version: 2 }])
  const refused = await bring(other, [['东院', '禁区']], { kind: 'places', heads, choices: { existing: 'overwrite' } })
  t.match(wrongRows(refused.done)[0]?.[2], '不能是禁区')
  t.match((await undo(one, location)).text, /1 条此后有改动/)
  await countsAgree(t, db, equipment)
})
