import t from 'tap'
import { countAsked } from '../../../src/analysis/analyses/counts.ts'
import type { Counts } from '../../../src/analysis/analyses/sources.ts'
import { askForRekeying } from '../../../src/customers/duplicates/rekeying.ts'
import { bumpRevision, currentRevision } from '../../../src/kernel/db/cache-revision.ts'
import { upsert } from '../../../src/kernel/db/dialect.ts'
import { leftOutModules, moduleNamed, replaceOwnModules } from '../../../src/kernel/modules/catalogue.ts'
import type { Module } from '../../../src/kernel/modules/module.ts'
import { ownDefinitions } from '../../../src/kernel/modules/own.ts'
import { makeOwnTables } from '../../../src/kernel/modules/own-table.ts'
import { cleanups } from '../../../src/operation/cleanup/kinds.ts'
import { tableOf } from '../../analysis/analyses/fixtures/table.ts'
import { type Browser, buildTestApp } from '../../fixtures/app.ts'
import { newFolder } from '../../fixtures/folder.ts'
import { makeModule } from '../../fixtures/own-module.ts'
import { readable } from '../../fixtures/readable.ts'
import { recordingServer } from '../../fixtures/recording-mssql.ts'
import { schemaFaults } from '../../fixtures/server-schema-rules.ts'
import { gaugesOfRows } from '../../fixtures/walked.ts'
import { actor, makeCustomer } from '../../fixtures/world.ts'
import { check, finished, take } from '../../operation/imports/fixtures/upload.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'
import { photo, storedNames, upload } from '../files/fixtures/upload.ts'

let forms = 0
const add = (one: Browser, more: Record<string, string> = {}) =>
  one.post('/own/moulds', {
    f1: '注塑模一号',
    f2_cents: '3000',
    f3: '13944012345',
    ...more,
    form_id: `own-form-${++forms}`,
  })

/** The module, and people who may do everything, with their own records only. */
async function world(t: Parameters<typeof buildTestApp>[0] & { ok(value: unknown): void }) {
  const built = await buildTestApp(t)
  const { app, db } = built
  const module = await makeModule(db, 'moulds')
  // Rights are given on a page, which knows the module from its next request on.
  t.ok((await (await built.as('韩梅梅')).get('/roles/new')).text.includes('模具'))
  const own = await everyRightWithin(db, '自己的', { view: 'own' })
  for (const name of ['甲', '乙']) await addPerson(db, name, [own])
  return { ...built, module, signedIn: (name: string) => signedIn(app, name) }
}

t.test('a module that rows define has pages, rights, a list, a history and a bin like any other', async (t) => {
  const { db, module, signedIn } = await world(t)
  const [one, other] = (await Promise.all(['甲', '乙'].map(signedIn))) as [Browser, Browser]
  const made = await add(one)
  t.equal(made.status, 303)
  const location = made.location as string
  t.match(location, /^\/own\/moulds\/\d+$/)
  const card = await one.get(location)
  for (const said of ['注塑模一号', '3,000.00', '已报废']) t.match(card.text, said)
  t.match((await one.get('/own/moulds?q=zhusu')).text, '共 1 条')
  t.match((await one.get('/own/moulds')).page.querySelector('.side a[aria-current]')?.text, '模具')
  t.equal((await one.post(location, { f1: '注塑模二号', version: '1' })).status, 303)
  t.equal((await one.post(location, { f1: '注塑模三号', version: '1' })).status, 409)
  const twice = await add(one, { f1: '注塑模二号' })
  t.equal(twice.status, 422)
  t.match(twice.text, '已有同名的模具')
  for (const path of ['', '/edit', '/deletion', '/print.pdf'])
    t.equal((await other.get(location + path)).status, 404, path)
  t.notMatch((await other.get('/own/moulds.csv')).body, '注塑模')
  t.match((await one.get('/own/moulds.csv')).body, '注塑模二号')
  t.equal((await one.post(`${location}/deletion`, { version: '2' })).status, 303)
  const binned = '/recycle-bin/own/moulds'
  t.match((await one.get(binned)).text, '注塑模二号')
  t.notMatch((await other.get(binned)).text, '注塑模二号')
  const id = location.split('/').at(-1)
  t.equal((await other.post(`${binned}/${id}/restoration`, { version: '3' })).status, 404)
  t.equal((await one.post(`${binned}/${id}/restoration`, { version: '3' })).status, 303)
  t.equal((await one.get(location)).status, 200)
  t.same(
    await db('events')
      .where({ record_type: `own_${module}` })
      .whereNotNull('record_id')
      .orderBy('id')
      .pluck('action'),
    ['create', 'update', 'delete', 'restore'],
  )
})

t.test('decimals and instants of rows have their places, unit, bounds and time', async (t) => {
  const { signedIn } = await world(t)
  const one = await signedIn('甲')
  const made = await add(one, { f6_micros: '1.25', f7_at: '2026-03-05T08:30' })
  t.match((await one.get(String(made.location))).text, /模重 1.25 吨.*试模时间 2026-03-05 08:30/)
  for (const [typed, sentence] of [
    ['1.255', /最多 2 位小数/],
    ['9.51', /不能大于 9.5 吨/],
  ] as const) {
    const refused = await add(one, { f1: '二号', f6_micros: typed })
    t.match([refused.status, refused.text], [422, sentence])
  }
})

t.test('a link of rows points at customers', async (t) => {
  const { db, signedIn } = await world(t)
  const one = await signedIn('甲')
  const { id } = await db('users').where({ username: '甲' }).first('id')
  await makeCustomer(db, { name: '远方机械', owner_id: id })
  const made = await add(one, { f8_id: '远方机械' })
  t.match((await one.get(String(made.location))).text, /用户单位 远方机械/)
  t.equal((await add(one, { f1: '二号', f8_id: '没有' })).status, 422)
})

t.test('its records are numbered where its row says so', async (t) => {
  const { db, module, signedIn } = await world(t)
  const one = await signedIn('甲')
  await db('own_modules').where({ id: module }).update({ number_column: 'f1', number_pattern: 'MJ{000}' })
  await bumpRevision(db)
  t.equal((await add(one, { f1: '' })).status, 303)
  t.equal((await add(one, { f1: 'mj002' })).status, 303)
  t.equal((await add(one, { f1: '' })).status, 303)
  t.same(await db(`own_${module}`).orderBy('id').pluck('f1'), ['MJ001', 'mj002', 'MJ003'])
})

/** What a browser sends for rows of the lines of a module of rows. */
const cells = (lines: string, rows: Record<string, string>[]) =>
  Object.fromEntries(
    rows.flatMap((row, at) =>
      Object.entries({ l1: '', ...row, place: String(at + 1) }).map(([name, value]) => [
        `${lines}-${at}-${name}`,
        value,
      ]),
    ),
  )

t.test('its records have the lines that its rows define, with sums, links and a version together', async (t) => {
  const { app, db, module, signedIn } = await world(t)
  const [one, other] = (await Promise.all(['甲', '乙'].map(signedIn))) as [Browser, Browser]
  const { id } = await db('users').where({ username: '甲' }).first('id')
  const customer = await makeCustomer(db, { name: '远方机械', owner_id: id })
  const [{ id: lines_id }] = await db('own_lines').select('id')
  const lines = `own_lines_${lines_id}`
  const level = await db('dictionary_entries').where({ label: 'VIP客户' }).first('id')
  const form = await one.get('/own/moulds/new')
  t.equal(form.page.querySelectorAll(`#lines-${lines} tbody tr`).length, 3)
  t.notOk(form.page.querySelector('[name=f10_cents]'), 'sums are not typed')
  const first = { l1: '首次试模', l2_micros: '1.5', l3_cents: '100', l4_id: String(level.id), l5_id: '远方机械' }
  const second = { l1: '二次试模', l2_micros: '2', l3_cents: '20.5' }
  const made = await add(one, cells(lines, [first, second]))
  t.equal(made.status, 303)
  const location = made.location as string
  const stored = () => db(lines).orderBy('position')
  t.match(await stored(), [
    { l1: '首次试模', l2_micros: 1_500_000, l3_cents: 10_000, l4_id: level.id, l5_id: customer, position: 0 },
    { l1: '二次试模', l2_micros: 2_000_000, l3_cents: 2050, l4_id: null, l5_id: null, position: 1 },
  ])
  t.match(await db(`own_${module}`), [{ f10_cents: 12_050, version: 1 }])
  const card = (await one.get(location)).text
  t.match(card, /试模记录.*首次试模 1.5 公斤 100.00 VIP客户 远方机械 二次试模.*合计 3.5 公斤 120.50/)
  t.match((await one.get(`/customers/${customer}`)).text, '注塑模一号', 'what its lines point at shows it')
  const [kept] = await stored()
  const rows = [
    { l1: '', l3_cents: '5' },
    { id: String(kept.id), ...first },
  ] as Record<string, string>[]
  const refused = await one.post(location, { f1: '注塑模一号', ...cells(lines, rows), version: '1' })
  t.equal(refused.status, 422)
  t.match(refused.page.querySelector(`#own_${module}-${lines}-0-l1-error`)?.text, /请填写内容/)
  const changed = { f1: '注塑模一号', ...cells(lines, [{ id: String(kept.id), ...first }]) }
  t.equal((await one.post(location, { ...changed, version: '1' })).status, 303)
  t.match(await stored(), [{ id: kept.id, l1: '首次试模' }])
  t.equal((await stored()).length, 1)
  t.equal((await one.post(location, { ...changed, f1: '别的', version: '1' })).status, 409)
  t.match((await one.get(location)).text, /第 2 行：二次试模/, 'the history tells what went')
  const four = Array.from({ length: 4 }, (_, at) => ({ l1: `第${at}次` }))
  t.match((await add(one, { f1: '三号', ...cells(lines, four) })).text, /最多 3 行/)
  for (const ending of ['csv', 'xlsx'])
    t.match(await readable(await one.get(`/own/moulds.${ending}`), newFolder(t)), '首次试模', ending)
  t.notMatch((await other.get('/own/moulds.csv')).body, '首次试模')
  t.equal((await other.get(location)).status, 404)
  const uploaded = [
    ['四号', '初试', '3'],
    ['四号', '复试', '4'],
  ]
  const checked = await check(one, ['名称', '内容', '费用'], uploaded, `own_${module}`)
  t.match((await take(one, checked.location)).text, '新增 1 条')
  t.match(await db(`own_${module}`).where({ f1: '四号' }), [{ f10_cents: 700 }])
  await one.post(`${checked.location}/undo`)
  await app.runJobs()
  t.equal((await stored()).length, 1, 'undone with their lines')
  const { version } = await db(`own_${module}`).first('version')
  await one.post(`${location}/deletion`, { version: String(version) })
  t.equal((await stored()).length, 1, 'lines wait in the bin with their head')
  const binned = `/recycle-bin${location}/purge`
  t.equal((await one.post(binned, { version: String(version + 1) })).status, 303)
  t.same(await stored(), [])
})

t.test('whoever saves another record with the same in a field that its rows name is asked', async (t) => {
  const { db, module, signedIn } = await world(t)
  const [one, other] = (await Promise.all(['甲', '乙'].map(signedIn))) as [Browser, Browser]
  const { location } = await add(one, { f9: 'M-01' })
  const again = { f1: '注塑模二号', f9: ' m-01 ' }
  const asked = await add(one, again)
  t.equal(asked.status, 422)
  t.match(asked.page.querySelector('#duplicates')?.text, /模号相同/)
  t.equal(asked.page.querySelector('#duplicates a')?.getAttribute('href'), location)
  const hidden = (await add(other, again)).page.querySelector('#duplicates')
  t.notMatch(hidden?.text, '注塑模一号')
  t.notOk(hidden?.querySelector('a'), 'one out of reach has no name and no way to it')
  t.equal((await add(one, { ...again, is_duplicate_accepted: 'true' })).status, 303)
  t.same(
    await db('module_keys')
      .where({ module: `own_${module}` })
      .pluck('value_key'),
    ['m-01', 'm-01'],
  )
  await db('own_modules').where({ id: module }).update({ alike: null })
  await bumpRevision(db)
  t.equal((await add(one, { f1: '注塑模三号', f9: 'M-01' })).status, 303, 'nobody is asked where no rule is left')
})

t.test('another area code makes its keys anew, also while it is switched off', async (t) => {
  const { app, db, module, signedIn } = await world(t)
  const one = await signedIn('甲')
  await db('own_modules').where({ id: module }).update({ alike: 'f3' })
  await bumpRevision(db)
  t.equal((await add(one, { f3: '88990011' })).status, 303)
  await db('own_modules').where({ id: module }).update({ is_active: false })
  await bumpRevision(db)
  const { id } = await db('users').where({ name: '韩梅梅' }).first('id')
  await db.transaction(async (trx) => {
    await upsert(trx, 'settings', { name: 'areaCode' }, { value: JSON.stringify('0432') })
    await askForRekeying(trx, { ...actor, id }, '0432')
  })
  await app.runJobs()
  await db('own_modules').where({ id: module }).update({ is_active: true })
  await bumpRevision(db)
  t.equal((await add(one, { f1: '注塑模二号', f3: '0432-88990011' })).status, 422)
})

t.test('its papers are those that its rows define, for who may print and reaches the record', async (t) => {
  const { db, signedIn } = await world(t)
  const [one, other] = (await Promise.all(['甲', '乙'].map(signedIn))) as [Browser, Browser]
  await addPerson(db, '丙', [await everyRightWithin(db, '看不全', { view: 'all', masks: 'phone' })])
  const [{ id: lines_id }] = await db('own_lines').select('id')
  const rows = cells(`own_lines_${lines_id}`, [{ l1: '首次试模', l3_cents: '100' }])
  const location = String((await add(one, rows)).location)
  const link = (await one.get(location)).page.querySelector(`a[href="${location}/papers/sheet"]`)
  t.equal(link?.text.trim(), '模具卡')
  const paper = await one.get(`${location}/papers/sheet`)
  t.equal(paper.page.querySelector('h1')?.text, '模具卡：注塑模一号')
  t.match(paper.text, /名称 ?注塑模一号 造价 ?3,000.00 供方电话.* 试模费 ?100.00/)
  t.match(paper.text, /试模记录.*首次试模.*合计.*100.00.*请签字盖章。 经办人 供方盖章/)
  t.notMatch(paper.text, '已报废', 'what its row does not name stays off it')
  t.match((await one.get(`${location}/papers/sheet.pdf`)).headers['content-type'], 'application/pdf')
  t.equal((await other.get(`${location}/papers/sheet`)).status, 404)
  t.notMatch((await (await signedIn('丙')).get(`${location}/papers/sheet`)).text.replace(/\D/g, ''), '13944012345')
  t.equal((await one.get(`${location}/papers/nothing`)).status, 404)
  await db('own_papers').update({ columns: null, has_lines: false, people: null })
  await bumpRevision(db)
  const whole = (await one.get(`${location}/papers/sheet`)).text
  t.match(whole, '已报废')
  t.notMatch(whole, /首次试模|供方盖章/)
  await db('own_papers').delete()
  await bumpRevision(db)
  t.equal((await one.get(`${location}/papers/sheet`)).status, 404)
})

t.test('who has no right to it gets nothing of it, and one that is not there is nowhere', async (t) => {
  const { as } = await world(t)
  const he = await as('王芳')
  for (const path of ['', '/new', '/1', '/1/edit', '.csv', '/print'])
    t.equal((await he.get(`/own/moulds${path}`)).status, 403, path)
  t.equal((await add(he)).status, 403)
  t.notOk((await he.get('/help')).page.querySelector('a[href="/own/moulds"]'))
  for (const path of ['/own/nothing', '/own/nothing/new', '/own/nothing/1', '/own/nothing.csv', '/own/..%2fmoulds'])
    t.equal((await he.get(path)).status, 404, path)
})

t.test('what is changed in its rows holds from the next request on; switched off it keeps its records', async (t) => {
  const { db, module, signedIn } = await world(t)
  const one = await signedIn('甲')
  const { location = '' } = await add(one)
  await db('own_modules').where({ id: module }).update({ label: '工装' })
  await bumpRevision(db)
  t.match((await one.get('/own/moulds')).page.querySelector('h1')?.text, '工装')
  await db('own_fields').where({ module_id: module, column_name: 'f2_cents' }).delete()
  await bumpRevision(db)
  t.notMatch((await one.get(location)).page.querySelector('.pairs')?.text, '造价')
  await db('own_modules').where({ id: module }).update({ is_active: false })
  await bumpRevision(db)
  t.equal((await one.get(location)).status, 404)
  t.notOk((await one.get('/help')).page.querySelector('a[href="/own/moulds"]'))
  await db('own_modules').where({ id: module }).update({ is_active: true })
  await bumpRevision(db)
  t.match((await one.get(location)).text, '注塑模一号')
})

t.test('rows that make no module take nothing else down, and the administrator reads which and why', async (t) => {
  const { as, db, module, signedIn } = await world(t)
  const [one, admin] = [await signedIn('甲'), await as('韩梅梅')]
  const { location } = await add(one)
  const second = await makeModule(db, 'tools', '工装')
  const pointing = { column_name: 'f8_id', module_id: second }
  await db('own_fields')
    .where(pointing)
    .update({ target: `own_${module}` })
  await bumpRevision(db)
  t.equal((await one.get('/own/tools')).status, 403, 'it is there')
  const state = async () => (await admin.get('/system')).text
  t.notMatch(await state(), '没有启用的自建模块')
  const wrong = async (change: (on: boolean) => Promise<unknown>, sentence: RegExp) => {
    await change(true)
    await bumpRevision(db)
    for (const path of ['/own/moulds', '/own/moulds/new', '/own/tools'])
      t.equal((await one.get(path)).status, 404, `${sentence} ${path}`)
    t.equal((await one.get('/customers')).status, 200)
    const said = await state()
    t.match(said, /没有启用的自建模块.*模具/)
    t.match(said, sentence)
    t.match(said, /工装.*\/own\/tools.*指向的模块/, 'what points at it is left out too')
    await change(false)
    await bumpRevision(db)
    t.equal((await one.get(String(location))).status, 200, 'its records are there again')
  }
  const ofModule = (wrong: object, right: object) => (on: boolean) =>
    db('own_modules')
      .where({ id: module })
      .update(on ? wrong : right)
  const acts = 'view,create,update,delete,import,export,print,transfer,unmask'
  await wrong(ofModule({ title_column: 'nothing' }, { title_column: 'f1' }), /名称字段 nothing/)
  await wrong(ofModule({ acts: 'view,fly' }, { acts }), /fly/)
  await wrong(ofModule({ alike: 'f9,nothing' }, { alike: 'f9' }), /查重的字段 f9 nothing/)
  await wrong(ofModule({ files: 'nothing' }, { files: 'file,picture' }), /附件/)
  const ofLines = (table: string, wrong: object, right: object) => (on: boolean) =>
    db(table)
      .where({ module_id: module })
      .update(on ? wrong : right)
  await wrong(ofLines('own_lines', { most: 0 }, { most: 3 }), /行数上限/)
  await wrong(ofLines('own_papers', { name: '../x' }, { name: 'sheet' }), /单据 \.\.\/x/)
  const { id: lines_id } = await db('own_lines').where({ module_id: module }).first('id')
  const ofCells = (wrong: object, right: object) => (on: boolean) =>
    db('own_line_fields')
      .where({ lines_id, label: '费用' })
      .update(on ? wrong : right)
  await wrong(ofCells({ sum_column: 'f1' }, { sum_column: 'f10_cents' }), /合计 l3_cents/)
  await wrong(ofCells({ column_name: 'l1' }, { column_name: 'l3_cents' }), /字段 l1 重复/)
})

t.test('two modules of rows at one address, or one at that of another module: the later is left out', async (t) => {
  const { db, module } = await world(t)
  const moulds = (await ownDefinitions(db))[0]?.module as Module
  const later = { ...moulds, name: 'own_999' }
  replaceOwnModules([moulds, later, { ...moulds, name: 'own_998', path: '/customers' }])
  t.ok(moduleNamed(`own_${module}`))
  t.match(
    leftOutModules().map(({ module, problem }) => [module.name, problem]),
    [
      ['own_999', /\/own\/moulds.*own_/],
      ['own_998', /\/customers.*customers/],
    ],
  )
  const nested = { ...moulds, lines: moulds.lines?.map((one) => ({ ...one, lines: [one] })) ?? [] }
  replaceOwnModules([nested])
  t.match(leftOutModules(), [{ problem: /明细之下不能再有明细/ }])
  replaceOwnModules([])
  t.same(leftOutModules(), [])
})

t.test('many of its records are changed, given away, and deleted at once, as far as each may', async (t) => {
  const { app, db, module, signedIn } = await world(t)
  const [one, other] = (await Promise.all(['甲', '乙'].map(signedIn))) as [Browser, Browser]
  await add(one)
  await add(one, { f1: '注塑模二号' })
  const table = `own_${module}`
  const ids = await db(table).orderBy('id').pluck('id')
  const select = async (who: Browser, act: string) =>
    (await who.post('/own/moulds/selections', { query: '', scope: 'rows', ids: ids.map(String), act }))
      .location as string
  const level = (await db('dictionary_entries').where({ dictionary: 'customer-levels' }).first('id')).id
  const changed = await one.post(await select(one, 'f5_id'), { f5_id: level, form_id: 'own-many-1' })
  t.match((await one.get(changed.location as string)).text, /完成 2 个模具/)
  t.same(await db(table).pluck('f5_id'), [level, level])
  t.match((await one.get(`${await select(one, 'export')}.csv`)).body, /注塑模一号/)
  t.match(await select(other, 'f5_id'), /^\/own\/moulds(\?|$)/)
  t.equal(
    (await one.get((await select(one, 'f5_id')).replace('f5_id', 'f1'))).status,
    404,
    'a field that is not for many',
  )
  const [receiver] = await db('users').where({ name: '乙' }).pluck('id')
  const given = await one.post(`/own/moulds/${ids[0]}/transfer`, { owner_id: receiver, version: '2', reason: '换人' })
  t.equal(given.location, '/own/moulds')
  const gone = await one.post(await select(one, 'delete'), { form_id: 'own-many-2' })
  t.match((await one.get(gone.location as string)).text, /移入回收站：完成 1 个模具/)
  const { id } = await db('batch_acts').orderBy('id', 'desc').first('id')
  await one.post(`/batch-acts/${id}/undo`, { form_id: 'own-many-3' })
  await app.runJobs()
  t.same(await db(table).whereNotNull('deleted_at'), [])
  for (const path of ['/own/none/selections/1/deletion', '/own/none/1/transfer'])
    t.equal((await one.get(path)).status, 404, path)
})

t.test('its rows come out of a file like those of any other', async (t) => {
  const { app, db, module, signedIn } = await world(t)
  const [one, other] = (await Promise.all(['甲', '乙'].map(signedIn))) as [Browser, Browser]
  t.ok((await one.get('/own/moulds')).page.querySelector(`a[href="/imports/new?kind=own_${module}"]`))
  t.equal((await one.get(`/imports/template.xlsx?kind=own_${module}`)).status, 200)
  const rows = [
    ['一号', '3000', '特级'],
    ['一号', '', ''],
  ]
  const { location, text } = await check(one, ['名称', '造价', '等级'], rows, `own_${module}`)
  t.match(text, /1 行正确，1 行有误.*特级/)
  t.match((await take(one, location)).text, '新增 1 条')
  t.match(await db(`own_${module}`), [{ f1: '一号', f2_cents: 300000 }])
  t.equal((await other.get(location)).status, 404)
  await db('own_modules').update({ is_active: false })
  await bumpRevision(db)
  t.equal((await one.get(location)).status, 404, 'of a module that is switched off nothing is shown')
  t.equal((await one.get('/imports')).status, 200)
  await db('own_modules').update({ is_active: true })
  await bumpRevision(db)
  await one.get('/own/moulds')
  await one.post(`${location}/undo`)
  await app.runJobs()
  t.match((await finished(one, location)).text, '已撤销 1 条')
  t.equal((await db(`own_${module}`)).length, 0)
})

t.test('its table is made on SQL Server as well', async (t) => {
  const { db } = await world(t)
  const [own] = await ownDefinitions(db)
  const { db: server, seen } = recordingServer()
  if (own)
    await makeOwnTables(server, { ...own.module, fields: own.module.fields.map((one) => ({ ...one, isFilter: true })) })
  const statements = seen.map(({ sql }) => sql)
  t.match(statements.join('\n'), /\[f1_key\] nvarchar\(\d+\) collate Latin1_General_100_BIN2/)
  t.match(statements.join('\n'), /\[f2_cents\] bigint.*\[f7_at\] datetime2\(3\)/)
  t.match(statements.join('\n'), /CREATE TABLE \[own_lines_\d+\].*\[record_id\] int.*\[l2_micros\] bigint/)
  t.strictSame(schemaFaults(statements), [])
})

t.test('its records have files of the kinds it says, for those who reach them, until they go for good', async (t) => {
  const { app, db, module, signedIn } = await world(t)
  const [one, other] = (await Promise.all(['甲', '乙'].map(signedIn))) as [Browser, Browser]
  const location = (await add(one)).location as string
  t.equal((await upload(one, `${location}/files`, '图纸', '图纸.txt')).status, 303)
  t.equal((await upload(one, `${location}/pictures`, await photo(), '照片.png')).status, 303)
  t.match((await one.get(location)).page.querySelector('nav.tabs')?.text.replace(/\s+/g, ' '), /附件2/)
  const kept = await db('files')
    .where({ record_type: `own_${module}`, kind: 'file' })
    .first('id', 'storage_name')
  const file = `${location}/files/${kept.id}`
  t.equal((await one.get(file)).raw.toString(), '图纸')
  for (const path of [file, `${file}/deletion`, `${location}/files`]) t.equal((await other.get(path)).status, 404, path)
  t.equal((await upload(other, `${location}/files`, '图纸', '别人的.txt')).status, 404)
  t.equal((await upload(one, `${location}/identity-pictures`, await photo(), '证件.png')).status, 404, 'none of others')
  t.equal((await one.get(file.replace('/moulds/', '/nothing/'))).status, 404)
  await db('own_modules').where({ id: module }).update({ files: null })
  await bumpRevision(db)
  t.equal((await one.get(file)).status, 404)
  t.notMatch((await one.get(location)).text, '附件')
  await db('own_modules').where({ id: module }).update({ files: 'file' })
  await bumpRevision(db)
  const { version } = await db(`own_${module}`).first('version')
  await one.post(`${location}/deletion`, { version: String(version) })
  const binned = `/recycle-bin/own/moulds/${location.split('/').at(-1)}/purge`
  t.match((await one.get(binned)).text, /2/)
  t.equal((await one.post(binned, { version: String(version + 1) })).status, 303)
  t.same(await db('files').where({ record_type: `own_${module}` }), [])
  t.same(await storedNames(app), [])
})

t.test('its records are counted and added up as those of any module, of who reaches them, also aside', async (t) => {
  const { db, module, signedIn } = await world(t)
  const [one, other] = (await Promise.all(['甲', '乙'].map(signedIn))) as [Browser, Browser]
  const level = await db('dictionary_entries').where({ label: 'VIP客户' }).first('id')
  await add(one, { f5_id: String(level.id), f2_cents: '10.50', f6_micros: '1.25' })
  await add(one, { f1: '注塑模二号', f5_id: String(level.id), f2_cents: '1' })
  await add(other, { f1: '乙的模具', f2_cents: '1000' })
  const path = `/analysis/own_${module}`
  t.same(tableOf(await one.get(`${path}/f5_id?sum=f2_cents`)).at(0), ['VIP客户', '2', '11.50', '100.0%'])
  t.same(tableOf(await one.get(`${path}/f5_id?sum=f6_micros`)).at(-1)?.[2], '1.25')
  t.same(tableOf(await other.get(`${path}/f5_id`)).at(-1), ['合计', '1', '100.0%'])
  t.same(tableOf(await one.get(`${path}/is_f4`)).at(1), ['否', '2', '100.0%'])
  t.equal((await one.get(`${path}/f3`)).status, 404, 'not by a telephone number')
  const revision = await currentRevision(db)
  replaceOwnModules([])
  const column = { kind: 'column' as const, column: `own_${module}.f5_id`, values: [String(level.id)] }
  const ask = { ...column, analysis: `own_${module}/f5_id`, revision, filters: {}, owners: 'all' as const }
  t.equal(((await countAsked(db, ask)) as Counts).total, 3, 'a thread reads the definitions itself')
  await db('own_modules').where({ id: module }).update({ is_active: false })
  await bumpRevision(db)
  t.equal((await one.get(`${path}/f5_id`)).status, 404, 'nor at all where it is switched off')
})

t.test('records of a module that is switched off hold what they point at, and go with what they hang on', async (t) => {
  const { db, as } = await world(t)
  const pointing = await gaugesOfRows(db, 'nobody')
  const hanging = await gaugesOfRows(db, 'above')
  await db('own_modules').where({ ownership: 'above' }).update({ above_module: 'customers' })
  for (const { name } of [pointing, hanging])
    await makeOwnTables(db, (await ownDefinitions(db)).find(({ module }) => module.name === name)?.module as Module)
  const customer_id = await makeCustomer(db, { name: '远方机械' })
  const at = '2026-05-04T00:00:00.000Z'
  const row = {
    name: '甲规',
    name_pinyin: 'jiagui',
    code: '1',
    code_key: '1',
    version: 1,
    created_at: at,
    updated_at: at,
  }
  await db(pointing.name).insert({ ...row, customer_id })
  await db(hanging.name).insert({ ...row, above_id: customer_id })
  await db('own_modules').update({ is_active: false })
  await bumpRevision(db)
  const admin = await as('韩梅梅')
  const path = `/customers/${customer_id}`
  t.equal((await admin.get(pointing.path)).status, 404)
  t.equal((await admin.post(`${path}/deletion`, { version: '1' })).status, 303)
  const purge = () => admin.post(`/recycle-bin${path}/purge`, { version: '2' })
  const held = await purge()
  t.match([held.status, held.text], [409, /还有1 条量具指向它/])
  const cleanup = cleanups().find(({ code }) => code === 'customers')
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
  t.equal(await cleanup?.count(db, tomorrow, {} as never), 0)
  await db(pointing.name).delete()
  t.equal(await cleanup?.count(db, tomorrow, {} as never), 1)
  t.match((await admin.get(`/recycle-bin${path}/purge`)).text, /1 条量具/)
  t.equal((await purge()).status, 303)
  t.same(await db(hanging.name), [])
})
