import type { Knex } from 'knex'

/** A tree kept as all its ways from above to below, each thing with the way of no steps to itself. */
export type Paths = { table: string; above: string; below: string }

/** Hangs a new thing below another, or at the top. */
export async function addPath(trx: Knex, { table, above, below }: Paths, id: number, parent: number | null) {
  await trx(table).insert({ [above]: id, [below]: id, depth: 0 })
  if (parent !== null) await hang(trx, { table, above, below }, id, parent)
}

/** Moves a thing with all that is below it; a parent that is itself below must have been refused before. */
export async function movePath(trx: Knex, paths: Paths, id: number, parent: number | null) {
  const { table, above, below } = paths
  await trx(table)
    .whereIn(above, (ways) => ways.from(table).where(below, id).where('depth', '>', 0).select(above))
    .whereIn(below, (ways) => ways.from(table).where(above, id).select(below))
    .delete()
  if (parent !== null) await hang(trx, paths, id, parent)
}

/** Every way to the parent goes on along every way from the thing. */
async function hang(trx: Knex, { table, above, below }: Paths, id: number, parent: number) {
  const ways = trx({ higher: table })
    .crossJoin({ lower: table } as never)
    .where(`higher.${below}`, parent)
    .where(`lower.${above}`, id)
    .select(`higher.${above}`, `lower.${below}`, trx.raw('?? + ?? + 1', ['higher.depth', 'lower.depth']))
  const into: Knex.QueryBuilder = trx(trx.raw('?? (??, ??, ??)', [table, above, below, 'depth']) as unknown as string)
  await into.insert(ways)
}

/** The chain from a thing upwards to the one at the other end, both included; empty where there is no such way. */
export async function chainBetween(
  db: Knex,
  { table, above, below }: Paths,
  lower: number,
  upper: number,
): Promise<number[]> {
  const way = await db(table)
    .where({ [above]: upper, [below]: lower })
    .first('depth')
  if (!way) return []
  return db(table).where(below, lower).where('depth', '<=', way.depth).orderBy('depth').pluck(above)
}
