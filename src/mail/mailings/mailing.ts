import type { Knex } from 'knex'
import { filesOf, purgeFiles, type StoredFile } from '../../kernel/files/file.ts'
import { recordEvent } from '../../kernel/history/history.ts'
import { activeStates, askForJob, findJob } from '../../kernel/jobs/job.ts'
import type { Values } from '../../kernel/web/form.ts'
import { Stale } from '../../kernel/web/record.ts'
import { notFound, Refusal } from '../../kernel/web/refusal.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { text } from '../../texts/index.ts'
import { asHeading, type To } from './merge.ts'

/** How far the sending of a mailing is. */
export type MailPayload = { mailing: number; resolved: number | null; last: number }

/** What a person writes to one recipient or to a selection: a draft until `started_at`. */
export type Mailing = { [column in keyof To]: To[column] | null } & {
  id: number
  user_id: number
  selection_id: number | null
  subject: string
  body: string
  cc: string | null
  bcc: string | null
  without_address_count: number
  repeated_count: number
  job_id: number | null
  created_at: string
  started_at: string | null
  version: number
}

export const jobKind = 'mail'

/** The record that attachments hang on. */
export const holderOf = ({ id, subject }: Pick<Mailing, 'id' | 'subject'>) => ({
  record_type: 'mailings',
  record_id: id,
  record_name: asHeading(subject),
})

export const attachmentsOf = (db: Knex, mailing: Pick<Mailing, 'id' | 'subject'>): Promise<StoredFile[]> =>
  filesOf(db, holderOf(mailing))

/** To whom: to one, or to all of a selection. */
export type Addressed = { to: To; selection_id?: never } | { to?: never; selection_id: number }
const nobody: Record<keyof To, null> = { record_type: null, record_id: null, recipient_type: null, recipient_id: null }

/** Keeps what was written as a draft. Answers its id. */
export async function addMailing(trx: Knex, userId: number, whom: Addressed, values: Values): Promise<number> {
  const now = new Date().toISOString()
  const none = { cc: null, bcc: null, without_address_count: 0, repeated_count: 0, job_id: null, started_at: null }
  const { to = nobody, selection_id = null } = whom
  const row = { ...none, ...to, selection_id, ...values, user_id: userId, created_at: now, updated_at: now, version: 1 }
  return (await trx('mailings').insert(row).returning('id'))[0].id
}

/** What one has written oneself; everything else is not there. */
export async function findMailing(db: Knex, id: number, userId: number): Promise<Mailing> {
  const mailing = await db('mailings').where({ id, user_id: userId }).first()
  if (!mailing) throw notFound()
  return mailing
}

/** Refuses what can only be done with a draft. */
export function refuseStarted({ started_at }: Mailing) {
  if (started_at) throw new Refusal({ status: 409, message: text.mail.alreadyStarted })
}

/** Changes a draft that still stands at `version`, throws Stale otherwise. */
export async function changeMailing(trx: Knex, id: number, version: number, values: Values) {
  const saved = { ...values, updated_at: new Date().toISOString(), version: version + 1 }
  const count = await trx('mailings').where({ id, version }).whereNull('started_at').update(saved)
  if (count === 0) throw new Stale()
}

/** Gives a draft to the job that sends it; once, whoever presses twice. */
export async function startMailing(trx: Knex, mailing: Mailing, total: number | null, actor: Actor): Promise<number> {
  const begun = { started_at: new Date().toISOString(), version: mailing.version + 1 }
  const open = trx('mailings').where({ id: mailing.id, version: mailing.version }).whereNull('started_at')
  if ((await open.update(begun)) === 0) throw new Stale()
  return askToSend(trx, mailing, total, actor)
}

/** Asks for the job that sends what of a mailing is not sent yet. */
export async function askToSend(trx: Knex, mailing: Mailing, total: number | null, actor: Actor): Promise<number> {
  const title = text.mail.job(asHeading(mailing.subject))
  const payload = { mailing: mailing.id, resolved: mailing.selection_id === null ? null : 0, last: 0 }
  const isBegun = mailing.job_id !== null
  const kept = isBegun ? ((await findJob(trx, mailing.job_id as number))?.payload ?? payload) : payload
  const job = await askForJob(trx, { kind: jobKind, title: title.slice(0, 200), payload: kept, total, actor })
  await trx('mailings').where({ id: mailing.id }).update({ job_id: job })
  return job
}

/** Whether the job of a mailing is still at work. */
export async function isAtWork(db: Knex, { job_id }: Pick<Mailing, 'job_id'>): Promise<boolean> {
  const job = job_id === null ? undefined : await db('jobs').where({ id: job_id }).first('state')
  return activeStates.includes(job?.state)
}

/** Throws a draft away, with its attachments. */
export async function discardMailing(trx: Knex, mailing: Mailing, actor: Actor) {
  await purgeFiles(trx, holderOf(mailing))
  const count = await trx('mailings')
    .where({ id: mailing.id, version: mailing.version })
    .whereNull('started_at')
    .delete()
  if (count === 0) throw new Stale()
  await recordEvent(trx, actor, { ...holderOf(mailing), action: 'delete' })
}
