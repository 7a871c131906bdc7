import { randomUUID } from 'node:crypto'
import type { Knex } from 'knex'
import { insertAll } from '../../kernel/db/dialect.ts'
import { foldKey } from '../../kernel/db/fold-key.ts'
import { purgeFiles } from '../../kernel/files/file.ts'
import type { Permission } from '../../kernel/permissions.ts'
import { forbidden, notFound } from '../../kernel/web/refusal.ts'
import { inScope, scopedTo } from '../../kernel/web/scope.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { viewRight } from '../../kernel/web/viewers.ts'
import type { text } from '../../texts/index.ts'
import type { Mailing } from '../mailings/mailing.ts'
import { merged, type Recipient, type Writer } from '../mailings/merge.ts'

export type MessageState = keyof typeof text.mail.states

/** One message to one recipient, and what became of it. */
export type Message = {
  id: number
  mailing_id: number
  user_id: number
  customer_id: number
  contact_id: number | null
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

/** The messages to customers that a right of this person reaches. */
export const visibleMessages = (db: Knex, viewer: Viewer, permission: Permission = 'mail.view'): Knex.QueryBuilder =>
  scopedTo(
    db,
    db('mail_messages')
      .join('customers', 'customers.id', 'mail_messages.customer_id')
      .whereNull('customers.deleted_at'),
    'customers.owner_id',
    viewer.scope(permission),
  )

export type FoundMessage = Message & { customer_name: string; owner_id: number }

/** A message; refused like its customer (`findCustomer`) where that is out of reach. */
export async function findMessage(
  db: Knex,
  viewer: Viewer,
  id: number,
  permission: Permission = 'mail.view',
): Promise<FoundMessage> {
  const message = await db('mail_messages')
    .join('customers', 'customers.id', 'mail_messages.customer_id')
    .where('mail_messages.id', id)
    .whereNull('customers.deleted_at')
    .first('mail_messages.*', 'customers.name as customer_name', 'customers.owner_id as owner_id')
  if (!message || !inScope(viewer.scope(viewRight(permission)), message.owner_id)) throw notFound()
  if (!inScope(viewer.scope(permission), message.owner_id)) throw forbidden()
  return message
}

/** The latest messages to one customer. */
export const messagesTo = (db: Knex, customer_id: number, limit = 100): Promise<Message[]> =>
  db('mail_messages').where({ customer_id }).orderBy('id', 'desc').limit(limit)

export async function countMessagesTo(db: Knex, customer_id: number): Promise<number> {
  const row = await db('mail_messages').where({ customer_id }).count({ row_count: '*' }).first()
  return Number(row?.row_count ?? 0)
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
    customer_id: recipient.customer_id,
    contact_id: recipient.contact_id,
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

/** Messages of customers that go for good go with them. */
export async function eraseMailTo(trx: Knex, customers: number[]) {
  await trx('mail_messages').whereIn('customer_id', customers).delete()
  const written: number[] = await trx('mailings').whereIn('customer_id', customers).pluck('id')
  for (const record_id of written) await purgeFiles(trx, { record_type: 'mailings', record_id })
  await trx('mailings').whereIn('customer_id', customers).update({ customer_id: null, contact_id: null })
}

/** A contact that goes for good leaves the messages to it at its customer. */
export async function releaseMailTo(trx: Knex, contacts: number[]) {
  for (const table of ['mail_messages', 'mailings'])
    await trx(table).whereIn('contact_id', contacts).update({ contact_id: null })
}
