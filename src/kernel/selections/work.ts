import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import { currentRevision } from '../db/cache-revision.ts'
import { askForJob } from '../jobs/job.ts'
import type { JobKind, JobRun } from '../jobs/runner.ts'
import type { Permission } from '../permissions.ts'
import { referenceAt } from '../reference.ts'
import type { ActingContext, AuditNote, BulkChange, Counts, Done, RecordVersion } from '../web/bulk.ts'
import { showCount } from '../web/formatting.ts'
import { notFound } from '../web/refusal.ts'
import { viewerAt } from '../web/viewers.ts'
import { beginAct, keepActed, saveAct } from './act.ts'
import { type Kind, kindOf } from './kinds.ts'
import { findSelection, meantRows, resolveStep, type Selection } from './selection.ts'

/** What is done to each row of a selection; `label` says it to a person. */
export type Work = { label: string; change: BulkChange | 'delete'; said?: AuditNote }

/** Up to so many are done at once, while the person waits. */
const most = 200
const perStep = 250
const kind = 'selection'

type Progress = { resolved?: number | null; last: number; counts: Counts }
type Payload = { selection: number; list: string; act: number } & Work & Progress

const beginning = (selection: Selection): Progress => ({
  resolved: selection.is_whole ? 0 : null,
  last: 0,
  counts: { changed: 0, same: 0, skipped: 0 },
})

/** Does the work in the caller's transaction when there is little of it: answers what to say, or the job that does it. */
export async function doOrAsk(
  trx: Knex,
  selection: Selection,
  work: Work,
  by: ActingContext,
): Promise<{ outcome: string; act: number } | { job: number }> {
  const { label, change } = work
  const act = await beginAct(trx, selection, { label, change, permission: permissionOf(selection, work) })
  if (selection.row_count > most) {
    const payload: Payload = { selection: selection.id, list: selection.list, act, ...work, ...beginning(selection) }
    const title = text.selections.job(label, nounOf(selection))
    const job = await askForJob(trx, { kind, title, payload, total: selection.row_count, actor: by.actor })
    await saveAct(trx, act, { job_id: job })
    return { job }
  }
  const progress = beginning(selection)
  while (await step(trx, { selection, act, work, progress, by }));
  await saveAct(trx, act, { state: 'done' })
  return { outcome: outcomeOf(work, nounOf(selection), progress.counts), act }
}

/** The right that work takes. */
function permissionOf(selection: Selection, { change, said }: Work): Permission {
  const { delete: removal, transfer, update } = kindOf(selection).list.selection
  if (change === 'delete') return removal as Permission
  return (said?.action === 'transfer' ? transfer?.permission : update) as Permission
}

const nounOf = (selection: Pick<Selection, 'list'>) => kindOf(selection).list.selection.noun

type Step = { selection: Selection; act: number; work: Work; progress: Progress; by: ActingContext }

/** One step further; answers whether there may be more. First the rows of a whole selection are written down. */
async function step(trx: Knex, { selection, act, work, progress, by }: Step): Promise<boolean> {
  const kind = kindOf(selection)
  if (typeof progress.resolved === 'number') {
    progress.resolved = (await resolveStep(trx, selection, kind.list, progress.resolved, by)) ?? null
    return true
  }
  const meant = await meantRows(trx, selection, progress.last, perStep)
  const { changedIds, ...counts } = await workOn(trx, kind, meant, work, by)
  const changed = new Set(changedIds)
  await keepActed(
    trx,
    act,
    meant.filter(({ id }) => changed.has(id)),
  )
  progress.counts = sumOf(progress.counts, counts)
  progress.last = meant.at(-1)?.id ?? progress.last
  return meant.length === perStep
}

const sumOf = (one: Counts, other: Counts): Counts => ({
  changed: one.changed + other.changed,
  same: one.same + other.same,
  skipped: one.skipped + other.skipped,
  refused: (one.refused ?? 0) + (other.refused ?? 0),
  reason: one.reason ?? other.reason,
})

async function workOn(
  trx: Knex,
  { change, remove }: Kind,
  meant: RecordVersion[],
  work: Work,
  by: ActingContext,
): Promise<Done> {
  if (work.change === 'delete') return remove(trx, meant, by)
  if (!change) throw notFound()
  return change(trx, meant, work.change, { ...by, said: work.said })
}

/** How a large selection is worked on. */
export const selectionJobs: JobKind[] = [
  { kind, run: runWork, href: (job) => `/batch-acts/${(job.payload as Payload).act}` },
]

async function runWork({ db, job, actor, step: inStep }: JobRun): Promise<string> {
  const payload = job.payload as Payload
  // Who works says which modules there are, also those that rows define.
  await viewerAt(db, await currentRevision(db), job.user_id)
  const { list } = kindOf(payload)
  const selection = await findSelection(db, list, payload.selection, job.user_id)
  let isMore = true
  while (isMore) {
    const revision = await currentRevision(db)
    const viewer = await viewerAt(db, revision, job.user_id)
    const by = { actor, viewer, reference: await referenceAt(db, revision) }
    isMore = await inStep(async (trx) => {
      const payload = job.payload as Payload
      const progress = structuredClone({ resolved: payload.resolved, last: payload.last, counts: payload.counts })
      const more = await step(trx, { selection, act: payload.act, work: payload, progress, by })
      Object.assign(payload, progress)
      const { changed, same, skipped, refused = 0 } = progress.counts
      job.done_count = changed + same + skipped + refused
      return more
    })
  }
  await inStep((trx) => saveAct(trx, payload.act, { state: 'done' }))
  return outcomeOf(payload, list.selection.noun, (job.payload as Payload).counts)
}

/** What was done, as a person reads it. */
const outcomeOf = ({ label }: Work, noun: string, { changed, same, skipped, refused = 0, reason = '' }: Counts) => {
  const counts = {
    changed: showCount(changed),
    same: showCount(same),
    skipped: showCount(skipped),
    refused: showCount(refused),
  }
  return text.selections.outcome(label, noun, counts, reason)
}
