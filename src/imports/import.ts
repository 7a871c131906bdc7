import type { Knex } from 'knex'
import { insertAll } from '../db/dialect.ts'
import { notFound } from '../web/refusal.ts'

/** checking → checked → taking → done; failed when the file cannot be read. */
export type State = 'checking' | 'checked' | 'taking' | 'done' | 'failed'
export type Import = {
  id: number
  user_id: number
  file_name: string
  /** In the folder of uploads; null once the file is removed. */
  stored_name: string | null
  state: State
  failure: string | null
  /** JSON array of texts. */
  unknown_headings: string
  rows_right: number
  rows_wrong: number
  rows_taken: number
  /** The first row of the sheet, as Excel counts, that the present state has not done yet. */
  next_row: number
  /** The last sign of whoever works on it; null when nobody does. */
  beat_at: string | null
  created_at: string
}

/** Without a sign for so long, whoever worked on an import is taken for dead. */
const longestSilence = 60_000

const now = () => new Date().toISOString()

/** Notes down an uploaded file, to be checked by the caller at once. Answers its id. */
export async function addImport(
  trx: Knex,
  upload: { user_id: number; file_name: string; stored_name: string; unknown: string[] },
): Promise<number> {
  const { unknown, ...columns } = upload
  const row = { ...columns, unknown_headings: JSON.stringify(unknown), state: 'checking', failure: null, ...atStart }
  const [{ id }] = await trx('imports')
    .insert({ ...row, rows_taken: 0, beat_at: now(), created_at: now(), updated_at: now() })
    .returning('id')
  return id
}

const atStart = { rows_right: 0, rows_wrong: 0, next_row: 0 }

export async function findImport(db: Knex, id: number): Promise<Import> {
  const found = await db('imports').where({ id }).first()
  if (!found) throw notFound()
  return found
}

export const isWorking = ({ state }: Import) => state === 'checking' || state === 'taking'

/** Whether work on it was begun and nobody goes on with it: after a crash, a stop or a fault. */
export const isStalled = (one: Import) =>
  isWorking(one) && (one.beat_at === null || Date.parse(one.beat_at) < Date.now() - longestSilence)

/**
 * Claims an import for work: a checked one to be taken, a stalled one to be gone on with. Of several that try, one gets
 * it; the others, and all for an import that is not waiting, get undefined.
 */
export async function claimImport(db: Knex, id: number): Promise<Import | undefined> {
  const one = await findImport(db, id)
  if (one.state !== 'checked' && !isStalled(one)) return undefined
  const next = one.state === 'checked' ? { state: 'taking', next_row: 0 } : {}
  const count = await db('imports')
    .where({ id, state: one.state, beat_at: one.beat_at })
    .update({ ...next, failure: null, beat_at: now(), updated_at: now() })
  return count === 1 ? findImport(db, id) : undefined
}

/** A check that is gone on with begins anew: whether a code comes twice is known only from the first row on. */
export async function restartCheck(db: Knex, id: number) {
  await db.transaction(async (trx) => {
    await trx('import_errors').where({ import_id: id }).delete()
    await trx('imports').where({ id, state: 'checking' }).update(atStart)
  })
}

/** Somebody else goes on with the import. */
export class Overtaken extends Error {}

type Progress = Partial<Pick<Import, 'rows_right' | 'rows_wrong' | 'rows_taken' | 'next_row' | 'stored_name' | 'state'>>

/**
 * Writes progress in the transaction of the work itself, if the import still stands where this worker left it; throws
 * Overtaken otherwise, so that nothing is done twice.
 */
export async function advance(trx: Knex, { id, state, next_row }: Import, progress: Progress) {
  const count = await trx('imports')
    .where({ id, state, next_row })
    .update({ ...progress, beat_at: progress.state ? null : now(), updated_at: now() })
  if (count === 0) throw new Overtaken()
}

/** Leaves an import where it is, to be gone on with; says why where there is a reason. */
export async function releaseImport(db: Knex, id: number, failure: string | null = null) {
  await db('imports').where({ id }).whereIn('state', ['checking', 'taking']).update({ failure, beat_at: null })
}

/** Gives an import up because its file cannot be read. */
export async function failImport(db: Knex, id: number, failure: string) {
  const end = { state: 'failed', failure, stored_name: null, beat_at: null, updated_at: now() }
  await db('imports').where({ id }).update(end)
}

/** Keeps which rows are wrong, and why. */
export const addErrors = (trx: Knex, import_id: number, rows: { number: number; name: string; reasons: string[] }[]) =>
  insertAll(
    trx,
    'import_errors',
    rows.map(({ number, name, reasons }) => ({
      import_id,
      row_number: number,
      customer_name: [...name].slice(0, 100).join('').toWellFormed() || null,
      reason: [...reasons.join(' ')].slice(0, 900).join('').toWellFormed(),
    })),
  )
