import type { FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { bumpRevision, cachedByRevision } from '../../kernel/db/cache-revision.ts'
import { foldedKeys } from '../../kernel/db/keyed-texts.ts'
import { recordEvent } from '../../kernel/history/history.ts'
import type { ModuleField } from '../../kernel/modules/module.ts'
import { check, line } from '../../kernel/web/fields.ts'
import type { Values } from '../../kernel/web/form.ts'
import { changeRecord, eventOf, type RecordKind } from '../../kernel/web/record.ts'
import type { Actor } from '../../kernel/web/session.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { text } from '../../texts/index.ts'
import { analysisFor, folder } from '../analyses/sources.ts'

/** An analysis with its conditions under a name; on the start page of its owner where it is pinned. */
export type SavedReport = {
  id: number
  user_id: number
  /** The name of the analysis. */
  analysis: string
  name: string
  /** Its conditions as an address has them, without `?`. */
  query: string
  is_shared: boolean
  is_pinned: boolean
  version: number
}

const labels = text.savedReports.fields

const lasting = (name: 'analysis' | 'query'): ModuleField => ({
  name,
  label: labels[name],
  kind: line,
  column: false,
  isLasting: true,
})

export const savedReportFields: ModuleField[] = [
  { name: 'name', label: labels.name, kind: line, max: 30, isRequired: true, isUnique: true },
  { name: 'is_pinned', label: labels.is_pinned, kind: check },
  { name: 'is_shared', label: labels.is_shared, kind: check, hint: text.savedReports.sharedHint, right: 'share' },
  lasting('analysis'),
  lasting('query'),
]

const savedReportKind: RecordKind = {
  table: 'saved_reports',
  fields: savedReportFields,
  nameOf: (row) => String(row.name),
}

const reportsAt = cachedByRevision(
  async (db: Knex): Promise<SavedReport[]> => db('saved_reports').orderBy(['name', 'id']),
)

/** The reports that a person sees: the own ones, then those that others share, by name. */
export async function reportsFor(db: Knex, revision: number, viewer: Viewer): Promise<SavedReport[]> {
  const userId = viewer.id
  const reports = (await reportsAt(db, revision)).filter((report) => reportedBy(report, viewer))
  const own = reports.filter(({ user_id }) => user_id === userId)
  return [...own, ...reports.filter(({ is_shared, user_id }) => is_shared && user_id !== userId)]
}

/** The reports a person has put on the start page. */
export async function pinnedReports(db: Knex, request: FastifyRequest): Promise<SavedReport[]> {
  const userId = request.user?.id as number
  const reports = await reportsFor(db, request.revision, request.viewer)
  return reports.filter((report) => report.is_pinned && report.user_id === userId)
}

/** The analysis of a report, where this person may see it: it may count what others see, or a field that is gone. */
export const reportedBy = ({ analysis }: Pick<SavedReport, 'analysis'>, viewer: Viewer) => analysisFor(analysis, viewer)

/** Where a report leads. */
export const reportAddress = (report: Pick<SavedReport, 'analysis' | 'query'>) =>
  `${folder}/${report.analysis}${report.query ? `?${report.query}` : ''}`

type Named = Pick<SavedReport, 'name' | 'is_pinned'> & { is_shared?: boolean }
type Save = { version: number; values: Values }

/** Keeps an analysis under a name; one name comes once for each person. Answers the id. */
export async function addReport(
  trx: Knex,
  report: Pick<SavedReport, 'analysis' | 'query'> & Named,
  actor: Actor,
): Promise<number> {
  await bumpRevision(trx)
  const { analysis, query, name, is_pinned, is_shared = false } = report
  const row = {
    ...{ analysis, query, name, is_pinned, is_shared },
    ...foldedKeys('saved_reports', report),
    user_id: actor.id,
    updated_at: new Date().toISOString(),
    version: 1,
  }
  const [{ id }] = await trx('saved_reports').insert(row).returning('id')
  await recordEvent(trx, actor, { action: 'create', ...eventOf(savedReportKind, { ...row, id }) })
  return id
}

/** Changes the name of a report, and where it stands; answers whether anything changed. Throws Stale when it moved on. */
export async function changeReport(trx: Knex, before: SavedReport, save: Save, actor: Actor): Promise<boolean> {
  const changes = await changeRecord(trx, savedReportKind, { before, ...save, actor, reference: undefined as never })
  return changes.length > 0
}
