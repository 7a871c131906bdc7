import type { Knex } from 'knex'
import { insertAll } from '../../kernel/db/dialect.ts'
import type { JobState } from '../../kernel/jobs/job.ts'
import { notFound } from '../../kernel/web/refusal.ts'
import { inScope, scopedTo } from '../../kernel/web/scope.ts'
import type { Scope, Viewer } from '../../kernel/web/viewer.ts'
import type { Findings } from './checking/findings.ts'
import type { UnknownValue } from './checking/unknown-values.ts'
import type { ImportKind } from './kind.ts'
import { importKinds, kindNamed } from './kinds.ts'
import type { Headings } from './reading/sheet.ts'

/** mapping → checking → checked → taking → done → undoing → undone; failed when the file cannot be read. */
export type StoredState = 'mapping' | 'checking' | 'checked' | 'taking' | 'done' | 'failed' | 'undoing' | 'undone'
/** The stored state, or that its job was cancelled or ended by a fault: then it can be gone on with. */
export type State = StoredState | 'cancelled' | 'interrupted'

/**
 * `makesMissing`: what rows hang on and is not there is made, not a reason against the row;
 * `partsCodes`: rows of one name with two codes are two records.
 */
export type Columns = Headings & { targets: (string | null)[]; makesMissing?: boolean; partsCodes?: boolean }
export type ExistingChoice = 'skip' | 'fill' | 'overwrite' | 'add'

/** How many rows of each sort there are. */
const counts = ['right', 'wrong', 'existing', 'taken', 'changed', 'skipped', 'undone'] as const
type Count = `rows_${(typeof counts)[number]}`
export type Progress = { [C in Count]: number }

export type Import = Progress & {
  id: number
  user_id: number
  /** The name of its kind (kinds.ts). */
  kind: string
  file_name: string
  /** In the folder of uploads; null once the file is removed. */
  stored_name: string | null
  state: StoredState
  failure: string | null
  job_id: number | null
  job_state: JobState | null
  job_outcome: string | null
  columns: Columns
  unknown_values: UnknownValue[]
  evidence: Findings
  existing_choice: ExistingChoice
  /** For rows whose record was found by a telephone number alone. Until it is chosen both are `skip`, which adds nothing. */
  phone_choice: ExistingChoice
  /** The first row of the file, as Excel counts, that the present state has not done yet. */
  next_row: number
  created_at: string
}

const now = () => new Date().toISOString()
const noRows = Object.fromEntries(counts.map((name) => [`rows_${name}`, 0])) as Progress

type Upload = { user_id: number; kind: string; file_name: string; stored_name: string; columns: Columns }

/** Notes down an uploaded file. Answers its id. */
export async function addImport(trx: Knex, { columns, ...upload }: Upload): Promise<number> {
  const texts = { columns: JSON.stringify(columns), unknown_values: '[]', evidence: '{}' }
  const choices = { existing_choice: 'skip', phone_choice: 'skip' }
  const begin = { state: 'mapping', failure: null, job_id: null, next_row: 0, created_at: now(), updated_at: now() }
  const [{ id }] = await trx('imports')
    .insert({ ...upload, ...texts, ...choices, ...noRows, ...begin })
    .returning('id')
  return id
}

/** Imports with the state of their job, as a query. */
export const importsWithJobs = (db: Knex): Knex.QueryBuilder =>
  db('imports')
    .leftJoin('jobs', 'jobs.id', 'imports.job_id')
    .select('imports.*', 'jobs.state as job_state', 'jobs.outcome as job_outcome')

/** Whose imports of a kind a person may see. */
const reachOf = (viewer: Viewer, { permission, isReached }: ImportKind): Scope =>
  viewer.can(permission) && isReached(viewer, permission, undefined) ? 'all' : viewer.scope(permission)

/** The imports of the people whom a person's rights to import reach. */
export const visibleImports = (db: Knex, viewer: Viewer): Knex.QueryBuilder =>
  importsWithJobs(db).where((any) => {
    any.whereIn('imports.kind', [])
    for (const kind of importKinds().filter(({ permission }) => viewer.can(permission)))
      any.orWhere((some) =>
        scopedTo(db, some.where('imports.kind', kind.name), 'imports.user_id', reachOf(viewer, kind)),
      )
  })

/** An import that this person may see; everything else is not there. */
export async function visibleImport(db: Knex, viewer: Viewer, id: number): Promise<Import> {
  const one = await findImport(db, id)
  const kind = kindNamed(one.kind)
  if (!kind || !inScope(reachOf(viewer, kind), one.user_id)) throw notFound()
  return one
}

/** An import; a refusal (404) where it is missing. */
export async function findImport(db: Knex, id: number): Promise<Import> {
  const found = await importsWithJobs(db).where('imports.id', id).first()
  if (!found) throw notFound()
  const read = (name: string) => JSON.parse(found[name])
  return { ...found, columns: read('columns'), unknown_values: read('unknown_values'), evidence: read('evidence') }
}

const atWork: StoredState[] = ['checking', 'taking', 'undoing']

/** Where an import stands, its job included. */
export function stateOf({ state, job_state }: Pick<Import, 'state' | 'job_state'>): State {
  if (!atWork.includes(state)) return state
  if (job_state === 'cancelled') return 'cancelled'
  return job_state === 'failed' ? 'interrupted' : state
}

type Saved = Partial<Omit<Import, 'id' | 'user_id' | 'kind' | 'created_at'>>

/** Writes what changed of an import. */
export async function saveImport(trx: Knex, id: number, saved: Saved) {
  const row: Record<string, unknown> = { ...saved, updated_at: now() }
  for (const name of ['columns', 'unknown_values', 'evidence'] as const)
    if (name in saved) row[name] = JSON.stringify(saved[name])
  await trx('imports').where({ id }).update(row)
}

/** Lets a file that nobody works on be about something else; answers whether it could be. */
export async function changeKind(trx: Knex, { id, state }: Import, kind: string, columns: Columns) {
  const isHeard = await trx('imports').where({ id, state }).update({ kind, state: 'mapping' })
  if (!isHeard) return false
  await saveImport(trx, id, { columns })
  await restartCheck(trx, id)
  return true
}

/** Back to before any row was looked at. */
export async function restartCheck(trx: Knex, id: number) {
  await trx('import_errors').where({ import_id: id }).delete()
  await saveImport(trx, id, { ...noRows, next_row: 0, unknown_values: [], evidence: {} })
}

export type WrongRow = { number: number; name: string; reasons: string[] }

/** Keeps which rows are wrong, and why. */
export const addErrors = (trx: Knex, import_id: number, rows: WrongRow[]) =>
  insertAll(
    trx,
    'import_errors',
    rows.map(({ number, name, reasons }) => ({
      import_id,
      row_number: number,
      record_name: [...name].slice(0, 100).join('').toWellFormed() || null,
      reason: [...reasons.join(' ')].slice(0, 900).join('').toWellFormed(),
    })),
  )
