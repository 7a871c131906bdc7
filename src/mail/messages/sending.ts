import { access } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import type { Knex } from 'knex'
import { fileFolder, storedPath } from '../../kernel/files/storage.ts'
import { RetryAt } from '../../kernel/jobs/run-job.ts'
import type { JobKind, JobRun } from '../../kernel/jobs/runner.ts'
import { openSecrets } from '../../kernel/secrets.ts'
import { showCount } from '../../kernel/web/formatting.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { text } from '../../texts/index.ts'
import { type Account, accountFor, passwordOf } from '../accounts/account.ts'
import { deliver, type Outcome } from '../accounts/smtp.ts'
import { attachmentsOf, jobKind, type Mailing, type MailPayload } from '../mailings/mailing.ts'
import { claimNext, failRest, markLost, noteOutcome } from '../mailings/progress.ts'
import { writeMessagesDown } from '../mailings/selected.ts'
import { addressesIn } from './addresses.ts'
import { contentOf } from './compose.ts'
import { countStates, type Message } from './message.ts'

const t = text.mail

/** Sends a mailing. Each message is marked in a step of its own before the server sees it, so none goes out twice. */
export const mailJob: JobKind = {
  kind: jobKind,
  run: sendMailing,
  href: (job) => `/mailings/${(job.payload as MailPayload).mailing}`,
}

async function sendMailing(run: JobRun): Promise<string> {
  const { db, job } = run
  const { mailing: id } = job.payload as MailPayload
  await run.step((trx) => markLost(trx, id))
  await writeMessagesDown(run)
  const mailing: Mailing = await db('mailings').where({ id }).first()
  while (await sendNext(run, mailing));
  return outcomeOf(db, id)
}

/** Sends one message; answers whether there may be more. */
async function sendNext(run: JobRun, mailing: Mailing): Promise<boolean> {
  const { db, job } = run
  const account = await accountFor(db, mailing.user_id)
  if (!account) return stopAll(run, mailing, t.noAccount)
  const password = readPassword(run, account)
  if (password instanceof Refusal) return stopAll(run, mailing, password.message)
  const claimed = await run.step((trx) => claimNext(trx, mailing.id, account))
  if (claimed === undefined) return false
  if (typeof claimed === 'string') throw new RetryAt(claimed)
  const outcome = await keptAlive(run, deliverMessage(run, mailing, { account, password }, claimed))
  const isOver = await noteOutcome(db, claimed, outcome, run.actor)
  if (isOver) job.done_count++
  await run.step(async () => {})
  const isGone = outcome.kind === 'later' && outcome.isForAll && isOver
  if (outcome.kind === 'account' || isGone) return stopAll(run, mailing, outcome.answer)
  return true
}

/** The password, or why it cannot be read here: the key may have stayed on another machine. */
function readPassword({ config }: JobRun, account: Account): string | null | Refusal {
  if (account.username && !account.sealed_password) return new Refusal({ message: t.account.passwordNeeded })
  try {
    return passwordOf(account, openSecrets(config.secretKeyFile))
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

/** Nobody's message would get through: says so at each, so that none seems to be under way. */
async function stopAll(run: JobRun, mailing: Mailing, words: string): Promise<never> {
  await run.step((trx) => failRest(trx, mailing.id, words))
  throw new Refusal({ message: t.accountRefused(words) })
}

type Through = { account: Account; password: string | null }

async function deliverMessage(run: JobRun, mailing: Mailing, through: Through, message: Message): Promise<Outcome> {
  const { account, password } = through
  const folder = fileFolder(run.config.dataDir)
  const attachments = await attachmentsOf(run.db, mailing)
  for (const { name, storage_name } of attachments) {
    const isThere = await access(storedPath(folder, storage_name)).then(
      () => true,
      () => false,
    )
    if (!isThere) return { kind: 'failed', answer: t.attachmentMissing(name) }
  }
  const writer = await run.db('users').where({ id: mailing.user_id }).first('name', 'email')
  const envelope = {
    from: account.sender_address,
    to: message.recipient_address,
    others: [...addressesIn(mailing.cc), ...addressesIn(mailing.bcc)],
  }
  const written = {
    message_id: message.message_id,
    from: { name: account.sender_name ?? writer.name, address: account.sender_address },
    replyTo: account.user_id === null ? writer.email : null,
    to: { name: message.recipient_name, address: message.recipient_address },
    cc: addressesIn(mailing.cc),
    subject: message.subject,
    body: message.body,
    attachments,
  }
  return deliver({ ...account, password }, envelope, () => contentOf(written, folder))
}

const beatMs = 8_000

/** Keeps the job while a slow server thinks, so that nobody takes it over; a wish to stop waits for the answer. */
async function keptAlive<T>({ step }: JobRun, work: Promise<T>): Promise<T> {
  const done = new AbortController()
  const beat = async () => {
    while (!done.signal.aborted) {
      await wait(beatMs, undefined, { signal: done.signal })
      await step(async () => {}).catch(() => {})
    }
  }
  const beating = beat().catch(() => {})
  try {
    return await work
  } finally {
    done.abort()
    await beating
  }
}

/** What became of the messages of a mailing, as a person reads it. */
export async function outcomeOf(db: Knex, id: number): Promise<string> {
  const states = await countStates(db, id)
  const { without_address_count, repeated_count } = await db('mailings').where({ id }).first()
  const parts = Object.entries(t.states).flatMap(([state, label]) => {
    const count = states[state as keyof typeof states]
    return count ? [t.outcomePart(label, showCount(count))] : []
  })
  if (without_address_count > 0) parts.push(t.withoutAddress(showCount(without_address_count)))
  if (repeated_count > 0) parts.push(t.repeated(showCount(repeated_count)))
  return t.outcome(text.common.listed(parts.length > 0 ? parts : [t.nobody]))
}
