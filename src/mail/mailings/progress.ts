import { randomUUID } from 'node:crypto'
import type { Knex } from 'knex'
import type { Actor } from '../../kernel/web/session.ts'
import { text } from '../../texts/index.ts'
import type { Account } from '../accounts/account.ts'
import type { Outcome } from '../accounts/smtp.ts'
import { type Message, tellOfMessage } from '../messages/message.ts'

const minute = 60_000
const after = (ms: number, from = Date.now()) => new Date(from + ms).toISOString()

/** How long to wait before a message is tried again. */
const pauses = [minute, 5 * minute, 15 * minute, 60 * minute]

/** What was under way when a run ended without a word: nobody knows whether it went out, so a person decides. */
export async function markLost(trx: Knex, mailing_id: number) {
  const lost = { state: 'uncertain', answer: text.mail.lost }
  await trx('mail_messages').where({ mailing_id, state: 'sending' }).update(lost)
}

/** In a database of an earlier moment: what waited then may have gone out since, so a person decides likewise. */
export async function doubtUnsent(trx: Knex) {
  const doubtful = { state: 'uncertain', answer: text.mail.restored }
  await trx('mail_messages').whereIn('state', ['queued', 'sending']).update(doubtful)
  // Those that were not even written down then are not written to now.
  await trx('mailings').whereNotNull('started_at').update({ selection_id: null })
}

/**
 * Marks the next message as being sent. Answers it, or the instant from which on there is one to send, or undefined
 * where none is left.
 */
export async function claimNext(
  trx: Knex,
  mailing_id: number,
  account: Pick<Account, 'id' | 'per_minute'>,
): Promise<Message | string | undefined> {
  const queued = () => trx('mail_messages').where({ mailing_id, state: 'queued' })
  const message: Message | undefined = await queued()
    .where((due) => due.whereNull('next_attempt_at').orWhere('next_attempt_at', '<=', after(0)))
    .orderBy('id')
    .first()
  if (!message) return (await queued().orderBy('next_attempt_at').first('next_attempt_at'))?.next_attempt_at
  const free = await freeAt(trx, account)
  if (free) return free
  const claimed = {
    state: 'sending' as const,
    claim: randomUUID(),
    account_id: account.id,
    attempt_count: message.attempt_count + 1,
    sending_at: after(0),
    next_attempt_at: null,
  }
  const isMine = await trx('mail_messages').where({ id: message.id, state: 'queued' }).update(claimed)
  // Whoever came between has it now: the next one is looked for.
  return isMine ? { ...message, ...claimed } : claimNext(trx, mailing_id, account)
}

/** From when on an account may send again, where its limit for a minute is reached. */
async function freeAt(trx: Knex, { id, per_minute }: Pick<Account, 'id' | 'per_minute'>): Promise<string | undefined> {
  const recent: string[] = await trx('mail_messages')
    .where({ account_id: id })
    .where('sending_at', '>', after(-minute))
    .orderBy('sending_at', 'desc')
    .limit(per_minute)
    .pluck('sending_at')
  const oldest = recent[per_minute - 1]
  return oldest && after(minute, new Date(oldest).getTime())
}

/** Notes down what became of a message, with the history of the record it hangs on. Answers whether that was its last attempt. */
export async function noteOutcome(db: Knex, message: Message, outcome: Outcome, actor: Actor): Promise<boolean> {
  const pause = pauses[message.attempt_count - 1]
  const again = outcome.kind === 'later' && pause !== undefined ? after(pause) : undefined
  const noted = again ? { state: 'queued', next_attempt_at: again } : lastState(outcome)
  await db.transaction(async (trx) => {
    const count = await trx('mail_messages')
      .where({ id: message.id, claim: message.claim })
      .whereIn('state', ['sending', 'uncertain'])
      .update({ ...noted, answer: answerOf(outcome).slice(0, 1000).toWellFormed() })
    if (count > 0 && (outcome.kind === 'sent' || outcome.kind === 'refused'))
      await tellOfMessage(trx, message, outcome.kind === 'sent' ? 'mail' : 'mail-refused', actor)
    if (count > 0 && again && outcome.kind === 'later' && outcome.isForAll) await letRestWait(trx, message, again)
  })
  return again === undefined
}

function lastState({ kind }: Outcome) {
  if (kind === 'sent') return { state: 'sent', sent_at: after(0) }
  if (kind === 'refused' || kind === 'uncertain') return { state: kind }
  return { state: 'failed' }
}

function answerOf(outcome: Outcome): string {
  if (outcome.kind === 'uncertain') return `${text.mail.cut} ${outcome.answer}`
  if (outcome.kind !== 'sent' || outcome.refused.length === 0) return outcome.answer
  const refused = outcome.refused.map(({ address, answer }) => text.common.pair(address, answer))
  return `${outcome.answer} ${text.mail.refusedCopies(text.common.listed(refused))}`
}

/** The server itself is away: the others need not find that out one by one. */
const letRestWait = (trx: Knex, { mailing_id }: Message, next_attempt_at: string) =>
  trx('mail_messages').where({ mailing_id, state: 'queued' }).update({ next_attempt_at })

export async function failRest(trx: Knex, mailing_id: number, answer: string) {
  await trx('mail_messages').where({ mailing_id, state: 'queued' }).update({ state: 'failed', answer })
}
