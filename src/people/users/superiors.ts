import type { Knex } from 'knex'
import { chainBetween, movePath } from '../../kernel/db/paths.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { text } from '../../texts/index.ts'
import { superiorPaths } from './superior-paths.ts'

const field = 'superior_id'

/**
 * Refuses a superior who has left, or who stands below the person (null for a new one). Lock the revision first
 * (kernel/db/cache-revision.ts), so that two changes at once cannot close a circle.
 */
export async function refuseSuperior(trx: Knex, userId: number | null, superiorId: number | null) {
  if (superiorId === null) return
  if (superiorId === userId) throw new Refusal({ message: text.users.superiorOneself, field })
  const superior = await trx('users').where({ id: superiorId }).first('name', 'status')
  if (superior?.status === 'left') throw new Refusal({ message: text.users.superiorLeft(superior.name), field })
  const chain = userId === null ? [] : await chainBetween(trx, superiorPaths, superiorId, userId)
  if (chain.length > 0)
    throw new Refusal({
      message: text.users.superiorCycle(await namesAlong(trx, 'users', [...chain, superiorId])),
      field,
    })
}

/** Moves a person with all below to another superior, or to the top; who it is must have been asked before. */
export const setSuperior = (trx: Knex, userId: number, superiorId: number | null) =>
  movePath(trx, superiorPaths, userId, superiorId)

const mostNames = 8

/** The names of records in their order; of a long way its first and last ones. */
export async function namesAlong(db: Knex, table: 'users' | 'departments', ids: number[]): Promise<string[]> {
  const some = ids.length > mostNames ? [...ids.slice(0, mostNames - 3), null, ...ids.slice(-2)] : ids
  const rows: { id: number; name: string }[] = await db(table)
    .whereIn(
      'id',
      some.filter((id) => id !== null),
    )
    .select('id', 'name')
  const names = new Map(rows.map(({ id, name }) => [id, name]))
  return some.map((id) => (id === null ? '…' : (names.get(id) ?? '')))
}
