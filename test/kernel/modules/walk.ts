import { readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import type { Lines, Module } from '../../../src/kernel/modules/module.ts'
import { takeUpOwnModules } from '../../../src/kernel/modules/own.ts'
import { makeOwnTables } from '../../../src/kernel/modules/own-table.ts'
import type { Range } from '../../../src/kernel/permissions.ts'
import { cleanups } from '../../../src/operation/cleanup/kinds.ts'
import { presetInstallation } from '../../../src/operation/setup/installation.ts'
import { addDepartment } from '../../../src/people/departments/department.ts'
import { text } from '../../../src/texts/index.ts'
import { tableOf } from '../../analysis/analyses/fixtures/table.ts'
import { type Browser, buildTestApp } from '../../fixtures/app.ts'
import { declareFor, equipment, makeTables, repairs } from '../../fixtures/equipment.ts'
import { newFolder } from '../../fixtures/folder.ts'
import { readable } from '../../fixtures/readable.ts'
import { gauges, gaugesOfRows, type Ownership, ownerships } from '../../fixtures/walked.ts'
import { actor, makeCustomer } from '../../fixtures/world.ts'
import { check, take, xlsx } from '../../operation/imports/fixtures/upload.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'
import { upload } from '../files/fixtures/upload.ts'

/*
 * One module of at most forty lines, for each kind of owner declared in code and made of rows, and all that follows from
 * its declaration, without script. What is particular to a facility is tested in the files beside this one.
 */

const written = ownerships.map((of) => gauges(`gauges_of_${of}`, of))
declareFor(t, [equipment, repairs, ...written])
const built = await buildTestApp(t)
const { app, db } = built
await makeTables(db)
const ofRows: Module[] = []
for (const of of ownerships) ofRows.push(await gaugesOfRows(db, of))
for (const module of [...written, ...ofRows]) await makeOwnTables(db, module)
await takeUpOwnModules(db)
await presetInstallation(db, null)

const main = await addDepartment(db, { name: '总部' }, actor)
const branch = await addDepartment(db, { name: '一部', parent_id: main }, actor)
const boss = await person('主管', { view: 'team' }, { department_id: main })
const keeper = await person('保管', { view: 'own' }, { department_id: branch, superior_id: boss })
await person('同事', { view: 'own' }, { department_id: branch })
await person('同部', { view: 'department' }, { department_id: branch })
await person('上级部', { view: 'branch' }, { department_id: main })
await person('别部', { view: 'department' }, { department_id: main })
await person('全部', { view: 'all' })
await person('看不全', { view: 'all', masks: 'phone' })
await person('不看客户', { view: 'all', without: ['customers.view'] })
const ofGauges = [...written, ...ofRows].flatMap(({ name }) => ['view', 'create'].map((act) => `${name}.${act}`))
await person('没有权限', { view: 'all', without: ofGauges })
await bumpRevision(db)
/** Who reaches the records of 保管, where they belong to somebody. */
const reaching = ['保管', '主管', '同部', '上级部', '全部']
const others = ['同事', '别部']

function person(name: string, rights: { view: Range; masks?: string; without?: string[] }, place = {}) {
  return everyRightWithin(db, name, rights).then((role) => addPerson(db, name, [role], place))
}
const browsers = new Map<string, Browser>()
async function by(name: string): Promise<Browser> {
  const one = browsers.get(name) ?? (await signedIn(app, name))
  browsers.set(name, one)
  return one
}

const level = await db('dictionary_entries').where({ label: 'VIP客户' }).first('id')
await makeCustomer(db, { name: '远方机械', owner_id: keeper })
let made = 0
const formId = () => `walked-form-${++made}`
const machine = await (await by('保管')).post('/equipment', { name: '一号机', form_id: formId() })
const machineId = String(machine.location?.split('/').at(-1))

const typed = {
  level_id: String(level.id),
  bought_on: '2026-03-05',
  checked_at: '2026-03-05T08:30',
  use_count: '12',
  range_micros: '25.125',
  is_lent: 'true',
  customer_id: '远方机械',
  note: '放在量具室',
}

function walk(module: Module, of: Ownership) {
  const { path, name } = module
  const [{ name: checks }] = module.lines as [Lines]
  const above: Record<string, string> = of === 'above' ? { above_id: machineId } : {}
  const given: Record<string, string> = of === 'owner' ? { owner_id: String(keeper) } : {}
  const lines = (...fees: string[]) =>
    Object.fromEntries(
      fees.flatMap((fee, at) => [
        [`${checks}-${at}-item`, `第${at + 1}次`],
        [`${checks}-${at}-fee_cents`, fee],
      ]),
    )
  const add = async (title: string, more: Record<string, string> = {}) =>
    (await by('保管')).post(path, {
      ...typed,
      ...above,
      ...given,
      ...lines('12.5', '7'),
      name: title,
      ...more,
      form_id: formId(),
    })
  const rows = () => db(name).orderBy('id')
  const stored = (title: string) => db(name).where({ name: title }).first()
  const shown = async (who: Browser, query = '') =>
    (await who.get(`${path}${query}`)).page
      .querySelectorAll('main tbody tr')
      .map((row) => row.text.match(/[甲乙丙丁戊己]规/)?.[0])

  const walked: Record<string, (t: Test, one: Browser) => Promise<unknown>> = {
    async 'new, with lines, their sum and the next number'(t, one) {
      const form = await one.get(`${path}/new?${new URLSearchParams(above)}`)
      t.match(form.page.querySelector('h1')?.text, '新增量具')
      for (const field of Object.keys(typed)) t.ok(form.page.querySelector(`[name=${field}]`), field)
      const refused = await add('甲规', { ...lines('12.5', '很多'), bought_on: '2026-02-30', phone: '13944012345' })
      t.equal(refused.status, 422)
      for (const field of ['bought_on', `${checks}-1-fee_cents`])
        t.ok(refused.page.querySelector(`#${name}-${field}-error`)?.text, field)
      t.match(refused.page.querySelector('[name=note]')?.text, '放在量具室')
      t.equal((await add('甲规', { phone: '13944012345' })).status, 303)
      t.match(await stored('甲规'), { code: 'LJ0001', price_cents: 1950, range_micros: 25_125_000, version: 1 })
    },

    async 'another like it is asked about'(t) {
      const asked = await add('乙规', { phone: '+86 139 4401 2345' })
      t.match([asked.status, asked.page.querySelector('#duplicates')?.text], [422, /电话相同.*甲规/s])
      t.equal((await add('乙规', { phone: '', level_id: '' })).status, 303)
      t.equal((await add('丙规', { phone: '13944012345', is_duplicate_accepted: 'true' })).status, 303)
    },

    async 'edit, and two who save at once'(t, one) {
      const { id } = await stored('乙规')
      const edit = { ...typed, ...given, ...lines('1'), name: '乙规', phone: '', level_id: '' }
      const page = await one.get(`${path}/${id}/edit`)
      t.equal(page.page.querySelector('[name=range_micros]')?.getAttribute('value'), '25.125')
      const { code } = await stored('乙规')
      t.equal((await one.post(`${path}/${id}`, { ...edit, code, version: '1', note: '先到' })).status, 303)
      const conflict = await one.post(`${path}/${id}`, { ...edit, code, version: '1', note: '后到', ...lines('2') })
      t.equal(conflict.status, 409)
      for (const said of ['先到', '后到', '第1次']) t.match(conflict.text, said)
      t.match(await stored('乙规'), { note: '先到', version: 2, price_cents: 100 })
    },

    async 'the list, its conditions, order, columns and views, on paper and in files'(t, one) {
      t.same((await shown(one, '?sort=name')).sort(), ['丙规', '乙规', '甲规'])
      t.same(await shown(one, `?level_id=${level.id}&q=甲规`), ['甲规'])
      t.same(await shown(one, '?f=price_cents:between:0,5'), ['乙规'])
      t.same((await shown(one, '?f=customer_id:is:远方机械')).length, 3)
      t.same((await shown(one, '?checked_at_from=2026-03-05&checked_at_to=2026-03-05')).length, 3)
      t.same(await shown(one, '?q=jiagui'), ['甲规'], 'by pinyin')
      t.same((await shown(one, '?sort=-price_cents')).at(-1), '乙规')
      t.match((await one.get(`${path}?columns=name,note,price_cents`)).text, /放在量具室.*19\.50/)
      const view = { list: path, query: `level_id=${level.id}`, name: '高精度的', form_id: formId() }
      t.equal((await one.post('/list-views', view)).status, 303)
      t.match((await one.get(path)).text, '高精度的')
      const folder = newFolder(t)
      t.match((await one.get(`${path}/print`)).text, '甲规')
      for (const ending of ['xlsx', 'csv']) {
        const said = await readable(await one.get(`${path}.${ending}`), folder)
        for (const value of ['甲规', '25.125', '第2次', '远方机械']) t.match(said, value, `${ending} ${value}`)
      }
      t.equal((await one.get(`${path}/print.pdf`)).raw.subarray(0, 5).toString(), '%PDF-')
    },

    async 'a filter by the record it points at, in views and files too'(t, one) {
      const { id } = await db('customers').where({ name: '远方机械' }).first('id')
      const found = await one.get(`${path}?${new URLSearchParams({ customer_id: '远方机械', sort: 'name' })}`)
      t.equal(found.location, `${path}?customer_id=id%3A${id}&sort=name`)
      const chosen = await one.get(String(found.location))
      t.equal(chosen.page.querySelector('#filters-customer_id')?.getAttribute('value'), '远方机械')
      t.equal((await shown(one, `?customer_id=id:${id}`)).length, 3)
      t.equal((await shown(one, `?customer_id=id:${id}&q=甲规`)).length, 1)
      t.same(await shown(one, '?customer_id=id:999999'), [])
      const none = await one.get(`${path}?customer_id=远方&bought_on_from=2026-01-01`)
      t.equal(none.status, 422)
      t.match(none.page.querySelector('#list .errors')?.text, /客户「远方」：没有找到/)
      t.equal(none.page.querySelector('#filters-customer_id')?.getAttribute('value'), '远方')
      t.match((await one.get(`${path}/print?customer_id=id:${id}`)).text, /客户\s?远方机械.*甲规/)
      t.match((await one.get(`${path}.csv?customer_id=远方机械`)).body, '甲规')
      const view = { list: path, query: `customer_id=id:${id}`, name: '远方的', form_id: formId() }
      t.match((await one.post('/list-views', view)).location, `customer_id=id%3A${id}`)
      const { location } = await one.post(`${path}/selections`, {
        query: `customer_id=id:${id}`,
        scope: 'whole',
        act: 'export',
      })
      t.match((await one.get(`${location}.csv`)).body, '甲规')
      const half = await by('不看客户')
      const blind = await half.get(`${path}?customer_id=id:${id}`)
      t.equal(blind.page.querySelector('#filters-customer_id')?.getAttribute('value'), '（无权查看）')
      t.same(blind.page.querySelectorAll('main tbody tr'), [], 'nobody finds rows by what must not be seen')
      t.equal((await half.get(`${path}?customer_id=远方机械`)).status, 422)
    },

    async 'the card with its lines and history, the same on paper, and its paper'(t, one) {
      const { id } = await stored('甲规')
      const card = await one.get(`${path}/${id}`)
      for (const said of ['甲规', 'LJ0001', '2026-03-05', '19.50', '25.125 毫米', '远方机械', '第2次', '合计', '新增'])
        t.match(card.text, said)
      t.ok(card.page.querySelector('nav.tabs'))
      t.ok(card.page.querySelector('a[href^="/help"]'))
      if (of === 'above') {
        t.ok(card.page.querySelector(`main a[href="/equipment/${machineId}"]`))
        t.match((await one.get(`/equipment/${machineId}`)).text, '甲规')
      }
      t.equal((await one.get(`${path}/${id}/print.pdf`)).raw.subarray(0, 5).toString(), '%PDF-')
      t.match((await one.get(`${path}/${id}/papers/sheet`)).text, /量具卡：甲规.*第2次.*合计.*19\.50.*请盖章。/)
      t.equal((await one.get(`${path}/${id}/papers/sheet.pdf`)).status, 200)
      const customer = await db('customers').where({ name: '远方机械' }).first('id')
      t.match((await one.get(`/customers/${customer.id}`)).text, '甲规', 'what it points at shows it')
    },

    async 'its files'(t, one) {
      const { id } = await stored('甲规')
      t.equal((await upload(one, `${path}/${id}/files`, '证书', '证书.txt')).status, 303)
      const file = (await one.get(`${path}/${id}/files`)).page.querySelector(`main a[href^="${path}/${id}/files/"]`)
      t.equal((await one.get(String(file?.getAttribute('href')))).raw.toString(), '证书')
    },

    async 'the box on top, the log, and the explanation of rights'(t, one) {
      const { id } = await stored('甲规')
      t.ok((await one.get('/search?q=甲规')).page.querySelector(`main a[href="${path}/${id}"]`))
      t.ok(
        (await one.get('/search?q=44012')).page.querySelector(`main a[href="${path}/${id}"]`),
        'by a part of a number',
      )
      const admin = await built.as('韩梅梅')
      t.match((await admin.get(`/audit-log?record_type=${name}&action=create`)).text, /量具.*甲规/)
      t.match((await admin.get('/roles/new')).text, /量具.*查看.*新增/)
      const asked = `/access-explanation?user_id=${keeper}&code=${path}/${id}`
      t.match((await admin.get(asked)).text, /量具 查看 可以 ✓/)
    },

    async 'who reaches it in each range, and what is masked'(t) {
      const { id } = await stored('甲规')
      const seen = of === 'nobody' ? [...reaching, ...others] : reaching
      for (const who of [...reaching, ...others]) {
        const [one, isSeen] = [await by(who), seen.includes(who)]
        t.equal((await one.get(`${path}/${id}`)).status, isSeen ? 200 : 404, who)
        t.equal((await one.get(`${path}/${id}/papers/sheet`)).status, isSeen ? 200 : 404, who)
        for (const place of [path, `${path}/print`, `${path}.csv`])
          t.equal((await one.get(place)).body.includes('LJ0001'), isSeen, `${who} ${place}`)
        const found = (await one.get('/search?q=甲规')).page.querySelector(`main a[href="${path}/${id}"]`)
        t.equal(Boolean(found), isSeen, `${who} finds it`)
        t.equal(tableOf(await one.get(`/analysis/${name}/level_id`)).at(-1)?.[1] ?? '0', isSeen ? '3' : '0', who)
      }
      const half = await by('看不全')
      for (const place of [`${path}/${id}`, path, `${path}/print`, `${path}.csv`, `${path}/${id}/papers/sheet`])
        t.notMatch((await half.get(place)).body.replace(/\D/g, ''), '13944012345', place)
      t.notMatch((await half.get('/search?q=44012')).text, '甲规')
      t.equal((await half.post(`${path}/${id}/unmasking`)).status, 303)
      t.match((await half.get(`${path}/${id}`)).text.replace(/\D/g, ''), '13944012345')
      const none = await by('没有权限')
      for (const place of [path, `${path}/${id}`]) t.equal((await none.get(place)).status, 403, place)
      for (const place of [`${path}.csv`, `${path}/print`, '/search?q=甲规', `/analysis/${name}/level_id`])
        t.notMatch((await none.get(place)).body, /LJ0001|VIP客户/, place)
    },

    async 'counting and adding up, crossed, and a saved report of it'(t, one) {
      const analysis = `/analysis/${name}/level_id`
      t.same(
        tableOf(await one.get(`${analysis}?sum=price_cents`))
          .at(0)
          ?.slice(0, 3),
        ['VIP客户', '2', '39'],
      )
      t.same(tableOf(await one.get(`${analysis}?sum=range_micros`)).at(-1)?.[2], '75.375')
      t.equal((await one.get(`${analysis}?cross=is_lent`)).status, 200)
      const report = { analysis: `${name}/level_id`, query: 'sum=price_cents', name: `精度${name}`, form_id: formId() }
      t.equal((await one.post('/saved-reports', { ...report, is_shared: 'true' })).status, 303)
      t.match((await one.get(analysis)).text, `精度${name}`)
    },

    async 'many at once, undone again'(t, one) {
      const ids = (await rows()).map(({ id }) => String(id))
      const select = async (act: string) =>
        String((await one.post(`${path}/selections`, { query: '', scope: 'rows', ids, act })).location)
      t.match((await one.get(`${await select('export')}.csv`)).body, '丙规')
      const other = await db('dictionary_entries').where({ label: '普通客户' }).first('id')
      const changed = await one.post(await select('level_id'), { level_id: String(other.id), form_id: formId() })
      t.match((await one.get(String(changed.location))).text, /完成 3 个量具/)
      t.same(
        (await rows()).map(({ level_id }) => level_id),
        [other.id, other.id, other.id],
      )
      const undo = async () => {
        const { id } = await db('batch_acts').orderBy('id', 'desc').first('id')
        await one.post(`/batch-acts/${id}/undo`, { form_id: formId() })
        await app.runJobs()
      }
      await undo()
      const deleted = await one.post(await select('delete'), { form_id: formId() })
      t.match((await one.get(String(deleted.location))).text, /移入回收站：完成 3 个量具/)
      await undo()
      t.same(
        (await rows()).map(({ level_id, deleted_at }) => [level_id, deleted_at]),
        [
          [level.id, null],
          [null, null],
          [level.id, null],
        ],
      )
    },

    async 'rows of a file, with their lines, and back again'(t, one) {
      const template = await one.get(`/imports/template.xlsx?kind=${name}`)
      t.match(await readable(template, newFolder(t)), /名称.*量程/s)
      const heads = ['名称', '量程', '客户', '项目', '费用', ...(of === 'above' ? ['设备'] : [])]
      const tail = of === 'above' ? ['一号机'] : []
      const file = [
        ['丁规', '1.5', '远方机械', '首检', '3', ...tail],
        ['丁规', '1.5', '远方机械', '复检', '4', ...tail],
        ['戊规', '很长', '', '', '', ...tail],
      ]
      t.ok(await xlsx(heads, file))
      const checked = await check(one, heads, file, name)
      t.match(checked.text, /1 行有误|1 条有误/)
      t.match((await take(one, checked.location)).text, '新增 1 条')
      t.match(await stored('丁规'), { price_cents: 700, range_micros: 1_500_000 })
      t.equal((await one.post(`${checked.location}/undo`)).status, 303)
      await app.runJobs()
      t.notOk(await stored('丁规'))
    },

    async 'the bin, restored, purged, and cleaned up'(t, one) {
      for (const title of ['乙规', '丙规']) {
        const { id, version } = await stored(title)
        t.equal((await one.post(`${path}/${id}/deletion`, { version: String(version) })).status, 303)
        t.equal((await one.get(`${path}/${id}`)).status, 404)
      }
      t.match((await one.get(`/recycle-bin${path}`)).text, /乙规|丙规/)
      const [second, third] = [await stored('乙规'), await stored('丙规')]
      const binned = (id: number, noun: string, version: number) =>
        one.post(`/recycle-bin${path}/${id}/${noun}`, { version: String(version) })
      t.equal((await binned(second.id, 'restoration', second.version)).status, 303)
      t.equal((await one.get(`${path}/${second.id}`)).status, 200)
      t.equal((await binned(third.id, 'purge', third.version)).status, 303)
      t.notOk(await stored('丙规'))
      const again = await stored('乙规')
      await one.post(`${path}/${again.id}/deletion`, { version: String(again.version) })
      const cleanup = cleanups().find(({ code }) => code === name)
      const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
      t.equal(await cleanup?.count(db, tomorrow, app.config), 1)
      await db.transaction(async (trx) => t.equal(await cleanup?.remove(trx, tomorrow, actor), 1))
      t.equal((await rows()).length, 1)
      t.equal((await db(checks)).length, 2, 'lines go with their heads')
    },

    async 'given to another, alone and with all that somebody has'(t, one) {
      const { id, version } = await stored('甲规')
      const to = await db('users').where({ name: '同事' }).first('id')
      const given = await one.post(`${path}/${id}/transfer`, {
        owner_id: to.id,
        version: String(version),
        reason: '换人',
      })
      if (of !== 'owner') {
        t.equal(given.status, 404, 'what is nobody’s, or goes with another, is not given')
        return
      }
      t.equal(given.status, 303)
      const other = await by('同事')
      const found = async (browser: Browser) =>
        (await browser.get(`${path}?q=甲规`)).page.querySelectorAll('main tbody tr').length
      t.equal((await other.get(`${path}/${id}`)).status, 200)
      t.equal((await one.get(`${path}/${id}`)).status, 404)
      t.same([await found(other), await found(one)], [1, 0], 'its new owner finds it by its words')
      const admin = await built.as('韩梅梅')
      t.match((await admin.get(`/users/${to.id}/handover`)).text, /量具 1/)
      await admin.post(`/users/${to.id}/handover?by=one`, { receiver_1: String(keeper), reason: '调岗' })
      await app.runJobs()
      t.equal((await stored('甲规')).owner_id, keeper)
      t.same([await found(other), await found(one)], [0, 1])
    },

    async 'an entry of a dictionary that it uses'(t) {
      const admin = await built.as('韩梅梅')
      const label = `只用于${name}`
      t.equal((await admin.post('/dictionaries/customer-levels', { label, form_id: formId() })).status, 303)
      const { id } = await db('dictionary_entries').where({ label }).first('id')
      await db(name).update({ level_id: id })
      const page = await admin.get(`/dictionaries/customer-levels/${id}/deletion`)
      t.match(page.text, text.dictionaries.inUse(label, '1'))
    },
  }
  return walked
}

t.test('its declaration takes forty lines at most', async (t) => {
  const source = readFileSync(new URL('../../fixtures/walked.ts', import.meta.url), 'utf8')
  const [declaration = ''] = source.match(/^export const gauges.*?^const totals[^\n]*$/ms) ?? []
  t.match(declaration, /lines:.*papers:/s)
  t.ok(declaration.split('\n').length <= 40)
})

for (const [where, modules] of [
  ['code', written],
  ['rows', ofRows],
] as const)
  for (const [at, of] of ownerships.entries())
    t.test(`of ${where}, whose records are those of ${of}`, async (t) => {
      const module = modules[at] as Module
      for (const [what, work] of Object.entries(walk(module, of)))
        await t.test(what, async (t) => work(t, await by('保管')))
    })

t.test('what rows say is what would be written in code', async (t) => {
  for (const [at, of] of ownerships.entries()) {
    const { name, path, lines = [], papers = [], ...said } = ofRows[at] as Module
    const [{ name: checks, table, ...ofLines }] = lines as [NonNullable<Module['lines']>[number]]
    const asWritten = { ...gauges(name, of, checks), path }
    const plain = (value: unknown) => JSON.parse(JSON.stringify(value))
    const { lines: otherLines, papers: otherPapers, ...other } = plain(asWritten)
    t.match(plain(said), { ...other, name: undefined, path: undefined })
    t.match(plain(ofLines), { label: otherLines[0].label, most: otherLines[0].most, totals: otherLines[0].totals })
    t.equal(table, checks)
    t.match(
      papers.map(({ name, label }) => ({ name, label })),
      otherPapers.map(({ name, label }: { name: string; label: string }) => ({ name, label })),
    )
  }
})
