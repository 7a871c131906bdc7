import type { FastifyInstance } from 'fastify'
import type { Knex } from 'knex'
import { type BulkChange, type Counts, changeCustomers, deleteCustomers, type Meant } from '../customers/bulk.ts'
import { currentRevision } from '../db/revision.ts'
import { askForJob } from '../jobs/job.ts'
import type { JobRun } from '../jobs/runner.ts'
import { type Reference, referenceAt } from '../reference.ts'
import { text } from '../texts/index.ts'
import type { Actor } from '../web/session.ts'
import { showCount } from '../web/show.ts'
import { findSelection, meantRows, resolveStep, type Selection } from './selection.ts'

/** What is done to each row of a selection; `label` says it to a person. */
export type Work = { label: string; change: BulkChange | 'delete' }

/** Up to so many are done at once, while the person waits. */
const most = 200
const perStep = 250
const kind = 'customer-selection'

type Progress = { resolved?: number | null; last: number; counts: Counts }
type Payload = { selection: number } & Work & Progress

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
  { actor, reference }: { actor: Actor; reference: Reference },
): Promise<{ outcome: string } | { job: number }> {
  if (selection.row_count > most) {
    const payload = { selection: selection.id, ...work, ...beginning(selection) }
    const total = selection.row_count
    return { job: await askForJob(trx, { kind, title: text.selections.job(work.label), payload, total, actor }) }
  }
  const progress = beginning(selection)
  while (await step(trx, { selection, work, progress, actor, reference }));
  return { outcome: outcomeOf(work, progress.counts) }
}

type Step = { selection: Selection; work: Work; progress: Progress; actor: Actor; reference: Reference }

/** One step further; answers whether there may be more. First the rows of a whole selection are written down. */
async function step(trx: Knex, { selection, work, progress, actor, reference }: Step): Promise<boolean> {
  if (typeof progress.resolved === 'number') {
    progress.resolved = (await resolveStep(trx, selection, progress.resolved, reference)) ?? null
    return true
  }
  const meant = await meantRows(trx, selection, progress.last, perStep)
  const counts = await workOn(trx, meant, work, { actor, reference })
  for (const name of ['changed', 'same', 'skipped'] as const) progress.counts[name] += counts[name]
  progress.last = meant.at(-1)?.id ?? progress.last
  return meant.length === perStep
}

const workOn = (trx: Knex, meant: Meant[], { change }: Work, by: { actor: Actor; reference: Reference }) =>
  change === 'delete' ? deleteCustomers(trx, meant, by.actor) : changeCustomers(trx, meant, change, by)

/** Tells the runner how a large selection is worked on. */
export function selectionJobs(app: FastifyInstance) {
  app.jobKinds.set(kind, { kind, run: runWork, href: () => '/customers' })
}

async function runWork({ app, job, actor, step: inStep }: JobRun): Promise<string> {
  const payload = job.payload as Payload
  const selection = await findSelection(app.db, payload.selection, job.user_id)
  const reference = await referenceAt(app.db, await currentRevision(app.db))
  let isMore = true
  while (isMore) {
    // A step that fails is undone, so what it counted must not stay.
    const progress = structuredClone({ resolved: payload.resolved, last: payload.last, counts: payload.counts })
    isMore = await inStep(async (trx) => {
      const more = await step(trx, { selection, work: payload, progress, actor, reference })
      Object.assign(payload, progress)
      job.done_count = progress.counts.changed + progress.counts.same + progress.counts.skipped
      return more
    })
  }
  return outcomeOf(payload, payload.counts)
}

/** What was done, as a person reads it. */
const outcomeOf = ({ label }: Work, { changed, same, skipped }: Counts) =>
  text.selections.outcome(label, showCount(changed), same, skipped)
