import type { Knex } from 'knex'

/** Adds to a number column of the rows with these keys in `column` what stands behind the key; answers how many there were. */
export function addEach(
  db: Knex,
  table: string,
  column: string,
  number: string,
  steps: [key: string, by: number][],
): Promise<number> {
  const cases = steps.map(() => 'when ? then ?').join(' ')
  const by = db.raw(`?? + case ?? ${cases} else 0 end`, [number, column, ...steps.flat()])
  const keys = steps.map(([key]) => key)
  return db(table)
    .whereIn(column, keys)
    .update({ [number]: by })
}
