import type { Knex } from 'knex'
import { currentRevision } from '../../kernel/db/cache-revision.ts'
import { insertAll } from '../../kernel/db/dialect.ts'
import type { JobKind, JobRun } from '../../kernel/jobs/runner.ts'
import { type Reference, referenceAt } from '../../kernel/reference.ts'
import { transferSaid } from '../../kernel/web/bulk.ts'
import { showCount } from '../../kernel/web/formatting.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { everybody, viewerAt } from '../../kernel/web/viewers.ts'
import { text } from '../../texts/index.ts'
import { type Handed, type HandedRow, handedKinds, unitOf } from './handed.ts'
import { findHandover, type Handover } from './handover.ts'
import { receiverOf } from './shares.ts'

const perStep = 250

/** Moves the records of one who hands over. What has moved is no longer his, so that it goes on where it was. */
export const handoverJob: JobKind = {
  kind: 'handover',
  run: runHandover,
  href: ({ payload }) => `/users/${payload.userId}/handovers/${payload.handover}`,
}

async function runHandover({ db, job, actor, step }: JobRun): Promise<string> {
  const { handover: id, userId } = job.payload as { handover: number; userId: number }
  // Who works says which modules there are, also those that rows define.
  await viewerAt(db, await currentRevision(db), job.user_id)
  const { shares } = await findHandover(db, userId, id)
  const { modules = ['customers'] } = shares
  for (const kind of handedKinds().filter(({ name }) => modules.includes(name))) {
    let last: number | undefined = 0
    while (last !== undefined) {
      const behind: number = last
      const reference = await referenceAt(db, await currentRevision(db))
      last = await step(async (trx) => {
        const handover = await findHandover(trx, userId, id)
        const { moved, next } = await moveSome(trx, handover, kind, behind, { actor, reference })
        job.done_count = handover.moved_count + moved
        await trx('handovers').where({ id }).update({ moved_count: job.done_count })
        return next
      })
    }
  }
  await step((trx) => trx('handovers').where({ id }).update({ finished_at: new Date().toISOString() }))
  return text.handovers.outcome(showCount(job.done_count), unitOf(modules))
}

/**
 * The next records of a kind, each with its history in one transaction; what somebody else changed meanwhile stays
 * changed. Answers how many moved, and the last one where there may be more: those that may not move are not met again.
 */
async function moveSome(
  trx: Knex,
  handover: Handover,
  kind: Handed,
  behind: number,
  { actor, reference }: { actor: Actor; reference: Reference },
): Promise<{ moved: number; next: number | undefined }> {
  const query = trx(kind.name).where({ [kind.column]: handover.user_id })
  if (kind.order[0] === 'id') query.where('id', '>', behind)
  const rows: HandedRow[] = await query.orderBy(kind.order).limit(perStep).forUpdate().select(kind.columns)
  const receivers = new Map(
    rows.map((row, at) => [row.id, receiverOf(handover.shares, row, handover.moved_count + at)]),
  )
  const by = { actor, viewer: everybody, reference, said: transferSaid(handover.reason) }
  const moved = new Set<number>()
  for (const [receiver, some] of Map.groupBy(rows, ({ id }) => receivers.get(id) as number)) {
    const { living = [], binned = [] } = Object.groupBy(some, ({ deleted_at }) => (deleted_at ? 'binned' : 'living'))
    for (const id of await kind.give(trx, living, receiver, by)) moved.add(id)
    for (const id of binned.length > 0 ? await kind.giveBinned(trx, binned, receiver, by) : []) moved.add(id)
  }
  const kept = rows
    .filter(({ id }) => moved.has(id))
    .map((row) => ({
      handover_id: handover.id,
      module: kind.name,
      record_id: row.id,
      code: kind.codeOf(row),
      name: kind.nameOf(row),
      receiver_id: receivers.get(row.id),
      is_binned: Boolean(row.deleted_at),
    }))
  await insertAll(trx, 'handover_rows', kept)
  return { moved: kept.length, next: rows.length === perStep ? rows.at(-1)?.id : undefined }
}
