import t from 'tap'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import { id, instant, ref, text } from '../../../src/kernel/db/columns.ts'
import { declareModules } from '../../../src/kernel/modules/catalogue.ts'
import type { Module } from '../../../src/kernel/modules/module.ts'
import { tallyRecords } from '../../../src/kernel/modules/tallies.ts'
import { reindexTexts } from '../../../src/kernel/modules/text-index.ts'
import { choice, line } from '../../../src/kernel/web/fields.ts'
import { fieldError } from '../../../src/kernel/web/form.ts'
import { entriesOf } from '../../../src/kernel/web/options.ts'
import { presetInstallation } from '../../../src/operation/setup/installation.ts'
import { countsAgree } from '../../fixtures/agreement.ts'
import { type Answer, type Browser, buildTestApp } from '../../fixtures/app.ts'
import { declareFor, equipment, makeTables, repairs } from '../../fixtures/equipment.ts'
import { newFolder } from '../../fixtures/folder.ts'
import { readable } from '../../fixtures/readable.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'

const level = { name: 'level_id', label: '等级', kind: choice, options: entriesOf('customer-levels'), isBatch: true }

/** Of nobody and in no bin; a locked one stays as it is. */
const shelves: Module = {
  name: 'shelves',
  path: '/shelves',
  label: '货架',
  group: 'customers',
  fields: [
    { name: 'name', label: '名称', kind: line, max: 40, isRequired: true },
    { ...level, isBatch: true },
  ],
  title: 'name',
  owner: 'nobody',
  acts: ['view', 'create', 'update', 'delete', 'export', 'print'],
  search: ['name'],
  hooks: {
    check: async (_run, { name }) => (name === '锁定' ? [fieldError(level, '锁定的货架不能修改。')] : []),
    leaving: async (_run, { name }) => (name === '锁定' ? [{ text: '锁定的货架不能删除。' }] : []),
  },
}
declareFor(t, [equipment, repairs, shelves])

const { app, db, as } = await buildTestApp(t)
await makeTables(db)
await db.schema.createTable('shelves', (table) => {
  id(table)
  text(table, 'name', 80).notNullable()
  text(table, 'name_pinyin', 200).notNullable().index()
  ref(table, 'level_id', 'dictionary_entries')
  for (const stamp of ['created_at', 'updated_at']) instant(table, stamp).notNullable()
  table.integer('version').notNullable()
})
await presetInstallation(db, null)
const own = await everyRightWithin(db, '各管各的', { view: 'own' })
const looking = await everyRightWithin(db, '看全部改自己', { view: 'all', change: 'own' })
const masked = await everyRightWithin(db, '看不全', { view: 'all', masks: 'phone' })
const without = await everyRightWithin(db, '看不到设备', { view: 'all', without: ['equipment.view'] })
const people: Record<string, number> = {}
for (const [name, role] of [
  ['甲', own],
  ['乙', own],
  ['丙', masked],
  ['丁', without],
  ['戊', looking],
] as const)
  people[name] = await addPerson(db, name, [role])
await bumpRevision(db)
const admin = await as('韩梅梅')
const [one, other, half, blind, wide] = (await Promise.all(
  ['甲', '乙', '丙', '丁', '戊'].map((name) => signedIn(app, name)),
)) as [Browser, Browser, Browser, Browser, Browser]
const [low, high] = (await db('dictionary_entries')
  .where({ dictionary: 'customer-levels' })
  .orderBy('id')
  .pluck('id')) as [number, number]

type Typed = Record<string, string | number>
const stamps = { created_at: '2026-11-01T00:00:00.000Z', updated_at: '2026-11-01T00:00:00.000Z', version: 1 }
let made = 0
async function addTo(table: string, rows: Record<string, unknown>[]): Promise<number[]> {
  const title = table === 'repairs' ? 'subject' : 'name'
  const ids: number[] = []
  for (const row of rows) {
    const name = String(row[title] ?? `第${++made}号`)
    const key = table === 'equipment' ? { name_key: `${name}${made}`, is_insured: false } : {}
    const values = { ...stamps, level_id: low, ...row, ...key, [title]: name, [`${title}_pinyin`]: name }
    ids.push((await db(table).insert(values).returning('id'))[0].id)
    if (table === 'equipment') await tallyRecords(db, equipment, { added: [values] })
  }
  return ids
}
async function machines(count: number, owner = '甲', more = {}) {
  const added = await addTo(
    'equipment',
    Array.from({ length: count }, () => ({ owner_id: people[owner], ...more })),
  )
  await reindexTexts(db, equipment)
  return added
}

const select = async (browser: Browser, list: string, act: string, ids: number[], more: Typed = {}) =>
  (await browser.post(`${list}/selections`, { query: '', scope: 'rows', ids: ids.map(String), act, ...more }))
    .location as string
const formId = ({ page }: Answer) =>
  page.querySelector('main form:not(.undo) input[name=form_id]')?.getAttribute('value') ?? ''
const ask = (browser: Browser, location: string, typed: Typed = {}) =>
  browser.get(`${location}?${new URLSearchParams(typed as Record<string, string>)}`)
const linesOf = ({ page }: Answer) => page.querySelectorAll('main .details li').map((item) => item.text.trim())

/** Does something to many by the form that asks first; answers what is said, and the address of the act. */
async function act(browser: Browser, location: string, typed: Typed = {}) {
  const form_id = formId(await ask(browser, location, typed))
  const answer = await browser.post(location, { ...typed, form_id })
  await app.runJobs()
  const said = (await browser.get(answer.location as string)).text
  return { answer, said, address: `/batch-acts/${(await db('batch_acts').max({ id: 'id' }).first())?.id}` }
}
async function undo(browser: Browser, address: string): Promise<string> {
  const answer = await browser.post(`${address}/undo`, { form_id: formId(await browser.get(`${address}/undo`)) })
  await app.runJobs()
  return (await browser.get(answer.location as string)).text
}
const column = (table: string, name: string, ids: number[]) => db(table).whereIn('id', ids).orderBy('id').pluck(name)
const eventsOf = (record_type: string, record_id: number) =>
  db('events').where({ record_type, record_id }).orderBy('id').pluck('action')

t.test('the list offers what the declaration allows, and what a role may', async (t) => {
  const [machine] = (await machines(1)) as [number]
  const actsIn = async (browser: Browser, list: string) =>
    (await browser.get(list)).page.querySelectorAll('select[name=act] option').map((item) => item.getAttribute('value'))
  t.same(await actsIn(one, '/equipment'), ['print', 'pdf', 'export', 'level_id', 'transfer', 'delete'])
  await addTo('repairs', [{ equipment_id: machine }])
  t.same(
    await actsIn(one, '/repairs'),
    ['print', 'pdf', 'export', 'level_id', 'delete'],
    'what hangs on another is not given',
  )
  await addTo('shelves', [{}])
  t.same(await actsIn(one, '/shelves'), ['print', 'pdf', 'export', 'level_id', 'delete'])
  t.equal((await blind.post('/equipment/selections', { ids: String(machine), act: 'print' })).status, 403)
  const role = await everyRightWithin(db, '只看', {
    view: 'all',
    without: ['equipment.update', 'equipment.delete', 'equipment.transfer', 'equipment.export'],
  })
  await addPerson(db, '己', [role])
  t.same(await actsIn(await signedIn(app, '己'), '/equipment'), ['print', 'pdf'])
})

t.test('what is selected on paper and in files, masked where it is masked', async (t) => {
  const ids = await machines(2, '甲', { keeper_phone: '13944012345' })
  const [third] = (await machines(1)) as [number]
  const names = await column('equipment', 'name', ids)
  const [unseen] = await column('equipment', 'name', [third])
  const folder = newFolder(t)
  const query = { query: 'columns=name,keeper_phone' }
  const location = await select(half, '/equipment', 'export', ids, query)
  for (const address of [`${location}.csv`, `${location}.xlsx`, location.replace('export', 'print')]) {
    const said = await readable(await half.get(address), folder)
    for (const name of names) t.match(said, name)
    t.notMatch(said, unseen)
    t.notMatch(said, /139.?4401.?2345/)
  }
  const pdf = await half.get(await select(half, '/equipment', 'pdf', ids))
  t.equal(pdf.raw.subarray(0, 5).toString(), '%PDF-')
})

t.test('one value for many: a page says what changes, each has its history, and it is taken back', async (t) => {
  const ids = [...(await machines(2)), ...(await machines(1, '甲', { level_id: high }))]
  const location = await select(one, '/equipment', 'level_id', ids)
  t.match(location, /^\/equipment\/selections\/\d+\/changes\/level_id$/)
  t.match((await one.get(location)).text, /3 个设备/)
  const asked = await ask(one, location, { level_id: high })
  t.match(asked.text, /将修改 2 个设备/)
  t.match(linesOf(asked).join(), /→.*2 个.*1 个原已如此/)
  for (const wrong of [{ level_id: '' }, { level_id: '999999' }, {}] as Typed[])
    t.equal((await one.post(location, { ...wrong, form_id: 'equipment-wrong' })).status, 422)
  const { said, address } = await act(one, location, { level_id: high })
  t.match(said, /完成 2 个设备，1 个原已如此。/)
  t.same(await column('equipment', 'level_id', ids), [high, high, high])
  t.same(await column('equipment', 'version', ids), [2, 2, 1])
  t.match((await one.get(`/equipment/${ids[0]}`)).text, /修改.*等级/)
  t.match((await one.get(address)).text, /设备|已修改/)
  t.match(await undo(one, address), /已撤销 2 条/)
  t.same(await column('equipment', 'level_id', ids), [low, low, high])
  const empty = await act(one, await select(one, '/equipment', 'level_id', ids), { level_id: '-' })
  t.match(empty.said, /清空等级：完成 3 个设备/)
  t.same(await column('equipment', 'level_id', ids), [null, null, null])
})

t.test('what others changed since is skipped and said, and stays when it is taken back', async (t) => {
  const ids = (await machines(3)) as [number, number, number]
  const location = await select(admin, '/equipment', 'level_id', ids)
  await db('equipment').where({ id: ids[0] }).increment('version', 1)
  await one.post(`/equipment/${ids[1]}/deletion`, { version: '1' })
  const { said, address } = await act(admin, location, { level_id: high })
  t.match(said, /完成 1 个设备，2 个已被他人修改或删除而跳过。/)
  t.same(await column('equipment', 'level_id', ids), [low, low, high])
  t.match((await admin.get(location)).text, /./)
  t.equal(
    (await admin.post(location, { level_id: high, form_id: 'again-0001' })).status,
    409,
    'a selection is used once',
  )
  await db('equipment').where({ id: ids[2] }).increment('version', 1)
  t.match(await undo(admin, address), /已撤销 0 条，1 条之后又有变化/)
  const kept = await admin.get(address)
  t.ok(kept.page.querySelector(`a[href="/equipment/${ids[2]}"]`), 'and is named')
})

t.test('how far the rights reach decides what of a selection is changed, seen or even found', async (t) => {
  const [mine, his] = [(await machines(1, '戊'))[0], (await machines(1, '甲'))[0]] as [number, number]
  const location = await select(wide, '/equipment', 'level_id', [mine, his])
  t.match(linesOf(await ask(wide, location, { level_id: high })).join(), /1 个您无权操作/)
  t.match((await act(wide, location, { level_id: high })).said, /完成 1 个设备，1 个/)
  t.same(
    await column('equipment', 'level_id', [mine, his].sort()),
    [mine, his].sort().map((id) => (id === mine ? high : low)),
  )
  const deletion = await select(wide, '/equipment', 'delete', [mine, his])
  t.match((await wide.get(deletion)).text, /确认删除 1 个设备/)
  await act(wide, deletion)
  t.same(await db('equipment').where({ id: his }).pluck('deleted_at'), [null])
  t.match(await select(other, '/equipment', 'level_id', [his]), /^\/equipment(\?|$)/, 'nothing of it is selected')
  t.equal((await admin.get(location)).status, 404, 'somebody else’s selection')
  const [repair, alien] = (await addTo('repairs', [
    { equipment_id: his, subject: '换刀' },
    { equipment_id: (await machines(1, '乙'))[0], subject: '换油' },
  ])) as [number, number]
  const repaired = await act(one, await select(one, '/repairs', 'level_id', [repair, alien]), { level_id: high })
  t.match(repaired.said, /完成 1 个维修记录/)
  t.same(await column('repairs', 'level_id', [repair, alien]), [high, low])
  t.match(await undo(one, repaired.address), /已撤销 1 条/)
  t.same(await column('repairs', 'level_id', [repair, alien]), [low, low])
})

t.test('many go to the bin and come back; those of no bin are gone, and nobody is promised otherwise', async (t) => {
  const ids = await machines(2)
  const location = await select(one, '/equipment', 'delete', ids)
  const asked = await one.get(location)
  t.match(asked.text, /确认删除 2 个设备.*回收站.*撤销/)
  const { said, address } = await act(one, location)
  t.match(said, /移入回收站：完成 2 个设备/)
  t.equal((await db('equipment').whereIn('id', ids).whereNull('deleted_at')).length, 0)
  t.match(await undo(one, address), /已撤销 2 条/)
  t.same(await column('equipment', 'deleted_at', ids), [null, null])
  t.same(await eventsOf('equipment', ids[0] as number), ['delete', 'restore'])

  const [locked, ...shelf] = await addTo('shelves', [{ name: '锁定' }, {}, {}])
  const all = [locked, ...shelf] as number[]
  const changed = await act(admin, await select(admin, '/shelves', 'level_id', all), { level_id: high })
  t.match(changed.said, /完成 2 个货架，1 个不能处理而跳过（锁定的货架不能修改）/)
  t.same(await column('shelves', 'level_id', all), [low, high, high])
  const deletion = await select(admin, '/shelves', 'delete', all)
  t.match((await admin.get(deletion)).text, /确认删除 3 个货架.*删除后无法恢复/)
  t.notMatch((await admin.get(deletion)).text, '撤销')
  const gone = await act(admin, deletion)
  t.match(gone.said, /删除：完成 2 个货架，1 个不能处理而跳过（锁定的货架不能删除）/)
  t.same(await db('shelves').whereIn('id', all).pluck('id'), [locked])
  t.notOk((await admin.get(gone.answer.location as string)).page.querySelector('#flash a[href^="/batch-acts/"]'))
  t.notOk((await admin.get(gone.address)).page.querySelector('a[href$="/undo"]'))
  t.equal((await admin.get(`${gone.address}/undo`)).status, 409)
  t.same(await eventsOf('shelves', shelf[0] as number), ['update', 'delete'])
})

t.test('many are a job, by any query, and it is taken back by one', async (t) => {
  const ids = await machines(260, '甲', { note: '成批' })
  for (const [scope, list] of [
    ['whole', 'f=note:contains:成批'],
    ['whole', 'q=不存在的'],
  ] as const) {
    const location = await select(one, '/equipment', 'level_id', [], { scope, query: list })
    if (list.startsWith('q')) {
      t.match(location, /^\/equipment\?/)
      continue
    }
    t.match((await one.get(location)).text, /260 个设备/)
    const { answer, said, address } = await act(one, location, { level_id: high })
    t.match(answer.location, /^\/jobs\/\d+$/)
    t.match(said, /完成 260 个设备。/)
    t.same(new Set(await db('equipment').where({ note: '成批' }).pluck('level_id')), new Set([high]))
    t.match(await undo(one, address), /已撤销 260 条/)
    t.same(new Set(await db('equipment').where({ note: '成批' }).pluck('level_id')), new Set([low]))
  }
  t.equal((await db('events').where({ record_type: 'equipment', record_id: ids[0] })).length, 2)
})

t.test('one is given to somebody else from its card, with the reason, once', async (t) => {
  const [machine] = (await machines(1)) as [number]
  const card = `/equipment/${machine}`
  t.ok((await one.get(card)).page.querySelector(`a[href="${card}/transfer"]`))
  const wrong: [Typed, RegExp][] = [
    [{ owner_id: '' }, /请填写接收人/],
    [{ owner_id: people.甲 as number }, /此设备已经由 甲 负责/],
    [{ owner_id: people.丁 as number }, /丁 的角色不能查看设备/],
    [{ owner_id: 'x' }, /请从列表中选择/],
  ]
  for (const [typed, sentence] of wrong) {
    const answer = await one.post(`${card}/transfer`, { version: '1', reason: '换岗', ...typed })
    t.equal(answer.status, 422)
    t.match(answer.page.querySelector('#transfer-owner_id-error')?.text, sentence)
    t.equal(answer.page.querySelector('[name=reason]')?.getAttribute('value'), '换岗')
  }
  t.equal((await other.post(`${card}/transfer`, { owner_id: people.乙 as number, version: '1' })).status, 404)
  t.equal((await wide.get(`${card}/transfer`)).status, 403, 'seen, but not to be given')
  const given = { owner_id: people.乙 as number, version: '1', reason: '换岗' }
  t.equal((await one.post(`${card}/transfer`, given)).location, '/equipment', 'it is not seen any more')
  t.equal(
    (await admin.post(`${card}/transfer`, { ...given, owner_id: people.丙 as number })).status,
    409,
    'at an old version',
  )
  t.match((await other.get(card)).text, /移交.*所属人员: ?甲 → 乙.*移交原因: ?换岗/)
  t.same(await eventsOf('equipment', machine), ['transfer'])
})

t.test('many are given to somebody else, and given back while they stand so', async (t) => {
  const ids = (await machines(2)) as [number, number]
  const location = await select(one, '/equipment', 'transfer', ids)
  t.match((await one.get(location)).text, /移交 2 个设备/)
  t.equal((await ask(one, location, { owner_id: people.丁 as number, reason: '' })).status, 422)
  const { said, address } = await act(one, location, { owner_id: people.乙 as number, reason: '分工' })
  t.match(said, /移交给乙：完成 2 个设备/)
  t.same(await column('equipment', 'owner_id', ids), [people.乙, people.乙])
  await db('equipment').where({ id: ids[0] }).increment('version', 1)
  t.match(await undo(one, address), /已撤销 1 条，1 条之后又有变化/)
  t.same(await column('equipment', 'owner_id', ids), [people.乙, people.甲])
  t.match(await db('events').where({ record_type: 'equipment', record_id: ids[1] }).pluck('changes'), [/分工/, /./])
})

t.test('a field that is masked, free, unique, or says whose a record is, is none for many', (t) => {
  const wrong = (more: Partial<Module>) => () =>
    declareModules([{ ...shelves, name: 'other', path: '/other', ...more }])
  const [name] = shelves.fields as [Module['fields'][number]]
  const fields = (field: Partial<Module['fields'][number]>) => [name, { ...level, isBatch: true as const, ...field }]
  for (const more of [
    { fields: [{ ...name, isBatch: true as const }] },
    { fields: fields({ mask: 'phone' }) },
    { fields: fields({ isUnique: true }) },
    { fields: fields({}), owner: { by: 'level_id' } },
  ] as Partial<Module>[])
    t.throws(wrong(more), { name: 'DeclarationError', message: /不能批量修改/ })
  t.end()
})

t.test('after all of it, what is counted says the same as the rows', (t) => countsAgree(t, db, equipment))
