import type { Knex } from 'knex'
import { type Change, eventsBy, fact, recordEvent, type StoredEvent } from '../../kernel/history/history.ts'
import type { JobKind, JobRun } from '../../kernel/jobs/runner.ts'
import { showCount, showSecond } from '../../kernel/web/formatting.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { text } from '../../texts/index.ts'
import { logKind } from './beginning.ts'
import { fitAnchor } from './breaks.ts'
import { beginCheck, type Check, checkBlock, endCheck, type Fault } from './check.ts'
import { linkEvents } from './sealer.ts'

const texts = text.auditLog.verification

export const verificationKind = 'audit-log-verification'

/** The chain is checked, a block a step. */
export const verificationJob: JobKind = {
  kind: verificationKind,
  run: verify,
  href: () => '/audit-log/verification',
}

async function verify(run: JobRun): Promise<string> {
  const { db, actor, log, config } = run
  // A chain that was tampered with may take no more links; the check says why.
  await fitAnchor(db, config)
    .then(() => linkEvents(db, config))
    .catch((error) => log.error({ err: error }, 'sealing'))
  const walked = await checkInSteps(run, await beginCheck(db, config))
  const check = await run.step(async (trx) => {
    const ended = structuredClone(walked)
    await endCheck(trx, ended)
    await keepResult(trx, ended, actor)
    return ended
  })
  const rows = showCount(check.row_count)
  return check.first_fault
    ? `${texts.outcomeFailed(rows, showCount(check.fault_count))}${faultText(check.first_fault)}`
    : texts.outcomePassed(rows)
}

/** Checks block after block; after a stop it goes on where it was. */
export async function checkInSteps({ job, step, config }: JobRun, beginning: Check): Promise<Check> {
  let check = (job.payload.check as Check | undefined) ?? beginning
  job.total_count = Math.max(0, check.end.sequence - check.first_sequence + 1)
  for (let isMore = true; isMore; ) {
    // A step that fails is undone and may be tried again, so what it found must not stay.
    const block = await step(async (trx) => {
      const next = structuredClone(check)
      const more = await checkBlock(trx, next, config)
      job.payload.check = next
      job.done_count = next.row_count
      return { next, more }
    })
    check = block.next
    isMore = block.more
  }
  return check
}

/** The first fault as a sentence. */
export function faultText({ kind, sequence, event_id, count }: Fault): string {
  const [at, id, many] = [showCount(sequence), String(event_id), showCount(count)]
  const sentences: Record<Fault['kind'], () => string> = {
    changed: () => texts.faults.changed(at, id),
    missing: () => texts.faults.missing(at, id),
    gap: () => texts.faults.gap(at, many),
    cut: () => texts.faults.cut(at, many),
    head: () => texts.faults.head(at),
    inserted: () => texts.faults.inserted(id),
    break: () => texts.faults.break(at),
    otherKey: () => texts.faults.otherKey(at),
  }
  return sentences[kind]()
}

/** The result is an entry itself. */
async function keepResult(trx: Knex, check: Check, actor: Actor) {
  const { first_fault: fault } = check
  const counts = {
    row_count: check.row_count,
    first_sequence: check.first_sequence,
    last_sequence: check.next - 1,
    unsealed_count: check.unsealed_count,
    keyed_from: check.keyed_from ?? 0,
    unknown_count: check.unknown_count,
    fault_count: check.fault_count,
  }
  const changes: Change[] = [
    fact('from_at', check.from_at, showSecond(check.from_at)),
    fact('to_at', check.to_at, showSecond(check.to_at)),
    ...Object.entries(counts).map(([name, count]) => fact(name, count, showCount(count))),
    fact('last_hash', check.previous),
    ...(fault ? [fact('first_fault', fault, faultText(fault))] : []),
  ]
  const record_name = fault ? texts.failedShort(showCount(check.fault_count)) : texts.passedShort
  await recordEvent(trx, actor, { action: 'verify', record_type: logKind, record_name, changes })
}

/** The last result there is. */
export async function lastVerification(db: Knex): Promise<StoredEvent | undefined> {
  const [last] = await eventsBy(db, { record_type: logKind, action: 'verify' }, 1)
  return last
}

type Compared = 'same' | 'different' | 'gone' | 'ahead'

/** Whether the chain still has what a printed report says: the hash of one link stands for everything before it. */
export async function compareWith(db: Knex, sequence: number, hash: string): Promise<Compared> {
  const link = await db('event_links').where({ sequence }).first('hash')
  if (link) return link.hash === hash ? 'same' : 'different'
  const first = await db('event_links').min({ sequence: 'sequence' }).first()
  return first?.sequence && sequence < first.sequence ? 'gone' : 'ahead'
}
