import t from 'tap'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import { declareModules } from '../../../src/kernel/modules/catalogue.ts'
import type { Module } from '../../../src/kernel/modules/module.ts'
import { decimal } from '../../../src/kernel/web/decimal-kind.ts'
import { instant } from '../../../src/kernel/web/instant-kind.ts'
import { presetInstallation } from '../../../src/operation/setup/installation.ts'
import { type Browser, buildTestApp } from '../../fixtures/app.ts'
import { declareFor, equipment, makeTables, repairs } from '../../fixtures/equipment.ts'
import { newFolder } from '../../fixtures/folder.ts'
import { readable } from '../../fixtures/readable.ts'
import { checkFile, take } from '../../operation/imports/fixtures/upload.ts'

declareFor(t, [equipment, repairs])

let forms = 0
const add = (one: Browser, more: Record<string, string>) =>
  one.post('/equipment', { name: '车床', ...more, form_id: `fields-form-${++forms}` })

async function world(t: Parameters<typeof buildTestApp>[0]) {
  const built = await buildTestApp(t)
  await makeTables(built.db)
  await presetInstallation(built.db, null)
  await bumpRevision(built.db)
  return { ...built, admin: await built.as('韩梅梅') }
}

const namesIn = async (one: Browser, query: string) =>
  (await one.get(`/equipment?${query}`)).page.querySelectorAll('tbody tr').map((row) => row.querySelector('a')?.text)

t.test('decimals and instants: typed, refused at the field, shown, changed by two at once, and told', async (t) => {
  const { admin, db } = await world(t)
  const form = await admin.get('/equipment/new')
  t.equal(form.page.querySelector('[name=weight_micros]')?.getAttribute('inputmode'), 'decimal')
  t.equal(form.page.querySelector('[name=checked_at]')?.getAttribute('type'), 'datetime-local')
  for (const [more, field, sentence] of [
    [{ weight_micros: '1.2345' }, 'weight_micros', /最多 3 位小数/],
    [{ weight_micros: '-1' }, 'weight_micros', /不能小于 0 公斤/],
    [{ weight_micros: '1,5' }, 'weight_micros', /小数用点/],
    [{ weight_micros: '9'.repeat(30) }, 'weight_micros', /9,000,000,000/],
    [{ checked_at: '2026-03-05' }, 'checked_at', /几点几分/],
    [{ checked_at: '2026-02-30T10:00' }, 'checked_at', /真实存在/],
  ] as const) {
    const refused = await add(admin, more)
    t.equal(refused.status, 422)
    t.match(refused.page.querySelector(`#equipment-${field}-error`)?.text, sentence)
    t.equal(refused.page.querySelector(`[name=${field}]`)?.getAttribute('value'), Object.values(more)[0])
  }
  const { location = '' } = await add(admin, {
    weight_micros: '１，２３４．５６７公斤',
    checked_at: '2026-03-05T08:30',
  })
  t.match(await db('equipment').first(), { weight_micros: 1_234_567_000, checked_at: '2026-03-05T00:30:00.000Z' })
  t.match((await admin.get(location)).text, /重量 1,234.567 公斤.*检定时间 2026-03-05 08:30/)
  const edit = (await admin.get(`${location}/edit`)).page
  const sent = { name: '车床', version: '1' }
  for (const name of ['weight_micros', 'checked_at'])
    Object.assign(sent, { [name]: edit.querySelector(`[name=${name}]`)?.getAttribute('value') })
  t.match(sent, { weight_micros: '1234.567', checked_at: '2026-03-05T08:30' })
  t.equal((await admin.post(location, sent)).status, 303)
  t.equal((await db('equipment').first()).version, 1, 'nothing was changed')
  t.equal((await admin.post(location, { ...sent, weight_micros: '2' })).status, 303)
  const conflict = await admin.post(location, { ...sent, weight_micros: '3', checked_at: '2026-03-05T09:00' })
  t.equal(conflict.status, 409)
  t.match(conflict.text, /重量.*1,234.567 公斤.*2 公斤.*3 公斤/)
  const settled = {
    ...sent,
    version: '2',
    weight_micros: '3',
    checked_at: '2026-03-05T09:00',
    keep_weight_micros: 'theirs',
  }
  t.equal((await admin.post(location, settled)).status, 303)
  t.match(await db('equipment').first(), { weight_micros: 2_000_000, checked_at: '2026-03-05T01:00:00.000Z' })
  t.match((await admin.get(location)).text, /1,234.567 公斤.*2 公斤/, 'the history')
})

t.test('decimals and instants in the list: order, filter, conditions, paper and files', async (t) => {
  const { admin } = await world(t)
  await add(admin, { name: '甲机', weight_micros: '10', checked_at: '2026-03-05T00:10' })
  await add(admin, { name: '乙机', weight_micros: '9.5', checked_at: '2026-03-05T23:50' })
  await add(admin, { name: '丙机' })
  t.same(await namesIn(admin, 'sort=-weight_micros'), ['甲机', '乙机', '丙机'])
  t.same(await namesIn(admin, 'sort=checked_at'), ['丙机', '甲机', '乙机'])
  t.same(await namesIn(admin, 'checked_at_from=2026-03-05&checked_at_to=2026-03-05&sort=name'), ['甲机', '乙机'])
  t.same(await namesIn(admin, 'checked_at_from=2026-03-06'), [])
  for (const [condition, found] of [
    ['weight_micros:between:9.5,9.999999', ['乙机']],
    ['weight_micros:is:10公斤', ['甲机']],
    ['weight_micros:empty:', ['丙机']],
    ['checked_at:is:2026-03-05', ['甲机', '乙机']],
    ['checked_at:between:2026-03-06,', []],
    ['checked_at:empty:', ['丙机']],
    ['checked_at:filled:', ['甲机', '乙机']],
  ] as const)
    t.same(await namesIn(admin, `f=${encodeURIComponent(condition)}&sort=-weight_micros`), found, condition)
  for (const path of ['/equipment', '/equipment/print'])
    t.match((await admin.get(path)).text, /9.5 公斤.*2026-03-05 23:50/)
  t.match((await admin.get('/equipment.csv')).body, /9\.5,2026-03-05 23:50/)
  t.match(await readable(await admin.get('/equipment.xlsx'), newFolder(t)), /9\.5\t2026-03-05 23:50/)
  for (const path of ['/equipment/print.pdf', '/equipment/1/print.pdf'])
    t.equal((await admin.get(path)).raw.subarray(0, 5).toString(), '%PDF-')
})

t.test('decimals and instants come back from a file without a difference, and are refused in words', async (t) => {
  const { admin, db } = await world(t)
  for (const [name, weight_micros, checked_at] of [
    ['甲机', '8999999999.999', '2026-03-05T00:10'],
    ['乙机', '0.001', '1900-01-01T23:59'],
    ['丙机', '', ''],
  ] as const)
    await add(admin, { name, weight_micros, checked_at })
  for (const ending of ['xlsx', 'csv']) {
    const file = (await admin.get(`/equipment.${ending}`)).raw
    const { location, text } = await checkFile(admin, file, { fileName: `设备.${ending}`, kind: 'equipment' })
    t.match(text, /3 行正确/, ending)
    await take(admin, location, { existing: 'overwrite' })
    t.strictSame(await db('equipment').pluck('version'), [1, 1, 1], ending)
  }
  const rows = '设备名称,重量,检定时间\n丁机,1.5公斤,2026年3月5日 下午1:30\n戊机,1.2345,\n己机,,昨天\n庚机,5,46000.5\n'
  const { location, text } = await checkFile(admin, rows, { fileName: '设备.csv', kind: 'equipment' })
  t.match(text, /2 行正确，2 行有误.*重量「1.2345」：最多 3 位小数.*检定时间「昨天」：应为/)
  await take(admin, location)
  t.match(await db('equipment').where({ name: '丁机' }).first(), {
    weight_micros: 1_500_000,
    checked_at: '2026-03-05T05:30:00.000Z',
  })
  t.match(await db('equipment').where({ name: '庚机' }).first(), { checked_at: '2025-12-09T04:00:00.000Z' })
})

t.test('fields that cannot be are named and stop the start', async (t) => {
  const wrong = (field: Partial<Module['fields'][number]>) => () =>
    declareModules([{ ...equipment, name: 'other', path: '/other', fields: [...equipment.fields, field as never] }])
  for (const field of [
    { name: 'weight', kind: decimal },
    { name: 'a_micros', kind: decimal, places: 7 },
    { name: 'a_micros', kind: decimal, places: 1.5 },
    { name: 'a_micros', kind: decimal, least: '很少' },
    { name: 'a_micros', kind: decimal, least: '2', greatest: '1' },
    { name: 'a_micros', kind: decimal, mask: 'bank' as const },
    { name: 'seen', kind: instant },
  ])
    t.throws(wrong({ label: '错', ...field }), { name: 'DeclarationError', message: new RegExp(field.name) })
})
