import '../../../src/modules.ts'
import type { Knex } from 'knex'
import t from 'tap'
import { currentRevision } from '../../../src/kernel/db/cache-revision.ts'
import { referenceAt } from '../../../src/kernel/reference.ts'
import { presetInstallation } from '../../../src/operation/setup/installation.ts'
import { addUser, findUser, saveUser } from '../../../src/people/users/user.ts'
import { openTestDatabase } from '../../fixtures/database.ts'
import { actor } from '../../fixtures/world.ts'

async function world(t: { teardown(work: () => unknown): void }) {
  const { db, drop } = await openTestDatabase()
  t.teardown(drop)
  await presetInstallation(db, 'Unused-2026')
  const role = await db('roles').where({ code: 'user' }).first('id')
  const add = (name: string, superior_id: number | null = null): Promise<number> =>
    addUser(db, { username: name, name, superior_id, status: 'active', role_id: role.id }, '-', actor)
  const move = async (id: number, superior_id: number | null) => {
    const before = await findUser(db, id)
    const reference = await referenceAt(db, await currentRevision(db))
    return saveUser(db, before, { version: before.version, values: { superior_id }, actor, reference })
  }
  return { db, add, move }
}

async function isWhole(db: Knex) {
  const rows: { id: number; superior_id: number | null }[] = await db('users').select('id', 'superior_id')
  const superiors = new Map(rows.map(({ id, superior_id }) => [id, superior_id]))
  const expected = rows.flatMap(({ id }) => {
    const ways: string[] = []
    for (let at: number | null = id, depth = 0; at !== null; at = superiors.get(at) ?? null)
      ways.push(`${at} ${id} ${depth++}`)
    return ways
  })
  const stored = await db('superior_paths').select('superior_id', 'user_id', 'depth')
  return (
    expected.sort().join() ===
    stored
      .map(({ superior_id, user_id, depth }) => `${superior_id} ${user_id} ${depth}`)
      .sort()
      .join()
  )
}

t.test('a person moves with everyone below, as deep as it goes', async (t) => {
  const { db, add, move } = await world(t)
  const chain: number[] = []
  for (let at = 0; at < 40; at++) chain.push(await add(`第${at}级`, chain.at(-1) ?? null))
  t.ok(await isWhole(db))
  const other = await add('旁人')
  const [top, second] = chain as [number, number]
  await move(second, other)
  t.ok(await isWhole(db))
  t.equal((await db('superior_paths').where({ superior_id: other })).length, 40)
  await move(other, top)
  await move(second, null)
  t.ok(await isWhole(db))
  t.notOk(await move(second, null), 'nothing to do')
})

t.test('a circle is refused, and named', async (t) => {
  const { db, add, move } = await world(t)
  const a = await add('张三')
  const b = await add('李四', a)
  const c = await add('王五', b)
  await t.rejects(move(a, a), { field: 'superior_id', message: /不能是本人/ })
  await t.rejects(move(a, c), { field: 'superior_id', message: /王五 → 李四 → 张三 → 王五/ })
  await t.rejects(move(b, c), { message: /王五 → 李四 → 王五/ })
  t.ok(await isWhole(db))
  const far: number[] = [c]
  for (let at = 0; at < 20; at++) far.push(await add(`下${at}`, far.at(-1)))
  await t.rejects(move(a, far.at(-1) as number), { message: /下19 → 下18 → 下17 → 下16 → 下15 → … → 张三 → 下19。/ })
})

t.test('one who left is no superior for anybody new, but stays where he was', async (t) => {
  const { db, add, move } = await world(t)
  const a = await add('张三')
  const b = await add('李四', a)
  await db('users').where({ id: a }).update({ status: 'left' })
  await t.rejects(add('王五', a), { field: 'superior_id', message: /张三 已离职/ })
  await t.rejects(move(await add('赵六'), a), { message: /张三 已离职/ })
  const before = await findUser(db, b)
  const reference = await referenceAt(db, await currentRevision(db))
  const values = { superior_id: a, position: '经理' }
  t.ok(await saveUser(db, before, { version: before.version, values, actor, reference }))
  t.ok(await isWhole(db))
})
