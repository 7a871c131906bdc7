import t from 'tap'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import { declareModules } from '../../../src/kernel/modules/catalogue.ts'
import type { Lines, Module } from '../../../src/kernel/modules/module.ts'
import { line } from '../../../src/kernel/web/fields.ts'
import { presetInstallation } from '../../../src/operation/setup/installation.ts'
import { type Answer, type Browser, buildTestApp } from '../../fixtures/app.ts'
import { declareFor, equipment, makeTables, repairs } from '../../fixtures/equipment.ts'
import { newFolder } from '../../fixtures/folder.ts'
import { makeOrders, orders } from '../../fixtures/orders.ts'
import { readable } from '../../fixtures/readable.ts'
import { checkFile, finished, take } from '../../operation/imports/fixtures/upload.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'

declareFor(t, [equipment, repairs, orders])

const columns = ['part', 'quantity_micros', 'amount_cents', 'is_spare', 'equipment_id'] as const
type Cells = Partial<Record<(typeof columns)[number] | 'id' | 'place' | 'remove', string>>

/** What a browser sends for rows of a form. */
const cellsOf = (rows: Cells[]) =>
  Object.fromEntries(
    rows.flatMap((row, at) =>
      Object.entries({
        part: '',
        quantity_micros: '',
        amount_cents: '',
        equipment_id: '',
        place: String(at + 1),
        ...row,
      }).map(([name, value]) => [`parts-${at}-${name}`, value]),
    ),
  )

let forms = 0
const add = (one: Browser, rows: Cells[], more: Record<string, string> = {}) =>
  one.post('/service-orders', { subject: '大修', ...cellsOf(rows), ...more, form_id: `lines-form-${++forms}` })

async function world(t: Parameters<typeof buildTestApp>[0]) {
  const built = await buildTestApp(t)
  const { app, db } = built
  await makeTables(db)
  await makeOrders(db)
  await presetInstallation(db, null)
  await bumpRevision(db)
  const own = await everyRightWithin(db, '各管各的', { view: 'own' })
  for (const name of ['甲', '乙']) await addPerson(db, name, [own])
  const parts = () => db('service_order_parts').orderBy(['record_id', 'position'])
  const names = async (): Promise<string[]> => (await parts()).map(({ part }) => part)
  const order = () => db('service_orders').orderBy('id', 'desc').first()
  return {
    ...built,
    parts,
    names,
    order,
    admin: await built.as('韩梅梅'),
    signedIn: (name: string) => signedIn(app, name),
  }
}

/** What a browser would send of the lines of a form as it stands. */
const sentBy = ({ page }: Answer): Record<string, string> =>
  Object.fromEntries(
    page
      .querySelectorAll('#lines-parts input[name]')
      .filter((field) => field.getAttribute('type') !== 'checkbox' || field.hasAttribute('checked'))
      .map((field) => [field.getAttribute('name'), field.getAttribute('value') ?? '']),
  )

const rowsIn = ({ page }: Answer) => page.querySelectorAll('#lines-parts tbody tr').length

t.test('lines are saved with their head, in their order, with their sums', async (t) => {
  const { admin, db, parts, order } = await world(t)
  const form = await admin.get('/service-orders/new')
  t.equal(rowsIn(form), 3)
  t.notOk(form.page.querySelector('[name=total_cents]'), 'sums are not typed')
  const { location = '', status } = await add(admin, [
    { part: '轴承', quantity_micros: '2.5', amount_cents: '10.05' },
    {},
    { part: '皮带', quantity_micros: '１', amount_cents: '-0.05', is_spare: 'true' },
    {},
  ])
  t.equal(status, 303)
  t.match(await parts(), [
    { part: '轴承', quantity_micros: 2_500_000, amount_cents: 1005, is_spare: false, position: 0 },
    { part: '皮带', quantity_micros: 1_000_000, amount_cents: -5, is_spare: true, position: 1 },
  ])
  t.match(await order(), { total_cents: 1000, version: 1 })
  t.equal((await db('events').where({ record_type: 'service_orders' })).length, 1)
  const card = await admin.get(location)
  t.match(card.text, /配件明细.*轴承.*2.5.*10.05.*皮带.*合计.*3.5.*10.00/)
  t.match((await admin.get('/service-orders?sort=total_cents')).text, '10.00')
  t.equal((await admin.get(`${location}/print.pdf`)).raw.subarray(0, 5).toString(), '%PDF-')
  t.equal((await add(admin, [])).status, 303, 'a head without lines')
})

t.test('what is wrong is told at the cell and keeps what was typed', async (t) => {
  const { admin, parts } = await world(t)
  for (const [rows, field, sentence] of [
    [[{ part: '轴承' }, { part: '', amount_cents: '5' }], 'parts-1-part', /请填写配件/],
    [[{}, { part: '轴承', quantity_micros: '1.2345' }], 'parts-1-quantity_micros', /最多 3 位小数/],
    [[{ part: '轴承', amount_cents: '很多' }], 'parts-0-amount_cents', /金额应为数字/],
    [[{ part: '长'.repeat(41) }], 'parts-0-part', /最多 40 个字/],
    [[{ part: '轴承', equipment_id: '没有' }], 'parts-0-equipment_id', /没有找到/],
    [Array.from({ length: 41 }, () => ({ part: '轴承' })), 'parts-0-part', /最多 40 行/],
  ] as const) {
    const refused = await add(admin, rows as never, { subject: '记下' })
    t.equal(refused.status, 422, field)
    t.match(refused.page.querySelector(`#service_orders-${field}-error`)?.text, sentence)
    t.match(refused.page.querySelector('.errors')?.text, /配件明细/)
    t.ok(refused.page.querySelector(`.errors a[href="#service_orders-${field}"]`))
    t.equal(refused.page.querySelector('[name=subject]')?.getAttribute('value'), '记下')
    const [typed] = Object.entries(rows[0] as Cells)
    if (typed) t.equal(refused.page.querySelector(`[name=parts-0-${typed[0]}]`)?.getAttribute('value'), typed[1])
  }
  const huge = Array.from({ length: 40 }, () => ({ part: '轴承', quantity_micros: '9000000000' }))
  t.match((await add(admin, huge)).text, /合计超出范围/)
  t.same(await parts(), [])
})

t.test('further rows keep all that was typed and save nothing', async (t) => {
  const { admin, parts } = await world(t)
  const more = await add(admin, [{ part: '轴承', amount_cents: '很多' }, {}], { more: 'parts', subject: '半张单' })
  t.equal(more.status, 200, 'nothing was refused')
  t.equal(rowsIn(more), 7)
  t.equal(more.page.querySelector('[name=parts-0-amount_cents]')?.getAttribute('value'), '很多')
  t.equal(more.page.querySelector('[name=subject]')?.getAttribute('value'), '半张单')
  t.notOk(more.page.querySelector('.errors'))
  t.same(await parts(), [])
  const full = await add(
    admin,
    Array.from({ length: 38 }, () => ({})),
    { more: 'parts' },
  )
  t.equal(rowsIn(full), 40, 'as many as there may be')
  t.notOk(full.page.querySelector('button[name=more]'))
})

t.test('lines are changed, moved, added and removed; the history tells it in words', async (t) => {
  const { admin, parts, names, order } = await world(t)
  const { location = '' } = await add(admin, [
    { part: '轴承', quantity_micros: '2' },
    { part: '皮带', quantity_micros: '1', amount_cents: '3' },
    { part: '螺钉' },
  ])
  const ids = (await parts()).map(({ id }) => id)
  const { code } = await order()
  const edit = await admin.get(`${location}/edit`)
  t.equal(rowsIn(edit), 5)
  const head = { code, subject: '大修' }
  t.equal((await admin.post(location, { ...head, ...sentBy(edit), version: '1' })).status, 303)
  t.equal((await order()).version, 1, 'nothing changed')
  t.equal((await admin.post(location, { ...head, version: '1' })).status, 303)
  t.equal((await names()).length, 3, 'what a form does not say stays')
  const changed = {
    ...sentBy(edit),
    'parts-0-quantity_micros': '4',
    'parts-1-remove': 'true',
    'parts-2-place': '1',
    'parts-3-part': '垫片',
  }
  t.equal((await admin.post(location, { ...head, ...changed, version: '1' })).status, 303)
  t.same(await names(), ['螺钉', '轴承', '垫片'])
  t.same((await parts()).map(({ id }) => id).slice(0, 2), [ids[2], ids[0]], 'what stays keeps its id')
  t.match(await order(), { version: 2, total_cents: 0 })
  const history = (await admin.get(location)).page.querySelector('.history')?.text ?? (await admin.get(location)).text
  t.match(history, /配件明细.*第 2 行：皮带，1，3.00.*第 2 行：轴承，4.*第 3 行：垫片/)
  t.match((await admin.get('/audit-log?action=update')).text, /配件明细.*第 2 行：皮带/)
  const alien = { ...head, 'parts-0-id': '999', 'parts-0-part': '混入', version: '2' }
  await admin.post(location, alien)
  t.same(await names(), ['混入'])
})

t.test('a line of another record is not taken over', async (t) => {
  const { admin, parts, db } = await world(t)
  await add(admin, [{ part: '甲的' }])
  const { location = '' } = await add(admin, [{ part: '乙的' }])
  const [first] = await parts()
  const { code } = await db('service_orders').orderBy('id', 'desc').first()
  await admin.post(location, { code, 'parts-0-id': String(first.id), 'parts-0-part': '抢来的', version: '1' })
  t.match(await db('service_order_parts').where({ id: first.id }).first(), { part: '甲的', record_id: first.record_id })
})

t.test('two at once: the conflict shows the lines of both', async (t) => {
  const { admin, signedIn, names, order, db } = await world(t)
  const one = await signedIn('甲')
  const { location = '' } = await add(one, [{ part: '轴承' }])
  const { code } = await order()
  const edit = sentBy(await one.get(`${location}/edit`))
  const head = { code, subject: '大修', version: '1' }
  t.equal((await admin.post(location, { ...head, ...edit, 'parts-1-part': '他的' })).status, 303)
  const conflict = await one.post(location, { ...head, ...edit, 'parts-1-part': '我的', subject: '小修' })
  t.equal(conflict.status, 409)
  t.match(conflict.text, /配件明细.*第 1 行：轴承.*第 2 行：他的.*第 2 行：我的/)
  const hidden = Object.fromEntries(
    conflict.page
      .querySelectorAll('main input[type=hidden]')
      .map((field) => [field.getAttribute('name'), field.getAttribute('value')]),
  )
  const settle = (side: string) => one.post(location, { ...hidden, keep_parts: side })
  t.equal((await settle('yours')).status, 303)
  t.same(await names(), ['轴承', '我的'])
  t.match(await order(), { version: 3, subject: '小修' })
  const wrong = await one.post(location, {
    ...head,
    version: '3',
    parts: `[{"part":"${'长'.repeat(41)}","quantity_micros":"x"},null,7]`,
  })
  t.equal(wrong.status, 422, 'what comes as one value is read like cells')
  for (const parts of ['{', '{"a":1}', 'null', '"x"'])
    t.ok(
      [303, 422].includes(
        (await one.post(location, { ...head, version: String((await order()).version), parts })).status,
      ),
      parts,
    )
  t.ok((await db('service_orders')).length, 'and the program stands')
})

t.test('what lines point at is named to who may see it; lines go with their head', async (t) => {
  const { admin, signedIn, names, db, parts } = await world(t)
  await admin.post('/equipment', { name: '秘密机床', form_id: 'lines-machine' })
  const { id: owner } = await db('users').where({ username: '甲' }).first('id')
  const { location = '' } = await add(admin, [{ part: '轴承', equipment_id: '秘密机床' }], { owner_id: String(owner) })
  const one = await signedIn('甲')
  t.match((await admin.get(location)).page.querySelector('main a[href="/equipment/1"]')?.text, '秘密机床')
  const { code } = await db('service_orders').first()
  const edit = await one.get(`${location}/edit`)
  const sent = { code, subject: '改', ...sentBy(edit), 'parts-0-quantity_micros': '7', version: '1' }
  t.equal((await one.post(location, sent)).status, 303)
  t.match(await parts(), [{ equipment_id: 1, quantity_micros: 7_000_000 }], 'what one may not see stays')
  for (const path of [location, `${location}/edit`]) {
    const page = await one.get(path)
    t.notMatch(page.text, '秘密机床', path)
    t.match(page.body, '（无权查看）', path)
  }
  t.match((await admin.get(location)).text, /秘密机床.*秘密机床/, 'the history names it to who may see it')
  t.ok(
    (await admin.get('/equipment/1')).page.querySelector(`main a[href="${location}"]`),
    'its card shows who points at it',
  )
  await admin.post('/equipment/1/deletion', { version: '1' })
  const held = await admin.post('/recycle-bin/equipment/1/purge', { version: '2' })
  t.match([held.status, held.text], [409, /还有1 条服务单指向它/])
  t.match((await admin.get(location)).page.querySelector('main s')?.text, '秘密机床（已删除）')
  await admin.post('/recycle-bin/equipment/1/restoration', { version: '2' })
  const other = await signedIn('乙')
  for (const path of ['', '/edit']) t.equal((await other.get(location + path)).status, 404)
  t.equal((await admin.post(`${location}/deletion`, { version: '2' })).status, 303)
  t.same(await names(), ['轴承'])
  await admin.post(`/recycle-bin/service-orders/1/restoration`, { version: '3' })
  t.match((await admin.get(location)).text, '轴承')
  await admin.post(`${location}/deletion`, { version: '4' })
  t.equal((await admin.post('/recycle-bin/service-orders/1/purge', { version: '5' })).status, 303)
  t.same(await names(), [])
})

const headings = '单号,事由,客户,客户编码,设备,总金额,经办人,配件,数量,金额,备件,用于设备'

t.test('files have a row for each line, and what is of the head in the first', async (t) => {
  const { admin, order } = await world(t)
  await admin.post('/equipment', { name: '车床', form_id: 'lines-lathe' })
  await add(admin, [
    { part: '轴承', quantity_micros: '2.5', amount_cents: '10', equipment_id: '车床' },
    { part: '皮带', is_spare: 'true' },
  ])
  const { code: first } = await order()
  await add(admin, [], { subject: '没有明细' })
  const { code: second } = await order()
  const csv = (await admin.get('/service-orders.csv')).body.replace('\uFEFF', '').trim().split('\r\n')
  t.same(csv, [
    headings,
    `${first},大修,,,,10.00,韩梅梅,轴承,2.5,10.00,否,车床`,
    `${first},,,,,,,皮带,,,是,`,
    `${second},没有明细,,,,0.00,韩梅梅,,,,,`,
  ])
  const sheet = await readable(await admin.get('/service-orders.xlsx'), newFolder(t))
  t.match(sheet, /轴承\t2\.5\t10\t否\t车床\n.*皮带/)
})

t.test('rows of a file become lines of one record, and come back without a difference', async (t) => {
  const { admin, app, db, names, parts, order } = await world(t)
  await admin.post('/equipment', { name: '车床', form_id: 'lines-import' })
  const sent = { fileName: '单.csv', kind: 'service_orders' }
  const bring = async (rows: string[], choices = {}) => {
    const { location, text } = await checkFile(admin, rows.join('\n'), sent)
    return { location, text, done: (await take(admin, location, choices)).text }
  }
  const heads = '单号,事由,配件,数量,金额,备件,用于设备'
  const first = await bring([
    heads,
    'A-1,大修,轴承,2.5,10,否,车床',
    ',,皮带,1,5.5,是,',
    'a-2,小修,螺钉,100,,,',
    'a-2,小修,螺母,100,1,,',
    'A-3,没有明细,,,,,',
    ',没有号,垫片,1,2,,',
    ',没有号,胶圈,1,2,,',
  ])
  t.match(first.text, /4 行正确，0 行有误/)
  t.match(first.done, '新增 4 条')
  t.same(await names(), ['轴承', '皮带', '螺钉', '螺母', '垫片', '胶圈'])
  t.match(await parts(), [{ quantity_micros: 2_500_000, amount_cents: 1000, equipment_id: 1, is_spare: false }])
  t.same(await db('service_orders').orderBy('id').pluck('total_cents'), [1550, 100, 0, 400])
  t.equal((await db('imports').first()).next_row, 9, 'whoever goes on begins behind all rows of the last record')
  for (const ending of ['csv', 'xlsx']) {
    const file = (await admin.get(`/service-orders.${ending}`)).raw
    const back = await checkFile(admin, file, { fileName: `单.${ending}`, kind: 'service_orders' })
    t.match(back.text, /4 行正确，0 行有误.*4 行在系统中已有/, ending)
    await take(admin, back.location, { existing: 'overwrite' })
    t.same(await db('service_orders').pluck('version'), [1, 1, 1, 1], ending)
  }
  const ids = (await parts()).map(({ id }) => id)
  const changed = await bring([heads, 'A-1,,轴承,3,10,否,车床', 'A-1,,皮带,1,5.5,是,', 'A-1,,新的,1,,,'], {
    existing: 'overwrite',
  })
  t.match(changed.done, '更新 1 条')
  t.same((await names()).slice(0, 3), ['轴承', '皮带', '新的'])
  t.same(
    (await parts()).slice(0, 2).map(({ id }) => id),
    ids.slice(0, 2),
  )
  await admin.post(`${changed.location}/undo`)
  await app.runJobs()
  await finished(admin, changed.location)
  t.same((await names()).slice(0, 3), ['轴承', '皮带', '螺钉'], 'an undo brings the lines back')
  t.match((await parts())[0], { quantity_micros: 2_500_000 })
  const fewer = await bring([heads, 'A-1,,皮带,9,,,'], { existing: 'overwrite' })
  t.same((await names())[1], '螺钉', 'what a file does not say any more is gone')
  await admin.post(`${fewer.location}/undo`)
  await app.runJobs()
  await finished(admin, fewer.location)
  t.same((await names()).slice(0, 3), ['轴承', '皮带', '螺钉'], 'lines that were gone come back too')
  await admin.post(`${first.location}/undo`)
  await app.runJobs()
  await finished(admin, first.location)
  t.same((await names()).length, 2, 'and what was made goes with its lines, but for what was changed since')
  t.ok(await order())
})

t.test('what is wrong in a line is told in the row of its record, and the rows come back together', async (t) => {
  const { admin, names } = await world(t)
  const rows = [
    '单号,事由,配件,数量,用于设备',
    'B-1,大修,轴承,很多,',
    'B-1,,,5,',
    'B-1,另一事,皮带,1,没有的',
    'B-2,好的,螺钉,1,',
  ]
  const { location, text } = await checkFile(admin, rows.join('\n'), { fileName: '单.csv', kind: 'service_orders' })
  t.match(text, /1 行正确，1 行有误/)
  for (const said of [
    /第 1 行 数量「很多」/,
    /第 2 行 配件/,
    /第 3 行 用于设备「没有的」/,
    /事由「另一事」：与第 2 行同属一条记录/,
  ])
    t.match(text, said)
  const back = await readable(await admin.get(`${location}/wrong-rows.xlsx`), newFolder(t))
  t.match(back, /轴承[\s\S]*皮带/)
  t.notMatch(back, '螺钉')
  await take(admin, location)
  t.same(await names(), ['螺钉'])
  const template = await readable(await admin.get('/imports/template.xlsx?kind=service_orders'), newFolder(t))
  t.equal(template, '单号\t事由\t客户\t客户编码\t设备\t经办人\t配件\t数量\t金额\t备件\t用于设备')
})

t.test('lines that cannot be are named and stop the start', async (t) => {
  const [parts] = orders.lines as [Lines]
  const wrong = (lines: object) => () =>
    declareModules([{ ...orders, name: 'other', path: '/other', lines: [{ ...parts, ...lines }] } as Module])
  const field = { name: 'x', label: '错', kind: line }
  for (const [lines, sentence] of [
    [{ lines: [parts] }, /明细之下不能再有明细/],
    [{ name: 'subject' }, /subject.*重复/],
    [{ name: 'a-b' }, /a-b/],
    [{ most: 0 }, /1 至 1000/],
    [{ most: 1001 }, /1 至 1000/],
    [{ fields: [] }, /parts/],
    [{ fields: [...parts.fields, field, field] }, /字段 x/],
    [{ fields: [...parts.fields, { ...field, name: 'id' }] }, /字段 id/],
    [{ fields: [...parts.fields, { ...field, mask: 'phone' }] }, /字段 x/],
    [{ fields: [...parts.fields, { ...field, isUnique: true }] }, /字段 x/],
    [{ totals: [{ field: 'part' }] }, /part/],
    [{ totals: [{ field: 'nothing' }] }, /nothing/],
    [{ totals: [{ field: 'amount_cents', into: 'subject' }] }, /amount_cents/],
    [{ totals: [{ field: 'amount_cents', into: 'nothing' }] }, /amount_cents/],
  ] as const)
    t.throws(wrong(lines), { name: 'DeclarationError', message: sentence })
})
