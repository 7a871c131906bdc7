import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import { currentRevision } from '../db/cache-revision.ts'
import { recordEvent } from '../history/history.ts'
import { askForJob } from '../jobs/job.ts'
import type { JobKind, JobRun } from '../jobs/runner.ts'
import { type Reference, referenceAt } from '../reference.ts'
import type { RecordVersion } from '../web/bulk.ts'
import { showCount } from '../web/formatting.ts'
import { Refusal } from '../web/refusal.ts'
import type { Actor } from '../web/session.ts'
import { everybody, viewerAt } from '../web/viewers.ts'
import { type BatchAct, changeOf, saveAct } from './act.ts'
import { kindOf } from './kinds.ts'

const kind = 'selection-undo'
/** Up to so many are taken back at once, while the person waits. */
const most = 200
const perStep = 250

type By = { actor: Actor; reference: Reference }

/** Takes an act back in the caller's transaction when it is small: answers nothing, or the job that does it. */
export async function undoOrAsk(trx: Knex, act: BatchAct, by: By): Promise<number | undefined> {
  const { id, job_id, changed_count } = act
  const job =
    changed_count > most
      ? await askForJob(trx, {
          kind,
          title: text.batchActs.job(act.label),
          payload: { act: id },
          total: changed_count,
          actor: by.actor,
        })
      : null
  const claimed = await trx('batch_acts')
    .where({ id, job_id })
    .whereNot({ state: 'undone' })
    .update({ state: 'undoing', job_id: job ?? job_id })
  if (claimed === 0) throw new Refusal({ status: 409, message: text.batchActs.undoneAlready })
  if (job !== null) return job
  while (await step(trx, act, by));
  await finish(trx, act, by.actor)
  return undefined
}

/** Takes back what some records got; those that somebody changed since are marked as kept. Answers whether there may be more. */
async function step(trx: Knex, act: BatchAct, { actor, reference }: By): Promise<boolean> {
  const { id } = act
  const rows: { record_id: number; record_version: number }[] = await trx('batch_act_rows')
    .where({ act_id: id, is_kept: false })
    .orderBy('record_id')
    .limit(perStep)
  const acted: RecordVersion[] = rows.map(({ record_id, record_version }) => ({
    id: record_id,
    version: record_version,
  }))
  const change = changeOf(act)
  const by = { actor, reference, viewer: everybody, since: act.acted_at }
  const done = new Set(rows.length > 0 ? await kindOf(act).restore(trx, acted, change, by) : [])
  const of = (ids: number[]) => trx('batch_act_rows').where({ act_id: id }).whereIn('record_id', ids)
  await of([...done]).delete()
  await of(acted.flatMap((one) => (done.has(one.id) ? [] : one.id))).update({ is_kept: true })
  await trx('batch_acts').where({ id }).increment('undone_count', done.size)
  return rows.length === perStep
}

async function finish(trx: Knex, { id, label }: BatchAct, actor: Actor) {
  await saveAct(trx, id, { state: 'undone' })
  const { undone_count } = await trx('batch_acts').where({ id }).first('undone_count')
  const record_name = `${undone_count} ${label}`
  await recordEvent(trx, actor, { action: 'undo', record_type: 'batch_acts', record_id: id, record_name })
}

/** What came of taking an act back, as a person reads it. */
export const outcomeOf = ({ changed_count, undone_count }: BatchAct) =>
  text.batchActs.outcome(showCount(undone_count), showCount(changed_count - undone_count))

export const undoJob: JobKind = { kind, run, href: (job) => `/batch-acts/${job.payload.act}` }

async function run({ db, job, actor, step: inStep }: JobRun): Promise<string> {
  const act: BatchAct | undefined = await db('batch_acts')
    .where({ id: Number(job.payload.act) })
    .first()
  if (!act) throw new Refusal({ message: text.batchActs.gone })
  for (let isMore = true; isMore; ) {
    const revision = await currentRevision(db)
    // Who works says which modules there are, also those that rows define.
    await viewerAt(db, revision, job.user_id)
    const reference = await referenceAt(db, revision)
    isMore = await inStep(async (trx) => {
      const more = await step(trx, act, { actor, reference })
      job.done_count = Math.min(act.changed_count, job.done_count + perStep)
      return more
    })
  }
  await inStep((trx) => finish(trx, act, actor))
  return outcomeOf(await db('batch_acts').where({ id: act.id }).first())
}
