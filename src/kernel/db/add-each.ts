import type { Knex } from 'knex'

type Steps = { column: string; number: string; steps: [key: string, by: number][] }

/**
 * Adds to a number column of the rows `within` that have these keys in `column` what stands behind the key; answers how
 * many there were.
 */
export function addEach(
  db: Knex,
  table: string,
  within: Record<string, string>,
  { column, number, steps }: Steps,
): Promise<number> {
  const cases = steps.map(() => 'when ? then ?').join(' ')
  const by = db.raw(`?? + case ?? ${cases} else 0 end`, [number, column, ...steps.flat()])
  const keys = steps.map(([key]) => key)
  return db(table)
    .where(within)
    .whereIn(column, keys)
    .update({ [number]: by })
}
