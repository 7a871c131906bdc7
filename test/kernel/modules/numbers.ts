import t from 'tap'
import { today } from '../../../src/kernel/china/clock.ts'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import { declareModules } from '../../../src/kernel/modules/catalogue.ts'
import type { Module } from '../../../src/kernel/modules/module.ts'
import { presetInstallation } from '../../../src/operation/setup/installation.ts'
import { type Browser, buildTestApp } from '../../fixtures/app.ts'
import { declareFor, equipment, makeTables, repairs } from '../../fixtures/equipment.ts'
import { makeOrders, orders } from '../../fixtures/orders.ts'
import { checkFile, take } from '../../operation/imports/fixtures/upload.ts'

declareFor(t, [equipment, repairs, orders])

let forms = 0
const add = (one: Browser, more: Record<string, string> = {}) =>
  one.post('/service-orders', { code: '', subject: '大修', ...more, form_id: `number-form-${++forms}` })

async function world(t: Parameters<typeof buildTestApp>[0]) {
  const built = await buildTestApp(t)
  const { db } = built
  await makeTables(db)
  await makeOrders(db)
  await presetInstallation(db, null)
  await bumpRevision(db)
  const month = today().slice(0, 7).replace('-', '')
  const codes = (): Promise<string[]> => db('service_orders').orderBy('id').pluck('code')
  return { ...built, codes, number: (at: string) => `WX${month}-${at}`, admin: await built.as('韩梅梅') }
}

t.test('a record gets the next number where none is typed, and never one that there is', async (t) => {
  const { admin, codes, number, db } = await world(t)
  const form = await admin.get('/service-orders/new')
  t.notOk(form.page.querySelector('[name=code]')?.hasAttribute('required'))
  t.match(form.text, '留空则自动编号')
  const { location = '' } = await add(admin)
  t.match((await admin.get(location)).text, `服务单「${number('0001')}」已保存`)
  await add(admin, { code: number('0003').toLowerCase().replace('wx', 'ｗｘ') })
  await add(admin)
  await add(admin)
  t.same(await codes(), [number('0001'), number('0003').replace('WX', 'wx'), number('0002'), number('0004')])
  const refused = await add(admin, { code: number('0001').toLowerCase() })
  t.match(
    [refused.status, refused.page.querySelector('#service_orders-code-error')?.text],
    [422, /此单号已被使用|已有同名/],
  )
  t.match(refused.page.querySelector('[name=subject]')?.getAttribute('value'), '大修')
  await db('service_orders')
    .where({ code: number('0004') })
    .update({ deleted_at: '2026-01-01T00:00:00.000Z' })
  await db('numbers').where({ kind: 'service_orders' }).update({ next: 4 })
  await add(admin)
  t.equal((await codes()).at(-1), number('0005'), 'nor one that lies in the bin')
})

t.test('a record that is there keeps a number', async (t) => {
  const { admin, codes, number } = await world(t)
  const { location = '' } = await add(admin)
  t.ok((await admin.get(`${location}/edit`)).page.querySelector('[name=code][required]'))
  const emptied = await admin.post(location, { code: '', subject: '小修', version: '1' })
  t.match([emptied.status, emptied.page.querySelector('#service_orders-code-error')?.text], [422, /请填写单号/])
  t.equal((await admin.post(location, { code: 'A-1', subject: '小修', version: '1' })).status, 303)
  await add(admin)
  t.same(await codes(), ['A-1', number('0002')], 'gaps stay')
})

t.test('many at once get each their own', async (t) => {
  const { admin, codes } = await world(t)
  await Promise.all(Array.from({ length: 12 }, () => add(admin)))
  t.equal(new Set(await codes()).size, 12)
})

t.test('rows of a file are numbered, beside those that bring their number along', async (t) => {
  const { admin, codes, number, db } = await world(t)
  const csv = (rows: string) => ({ file: `单号,事由\n${rows}`, sent: { fileName: '单.csv', kind: 'service_orders' } })
  const bring = async (rows: string, choices = {}) => {
    const { file, sent } = csv(rows)
    const { location, text } = await checkFile(admin, file, sent)
    return { text, done: await take(admin, location, choices) }
  }
  await bring(`,甲\n${number('0001')},乙\n,丙\n`)
  t.same(await codes(), [number('0002'), number('0001'), number('0003')])
  const file = (await admin.get('/service-orders.csv')).raw
  const { location, text } = await checkFile(admin, file, { fileName: '单.csv', kind: 'service_orders' })
  t.match(text, /3 行在系统中已有/)
  await take(admin, location, { existing: 'overwrite' })
  t.same(await db('service_orders').pluck('version'), [1, 1, 1])
  const one = (await checkFile(admin, '事由\n丁\n', { fileName: '单.csv', kind: 'service_orders' })).text
  t.match(one, /1 行正确/, 'a file without numbers')
})

t.test('a pattern that cannot be is named', async (t) => {
  const wrong = (more: Partial<Module>) => () =>
    declareModules([{ ...orders, name: 'other', path: '/other', ...more } as Module])
  for (const number of [
    { field: 'nothing', pattern: 'A{0}' },
    { field: 'subject', pattern: 'A{0}' },
    { field: 'code', pattern: 'A' },
    { field: 'code', pattern: 'A{0}{0}' },
    { field: 'code', pattern: 'A{week}{0}' },
    { field: 'code', pattern: `${'A'.repeat(30)}{0}` },
  ])
    t.throws(wrong({ number }), { name: 'DeclarationError', message: new RegExp(number.field) })
})
