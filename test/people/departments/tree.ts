import '../../../src/modules.ts'
import type { Knex } from 'knex'
import t from 'tap'
import { currentRevision } from '../../../src/kernel/db/cache-revision.ts'
import { referenceAt } from '../../../src/kernel/reference.ts'
import { Stale } from '../../../src/kernel/web/record.ts'
import { presetInstallation } from '../../../src/operation/setup/installation.ts'
import { addDepartment, saveDepartment } from '../../../src/people/departments/department.ts'
import { departmentsBelow } from '../../../src/people/departments/people.ts'
import { openTestDatabase } from '../../fixtures/database.ts'
import { actor } from '../../fixtures/world.ts'

async function world(t: { teardown(work: () => unknown): void }) {
  const { db, drop } = await openTestDatabase()
  t.teardown(drop)
  await presetInstallation(db, 'Unused-2026')
  const add = (name: string, parent_id: number | null = null) => addDepartment(db, { name, parent_id }, actor)
  const move = async (id: number, parent_id: number | null) => {
    const before = await db('departments').where({ id }).first()
    const reference = await referenceAt(db, await currentRevision(db))
    return saveDepartment(db, before, { version: before.version, values: { parent_id }, actor, reference })
  }
  return { db, add, move }
}

/** The ways as they must be, from the parents alone. */
async function expectedWays(db: Knex) {
  const rows: { id: number; parent_id: number | null }[] = await db('departments').select('id', 'parent_id')
  const parents = new Map(rows.map(({ id, parent_id }) => [id, parent_id]))
  return rows
    .flatMap(({ id }) => {
      const ways: [number, number, number][] = []
      for (let at: number | null = id, depth = 0; at !== null; at = parents.get(at) ?? null)
        ways.push([at, id, depth++])
      return ways
    })
    .sort()
}
const storedWays = async (db: Knex) =>
  (await db('department_paths').select('ancestor_id', 'descendant_id', 'depth'))
    .map(({ ancestor_id, descendant_id, depth }) => [ancestor_id, descendant_id, depth])
    .sort()

t.test('a department moves with all below it, and every way is kept', async (t) => {
  const { db, add, move } = await world(t)
  const [sales, service] = [await add('销售部'), await add('客服部')]
  const first = await add('销售一部', sales)
  const group = await add('一组', first)
  await add('二组', first)
  t.strictSame(await storedWays(db), await expectedWays(db))
  for (const [id, to] of [
    [first, service],
    [group, null],
    [service, group],
    [first, sales],
  ] as [number, number | null][]) {
    t.ok(await move(id, to))
    t.strictSame(await storedWays(db), await expectedWays(db), `${id} to ${to}`)
  }
  t.notOk(await move(first, sales), 'nothing to do')
  const { departments } = await referenceAt(db, await currentRevision(db))
  t.strictSame(
    departments.map(({ name, depth }) => `${'-'.repeat(depth)}${name}`),
    ['销售部', '-销售一部', '--二组', '一组', '-客服部'],
  )
})

t.test('no circle, no name twice side by side, no change over another', async (t) => {
  const { db, add, move } = await world(t)
  const sales = await add('销售部')
  const first = await add('销售一部', sales)
  const group = await add('一组', first)
  await t.rejects(move(sales, sales), { field: 'parent_id', message: /不能是本部门自己/ })
  await t.rejects(move(sales, first), { message: /销售一部 → 销售部 → 销售一部/ })
  await t.rejects(move(sales, group), { message: /一组 → 销售一部 → 销售部 → 一组/ })
  await t.rejects(add('销售一部 ', sales), { field: 'name', message: /同名/ })
  await t.rejects(
    add('ｘ部', sales).then(() => add('X部', sales)),
    { field: 'name', message: /同名/ },
  )
  await t.resolves(add('销售一部'), 'elsewhere it may stand')
  t.strictSame(await storedWays(db), await expectedWays(db))
  const before = await db('departments').where({ id: group }).first()
  await move(group, sales)
  const reference = await referenceAt(db, await currentRevision(db))
  const late = { version: before.version, values: { name: '新组' }, actor, reference }
  t.ok((await saveDepartment(db, before, late).catch((error) => error)) instanceof Stale)
})

t.test('one who left does not become a head', async (t) => {
  const { db } = await world(t)
  const { id } = await db('users').first('id')
  await addDepartment(db, { name: '一部', head_id: id }, actor)
  await db('users').where({ id }).update({ status: 'left' })
  await t.rejects(addDepartment(db, { name: '二部', head_id: id }, actor), { field: 'head_id', message: /已离职/ })
})

t.test('below a department is what hangs on it, not what stands beside it', async (t) => {
  const { db, add } = await world(t)
  const sales = await add('销售部')
  const first = await add('销售一部', sales)
  const second = await add('销售二部', sales)
  await add('客服部')
  const reference = await referenceAt(db, await currentRevision(db))
  t.strictSame([...departmentsBelow(reference, sales)].sort(), [sales, first, second])
  t.strictSame([...departmentsBelow(reference, first)], [first])
  t.strictSame([...departmentsBelow(reference, 2147483647)], [])
})
