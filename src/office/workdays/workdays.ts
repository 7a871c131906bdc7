import type { Knex } from 'knex'

type Row = { held_on: string; kind: 'off' | 'work'; name: string }
export type Workdays = ReadonlyMap<string, Row>

/** The holidays and made-up working days 「调休」 between two days. */
export async function workdaysBetween(db: Knex, from: string, to: string): Promise<Workdays> {
  const rows: Row[] = await db('workdays').whereBetween('held_on', [from, to]).select('held_on', 'kind', 'name')
  return new Map(rows.map((row) => [row.held_on, row]))
}

/** Whether nobody works on a day: as it was published, else at weekends. */
export function isDayOff(workdays: Workdays, day: string): boolean {
  const said = workdays.get(day)
  if (said) return said.kind === 'off'
  return [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay())
}
