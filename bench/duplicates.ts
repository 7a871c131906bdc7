import type { Knex } from 'knex'
import { findDuplicates, findDuplicatesOf } from '../src/customers/duplicates/find.ts'
import { duplicateGroups, groupKinds } from '../src/customers/duplicates/groups.ts'
import { openDatabase } from '../src/kernel/db/open.ts'
import { everybody } from '../src/kernel/web/viewers.ts'
import type { Figure } from './report.ts'
import { at, timed } from './timing.ts'

const effort = { seconds: 3, atMost: 1000 }
const rowsOfImport = 200

/** The look for duplicates on a save, for a piece of an import, and over the whole file, on a database of `count`. */
export async function duplicateFigures(file: string, count: number, suffix: string): Promise<Figure[]> {
  const db = openDatabase({ client: 'better-sqlite3', file })
  try {
    const rows = await someCustomers(db, count)
    const one = () => rows[Math.floor(Math.random() * rows.length)] as Row
    const saves = await timed(async () => void (await findDuplicates(db, one())), effort)
    const pieces = await timed(async () => void (await findDuplicatesOf(db, pieceOf(rows))), { seconds: 2 })
    return [
      { name: `duplicate check on save, p50${suffix}`, value: at(saves, 0.5), unit: 'ms' },
      { name: `duplicate check on save, p99${suffix}`, value: at(saves, 0.99), unit: 'ms', most: 10 },
      { name: `duplicate check of ${rowsOfImport} rows, p50${suffix}`, value: at(pieces, 0.5), unit: 'ms' },
      ...(await groupFigures(db, suffix)),
    ]
  } finally {
    await db.destroy()
  }
}

type Row = { id: number } & Record<string, unknown>

const someCustomers = (db: Knex, count: number): Promise<Row[]> =>
  db('customers').whereIn(
    'id',
    Array.from({ length: 1000 }, (_, index) => 1 + Math.floor((index * count) / 1000)),
  )

function pieceOf(rows: Row[]) {
  const start = Math.floor(Math.random() * (rows.length - rowsOfImport))
  return rows.slice(start, start + rowsOfImport)
}

/** The page of each kind; where there is nothing to find it reads every key. */
async function groupFigures(db: Knex, suffix: string): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const kind of groupKinds) {
    const page = { viewer: everybody, kinds: groupKinds, kind, after: '', size: 20 }
    const times = await timed(async () => void (await duplicateGroups(db, page)), { seconds: 1, atMost: 20 })
    figures.push({
      name: `duplicates by ${kind}, first page, p99${suffix}`,
      value: at(times, 0.99),
      unit: 'ms',
      most: 300,
    })
  }
  return figures
}
