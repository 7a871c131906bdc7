import t from 'tap'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import { id, instant, ref, text } from '../../../src/kernel/db/columns.ts'
import { purgeRecords } from '../../../src/kernel/modules/bin.ts'
import type { Module } from '../../../src/kernel/modules/module.ts'
import { phone } from '../../../src/kernel/web/fields.ts'
import { cleanups } from '../../../src/operation/cleanup/kinds.ts'
import { presetInstallation } from '../../../src/operation/setup/installation.ts'
import { fieldsIn } from '../../customers/customers/fixtures/customers.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { declareFor, equipment, makeTables, repairs } from '../../fixtures/equipment.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'

/** What hangs on a machine and has a bin of its own, named by what not everybody may read. */
const checks: Module = {
  ...repairs,
  name: 'machine_checks',
  path: '/machine-checks',
  label: '检修',
  fields: [
    { name: 'line', label: '报修电话', kind: phone, max: 60, isRequired: true, mask: 'phone' },
    { name: 'equipment_id', label: '设备', kind: repairs.fields[1]?.kind as never, column: false },
  ],
  title: 'line',
  search: ['line'],
  acts: ['view', 'create', 'update', 'delete'],
  bin: true,
  files: [],
}
declareFor(t, [equipment, repairs, checks])

const { app, db, as } = await buildTestApp(t)
await makeTables(db)
await db.schema.createTable(checks.name, (table) => {
  id(table)
  text(table, 'line', 120).notNullable()
  text(table, 'line_pinyin', 200).notNullable()
  ref(table, 'equipment_id', 'equipment').notNullable().index()
  for (const name of ['created_at', 'updated_at']) instant(table, name).notNullable()
  instant(table, 'deleted_at').index()
  table.integer('version').notNullable()
})
await presetInstallation(db, null)
await bumpRevision(db)
const admin = await as('韩梅梅')
await addPerson(db, '半盲', [await everyRightWithin(db, '看不全', { view: 'all', masks: 'phone' })])
const masked = await signedIn(app, '半盲')

const bin = '/recycle-bin/machine-checks'
let forms = 0
async function add(path: string, body: Record<string, string>): Promise<number> {
  const { location = '' } = await admin.post(path, { ...body, form_id: `bin-form-${++forms}` })
  return Number(location.split('/').at(-1))
}
const versionOf = async (table: string, one: number) =>
  String((await db(table).where({ id: one }).first('version')).version)
const remove = async (table: string, path: string, one: number) =>
  admin.post(`${path}/${one}/deletion`, { version: await versionOf(table, one) })
const act = async (table: string, path: string, one: number) =>
  admin.post(path, { version: await versionOf(table, one) })
const living = (): Promise<string[]> => db(checks.name).whereNull('deleted_at').orderBy('id').pluck('line')
const found = async (digits: string) =>
  (await admin.get(`/machine-checks?q=${digits}`)).page.querySelector('main tbody')?.text.includes(digits) ?? false

t.test(
  'what hangs on a record goes to the bin with it and comes back with it, but not what was there before',
  async (t) => {
    const machine = await add('/equipment', { name: '车床' })
    const [, early] = [
      await add('/machine-checks', { line: '13800138000', equipment_id: String(machine) }),
      await add('/machine-checks', { line: '13900139000', equipment_id: String(machine) }),
    ]
    await remove(checks.name, '/machine-checks', early)
    t.match((await admin.get(bin)).text, '13900139000 车床', 'deleted by itself, it says on what it hangs')
    t.match((await admin.get(`/equipment/${machine}/deletion`)).text, '它和它的 1 条检修将一起移入回收站')
    await remove('equipment', '/equipment', machine)
    t.strictSame([await living(), await found('13800138000')], [[], false])
    t.notMatch((await admin.get(bin)).text, '13900139000', 'what it hangs on comes first')
    const refused = await admin.get(`${bin}/${early}/restoration`)
    t.match([refused.status, refused.text], [409, '请先恢复设备'])
    t.equal((await act(checks.name, `${bin}/${early}/purge`, early)).status, 409)
    const old = cleanups().find(({ code }) => code === checks.name)
    t.equal(await old?.count(db, '2999-01-01T00:00:00.000Z', app.config), 0, 'it is cleaned up with that')
    t.match((await admin.get(`/recycle-bin/equipment/${machine}/restoration`)).text, '1 条检修也会恢复')
    t.equal((await act('equipment', `/recycle-bin/equipment/${machine}/restoration`, machine)).status, 303)
    t.strictSame([await living(), await found('13800138000')], [['13800138000'], true])
    t.match((await admin.get(`${bin}/${early}/restoration`)).text, '恢复后回到所属的设备')
    t.equal(await old?.count(db, '2999-01-01T00:00:00.000Z', app.config), 1)
    t.equal((await act(checks.name, `${bin}/${early}/restoration`, early)).status, 303)
    t.ok(await found('13900139000'))
  },
)

t.test('many that are deleted at once take along what hangs on them, and bring it back', async (t) => {
  const machine = await add('/equipment', { name: '铣床' })
  await add('/machine-checks', { line: '13700137000', equipment_id: String(machine) })
  const chosen = { query: '', scope: 'rows', ids: String(machine), act: 'delete' }
  const { location = '' } = await admin.post('/equipment/selections', chosen)
  await admin.post(location, fieldsIn(await admin.get(location)))
  await app.runJobs()
  t.notOk(await found('13700137000'))
  t.match(await db(checks.name).where({ line: '13700137000' }).first(), { deleted_at: /./, version: 1 })
})

t.test('the bin, and the pages that ask, mask what is masked in the list', async (t) => {
  const machine = await add('/equipment', { name: '磨床' })
  const one = await add('/machine-checks', { line: '13600136000', equipment_id: String(machine) })
  t.notMatch((await masked.get(`/machine-checks/${one}/deletion`)).text, '13600136000')
  await remove(checks.name, '/machine-checks', one)
  t.match((await admin.get(bin)).text, '13600136000')
  const { text } = await masked.get(bin)
  t.match(text, '磨床')
  t.notMatch(text, '13600136000')
  const question = await masked.get(`${bin}/${one}/restoration`)
  t.notMatch(question.text, '13600136000')
  await masked.post(`${bin}/${one}/restoration`, fieldsIn(question))
  t.notMatch((await masked.get('/recycle-bin')).text, '13600136000', 'nor in what is said afterwards')
})

t.test('what goes for good takes along what hangs on it in as few statements, however much that is', async (t) => {
  const now = '2026-05-04T00:00:00.000Z'
  const asked: number[] = []
  for (const count of [3, 40]) {
    const machine = await add('/equipment', { name: `带走${count}` })
    const row = { equipment_id: machine, line_pinyin: '', created_at: now, updated_at: now, version: 1 }
    await db.batchInsert(
      checks.name,
      Array.from({ length: count }, (_, at) => ({ ...row, line: `139440100${at}` })),
      20,
    )
    await remove('equipment', '/equipment', machine)
    const gone = await db('equipment').where({ id: machine })
    let statements = 0
    const counting = () => statements++
    db.on('query', counting)
    await db.transaction((trx) => purgeRecords(trx, equipment, gone, { id: 1, name: '甲', address: null }))
    db.removeListener('query', counting)
    asked.push(statements)
    t.same(await db(checks.name).where({ equipment_id: machine }), [])
    t.equal((await db('events').where({ record_type: checks.name, action: 'purge' })).length >= count, true)
  }
  // Long inserts come in pieces.
  t.ok((asked[1] as number) < (asked[0] as number) + 5, asked.join())
})
