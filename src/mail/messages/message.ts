import { randomUUID } from 'node:crypto'
import type { Knex } from 'knex'
import { insertAll } from '../../kernel/db/dialect.ts'
import { foldKey } from '../../kernel/db/fold-key.ts'
import { fact, recordEvent } from '../../kernel/history/history.ts'
import { moduleNamed } from '../../kernel/modules/catalogue.ts'
import { kindOf } from '../../kernel/modules/records.ts'
import { eventOf } from '../../kernel/web/record.ts'
import type { Actor } from '../../kernel/web/session.ts'
import type { text } from '../../texts/index.ts'
import type { Mailing } from '../mailings/mailing.ts'
import { merged, type Recipient, type To, toOf, type Writer } from '../mailings/merge.ts'

export type MessageState = keyof typeof text.mail.states

/** One message to one recipient, and what became of it. */
export type Message = To & {
  id: number
  mailing_id: number
  user_id: number
  account_id: number | null
  recipient_name: string
  recipient_address: string
  subject: string
  body: string
  message_id: string
  state: MessageState
  attempt_count: number
  claim: string | null
  answer: string | null
  created_at: string
  next_attempt_at: string | null
  sending_at: string | null
  sent_at: string | null
}

/** How many messages hang on a record. */
export async function countMessagesAt(db: Knex, record: Pick<To, 'record_type' | 'record_id'>): Promise<number> {
  const row = await db('mail_messages').where(record).count({ row_count: '*' }).first()
  return Number(row?.row_count ?? 0)
}

type Told = Pick<Message, 'record_type' | 'record_id' | 'recipient_name' | 'subject'>

/** Tells in the history of the record that a message hangs on what became of it. */
export async function tellOfMessage(trx: Knex, message: Told, action: string, actor: Actor) {
  const module = moduleNamed(message.record_type)
  const record = module && (await trx(module.name).where({ id: message.record_id }).first())
  if (!record) return
  await recordEvent(trx, actor, {
    ...eventOf(kindOf(module), record),
    action,
    changes: [fact('mail_recipient', message.recipient_name), fact('mail_subject', message.subject)],
  })
}

const longestMerged = 900

/**
 * Writes the messages of a mailing to recipients down, a few hundred at once, each address once. Answers how many were
 * written and how many had an address that was there already.
 */
export async function addMessages(
  trx: Knex,
  { id, user_id, subject, body }: Mailing,
  recipients: Recipient[],
  { writer, domain }: { writer: Writer; domain: string },
): Promise<{ added: number; repeated: number }> {
  const different = new Map(recipients.toReversed().map((recipient) => [foldKey(recipient.address), recipient]))
  const there: string[] = await trx('mail_messages')
    .where({ mailing_id: id })
    .whereIn('recipient_key', [...different.keys()])
    .pluck('recipient_key')
  for (const key of there) different.delete(key)
  const created_at = new Date().toISOString()
  const rows = [...different].reverse().map(([recipient_key, recipient]) => ({
    mailing_id: id,
    user_id,
    ...toOf(recipient),
    account_id: null,
    recipient_name: recipient.name,
    recipient_address: recipient.address,
    recipient_key,
    subject: merged(subject, { recipient, writer }).slice(0, longestMerged).toWellFormed(),
    body: merged(body, { recipient, writer }),
    message_id: `<${randomUUID()}@${domain}>`,
    state: 'queued',
    attempt_count: 0,
    claim: null,
    answer: null,
    created_at,
    next_attempt_at: null,
    sending_at: null,
    sent_at: null,
  }))
  await insertAll(trx, 'mail_messages', rows)
  return { added: rows.length, repeated: recipients.length - rows.length }
}

/** How many messages of a mailing are in each state. */
export async function countStates(db: Knex, mailing_id: number): Promise<Partial<Record<MessageState, number>>> {
  const rows: { state: MessageState; row_count: number }[] = await db('mail_messages')
    .where({ mailing_id })
    .groupBy('state')
    .select('state')
    .count({ row_count: '*' })
  return Object.fromEntries(rows.map(({ state, row_count }) => [state, Number(row_count)]))
}
