import type { Knex } from 'knex'
import { companyPinyin } from '../../kernel/china/pinyin.ts'
import { bumpRevision } from '../../kernel/db/cache-revision.ts'
import { foldedKeys } from '../../kernel/db/keyed-texts.ts'
import { addPath, chainBetween, movePath } from '../../kernel/db/paths.ts'
import { recordEvent } from '../../kernel/history/history.ts'
import { nextPosition } from '../../kernel/modules/next-position.ts'
import type { Reference } from '../../kernel/reference.ts'
import type { Values } from '../../kernel/web/form.ts'
import { changeRecord, eventOf, type RecordKind, Stale } from '../../kernel/web/record.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { withoutWiderReach } from '../../kernel/web/wider-reach.ts'
import { text } from '../../texts/index.ts'
import { namesAlong } from '../users/superiors.ts'
import { departmentFields } from './fields.ts'
import { departmentPaths } from './paths.ts'

/** Departments as their history has them. */
export const departmentKind: RecordKind = {
  table: 'departments',
  fields: departmentFields,
  nameOf: (row) => String(row.name),
  parts: { position: text.departments.position },
}

const spelled = (name?: string) => ({ name_pinyin: companyPinyin(String(name)).full })

export type StoredDepartment = {
  id: number
  name: string
  parent_id: number | null
  head_id: number | null
  branch_code: string | null
  position: number
  version: number
}

/*
 * Every change begins with the revision: its row is then locked, so that two changes never overlap, and cannot close a
 * circle together.
 */

/** Adds a department behind its siblings; answers its id. */
export async function addDepartment(trx: Knex, values: Values, actor: Actor): Promise<number> {
  await bumpRevision(trx)
  const { name, parent_id = null, head_id = null, branch_code = null } = values as Partial<StoredDepartment>
  await refuseName(trx, { id: 0, name, parent_id })
  await refuseHead(trx, head_id)
  const now = new Date().toISOString()
  const position = await nextPosition(trx, 'departments', { parent_id })
  const keys = { ...foldedKeys('departments', { name }), ...spelled(name) }
  const row = { name, ...keys, parent_id, head_id, branch_code, position, version: 1, created_at: now, updated_at: now }
  const [{ id }] = await trx('departments').insert(row).returning('id')
  await addPath(trx, departmentPaths, id, parent_id)
  await recordEvent(trx, actor, { ...eventOf(departmentKind, { ...row, id }), action: 'create', record_version: 1 })
  return id
}

type Save = { version: number; values: Values; actor: Actor; reference: Reference }

/**
 * Saves a department that still stands at `version`, throws Stale otherwise; with another parent it moves there with all
 * that is below it. Answers whether anything changed.
 */
export async function saveDepartment(trx: Knex, before: StoredDepartment, save: Save): Promise<boolean> {
  await bumpRevision(trx)
  const after = { ...before, ...save.values } as StoredDepartment
  const isMoved = after.parent_id !== before.parent_id
  if (isMoved || after.name !== before.name) await refuseName(trx, after)
  if (after.head_id !== before.head_id) await refuseHead(trx, after.head_id)
  if (isMoved) await refuseBelowItself(trx, after)
  const derived = {
    ...spelled(after.name),
    ...(isMoved && { position: await nextPosition(trx, 'departments', { parent_id: after.parent_id }) }),
  }
  const move = async () => {
    const changes = await changeRecord(trx, departmentKind, { before, derived, ...save })
    if (isMoved) await movePath(trx, departmentPaths, before.id, after.parent_id)
    return changes
  }
  const place = { actor: save.actor, field: 'parent_id' }
  const changes = isMoved ? await withoutWiderReach(trx, place, move) : await move()
  return changes.length > 0
}

/** Who and what is in a department. */
export async function contentOf(db: Knex, id: number) {
  const count = async (rows: Knex.QueryBuilder) =>
    Number((await rows.count({ row_count: '*' }).first())?.row_count ?? 0)
  const people = () => db('users').where({ department_id: id })
  return {
    people: await count(people().whereNot('status', 'left')),
    left: await count(people().where('status', 'left')),
    below: await count(db('departments').where({ parent_id: id })),
  }
}

/** Removes an empty department for good; who left it and the company is in none from then on. Throws Stale when it changed. */
export async function removeDepartment(trx: Knex, { id, version, ...rest }: StoredDepartment, actor: Actor) {
  await bumpRevision(trx)
  const { people, below } = await contentOf(trx, id)
  if (people + below > 0) throw new Refusal({ message: text.departments.notYet })
  await trx('users').where({ department_id: id }).update({ department_id: null })
  await trx(departmentPaths.table).where(departmentPaths.below, id).delete()
  if ((await trx('departments').where({ id, version }).delete()) === 0) throw new Stale()
  const event = eventOf(departmentKind, { id, ...rest })
  await recordEvent(trx, actor, { ...event, action: 'delete', record_version: version + 1 })
}

async function refuseBelowItself(trx: Knex, { id, parent_id }: StoredDepartment) {
  if (parent_id === null) return
  const field = 'parent_id'
  if (parent_id === id) throw new Refusal({ message: text.departments.belowItself, field })
  const chain = await chainBetween(trx, departmentPaths, parent_id, id)
  if (chain.length === 0) return
  const names = await namesAlong(trx, 'departments', [...chain, parent_id])
  throw new Refusal({ message: text.departments.cycle(names), field })
}

async function refuseHead(trx: Knex, headId: number | null) {
  const head = headId === null ? undefined : await trx('users').where({ id: headId }).first('name', 'status')
  if (head?.status === 'left') throw new Refusal({ message: text.departments.headLeft(head.name), field: 'head_id' })
}

/** Two of one name may not stand side by side. */
async function refuseName(trx: Knex, { id, name, parent_id }: Partial<StoredDepartment>) {
  const other = await trx('departments')
    .where({ parent_id, ...foldedKeys('departments', { name }) })
    .whereNot({ id })
    .first('id')
  if (other) throw new Refusal({ message: text.departments.taken, field: 'name' })
}
