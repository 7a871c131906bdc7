import type { Knex } from 'knex'
import { recordEvent } from '../../kernel/history/history.ts'
import type { JobKind, JobRun } from '../../kernel/jobs/runner.ts'
import { readSettings } from '../../kernel/settings/settings.ts'
import { showCount } from '../../kernel/web/formatting.ts'
import { text } from '../../texts/index.ts'
import type { LogPlace } from './anchor.ts'
import { type Beginning, cleanupFacts, findBeginning, logKind } from './beginning.ts'
import { fitAnchor } from './breaks.ts'
import { beginCheck, type Check } from './check.ts'
import { retentionDays } from './retention.ts'
import { linkEvents } from './sealer.ts'
import { checkInSteps, faultText } from './verification.ts'

export const cleanupKind = 'audit-log-cleanup'
const perStep = 1_000
const day = 86_400_000
/** Events are linked in nearly, not exactly, the order of their time; none that is younger than the retention goes. */
const margin = 3_600_000

/** The oldest entries that may be removed: up to which link, how many, from when to when. */
export type Removable = Beginning & { count: number; from: string; to: string; isRest: boolean }

export const cutOff = (days: number) => new Date(Date.now() - days * day)

/** What a cleanup would remove, or the rest of one that was stopped; undefined where nothing is old enough. */
export async function findRemovable(db: Knex, place: LogPlace, days: number): Promise<Removable | undefined> {
  const beginning = await findBeginning(db, place)
  const last = await lastOlderThan(db, new Date(cutOff(days).getTime() - margin).toISOString())
  const isRest = !last || last.sequence <= beginning.sequence
  const end = isRest ? beginning : { sequence: last.sequence, hash: last.hash, breaks: beginning.breaks }
  const first = await linked(db).orderBy('sequence').first('sequence', 'occurred_at')
  if (!first || first.sequence > end.sequence) return undefined
  const count = isRest ? await countUpTo(db, end.sequence) : end.sequence - beginning.sequence
  return { ...end, count, from: first.occurred_at, to: last?.occurred_at ?? first.occurred_at, isRest }
}

async function countUpTo(db: Knex, sequence: number): Promise<number> {
  const row = await db('event_links').where('sequence', '<=', sequence).count({ row_count: '*' }).first()
  return Number(row?.row_count ?? 0)
}

const linked = (db: Knex) => db('event_links').join('events', 'events.id', 'event_links.event_id')

const lastOlderThan = (db: Knex, instant: string) =>
  linked(db)
    .where('events.occurred_at', '<', instant)
    .orderBy('events.occurred_at', 'desc')
    .first('event_links.sequence', 'event_links.hash', 'events.occurred_at')

export const cleanupJob: JobKind = { kind: cleanupKind, run: cleanUp, href: () => '/audit-log' }

/**
 * The oldest entries are checked, then an entry says where the chain begins from now on, then they go, from the oldest
 * on. What a stop left behind goes with the next cleanup, for the chain no longer counts it.
 */
async function cleanUp(run: JobRun): Promise<string> {
  const { db, job, step, actor, config } = run
  await fitAnchor(db, config)
  await linkEvents(db, config)
  if (job.payload.removed_to === undefined) {
    const removable = await findRemovable(db, config, retentionDays(await readSettings(db)))
    if (!removable) return text.auditLog.cleanup.nothing
    const check = removable.isRest
      ? undefined
      : await checkInSteps(run, await beginCheck(db, config, removable.sequence))
    await step(async (trx) => {
      if (check) {
        const changes = cleanupFacts(config, {
          ...{ ...removable, at: removable.to, check: foundIn(check) },
          breaks: check.breaks,
        })
        await recordEvent(trx, actor, { action: 'cleanup', record_type: logKind, changes })
      }
      job.payload = { removed_to: removable.sequence, removed_count: removable.count }
      job.total_count = removable.count
      job.done_count = 0
    })
  }
  const { removed_to, removed_count } = job.payload as { removed_to: number; removed_count: number }
  for (let isMore = true; isMore; ) isMore = await step((trx) => removeSome(trx, run, removed_to))
  return text.auditLog.cleanup.outcome(showCount(removed_count))
}

const foundIn = ({ first_fault }: Check) => (first_fault ? faultText(first_fault) : '')

/** Removes the oldest links with their events; answers whether there are more. */
async function removeSome(trx: Knex, { job }: JobRun, removed_to: number): Promise<boolean> {
  const oldest = await trx('event_links').min({ sequence: 'sequence' }).first()
  const to = Math.min(Number(oldest?.sequence ?? removed_to + 1) + perStep - 1, removed_to)
  const links = () => trx('event_links').where('sequence', '<=', to)
  await trx('events').whereIn('id', links().select('event_id')).delete()
  job.done_count += await links().delete()
  return to < removed_to && oldest?.sequence !== null
}
