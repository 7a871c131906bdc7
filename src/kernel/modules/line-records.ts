import type { Knex } from 'knex'
import { insertAll } from '../db/dialect.ts'
import type { Values } from '../web/form.ts'
import { type Line, linesIn, linesText } from './lines.ts'
import type { Lines, Module, Stored } from './module.ts'

const headsAtOnce = 400

/** Records with their lines, each kind of lines as one value (lines.ts). */
export async function withLines<R extends { id: number }>(db: Knex, module: Module, records: R[]): Promise<R[]> {
  let whole = records
  for (const lines of module.lines ?? []) {
    const found = await linesOf(
      db,
      lines,
      records.map(({ id }) => id),
    )
    whole = whole.map((record) => ({ ...record, [lines.name]: linesText(lines, found.get(record.id) ?? []) }))
  }
  return whole
}

/** The lines of records in their order, by the ids of their heads. */
export async function linesOf(db: Knex, { table }: Lines, ids: number[]): Promise<Map<number, Line[]>> {
  const rows: (Line & { record_id: number })[] = []
  for (let at = 0; at < ids.length; at += headsAtOnce)
    rows.push(
      ...(await db(table)
        .whereIn('record_id', ids.slice(at, at + headsAtOnce))
        .orderBy(['record_id', 'position', 'id'])),
    )
  return Map.groupBy(rows, ({ record_id }) => record_id)
}

/** Writes the lines of a record that are among its values: those that stay keep their ids. */
export async function saveLines(trx: Knex, module: Module, id: number, values: Values, before?: Stored) {
  for (const lines of module.lines ?? []) {
    const { name, table } = lines
    if (!(name in values) || (values[name] ?? null) === (before?.[name] ?? null)) continue
    const old = new Map(linesIn(before?.[name]).map((line) => [line.id, line]))
    const now = linesIn(values[name]).map((line, position) => ({ line, row: rowOf(lines, line, position) }))
    const kept = new Set(now.flatMap(({ line }) => (line.id && old.has(line.id) ? [line.id] : [])))
    const gone = [...old.keys()].filter((one) => one !== undefined && !kept.has(one)) as number[]
    await trx(table).where({ record_id: id }).whereIn('id', gone).delete()
    for (const { line, row } of now)
      if (line.id && kept.has(line.id)) await trx(table).where({ record_id: id, id: line.id }).update(row)
    const added = now.filter(({ line }) => !line.id || !kept.has(line.id))
    if (added.length > 0)
      await insertAll(
        trx,
        table,
        added.map(({ row }) => ({ record_id: id, ...row })),
      )
  }
}

const rowOf = ({ fields }: Lines, line: Line, position: number) => ({
  position,
  ...Object.fromEntries(
    fields.map(({ name, kind }) => [name, line[name] ?? (kind.control === 'check' ? false : null)]),
  ),
})

/** Takes the lines of a record out of the database. */
export async function eraseLines(trx: Knex, { lines = [] }: Module, ids: number[]) {
  for (const { table } of lines) await trx(table).whereIn('record_id', ids).delete()
}

/** The values of a record without its lines, which stand in tables of their own. */
export const withoutLines = ({ lines = [] }: Module, values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !lines.some((one) => one.name === name)))
