import type { Knex } from 'knex'
import { currentRevision } from '../../kernel/db/cache-revision.ts'
import { foldKey } from '../../kernel/db/fold-key.ts'
import type { JobRun } from '../../kernel/jobs/runner.ts'
import { moduleAt } from '../../kernel/modules/catalogue.ts'
import { type Reference, referenceAt } from '../../kernel/reference.ts'
import { kindOf } from '../../kernel/selections/kinds.ts'
import { meantRows, resolveStep, type Selection, selectedList } from '../../kernel/selections/selection.ts'
import { settingsAt } from '../../kernel/settings/settings.ts'
import { listPage } from '../../kernel/web/list-page.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { viewerAt } from '../../kernel/web/viewers.ts'
import { text } from '../../texts/index.ts'
import { accountFor } from '../accounts/account.ts'
import { addMessages } from '../messages/message.ts'
import type { Mailing, MailPayload } from './mailing.ts'
import type { Writer } from './merge.ts'
import { type Found, recipientsOf } from './recipients.ts'

const perStep = 200

/** Whom the rows of a selection are written to. */
export function recipientsIn(db: Knex, viewer: Viewer, { list }: Selection, ids: number[]): Promise<Found[]> {
  const module = moduleAt(list)
  if (!module) throw new Refusal({ message: text.mail.selectionGone })
  return recipientsOf(db, viewer, module, ids)
}

/** So many can be looked at while somebody waits for the page. */
const mostCounted = 1_000

type Asking = { viewer: Viewer; revision: number }

/** How many messages a selection comes to, one for each different address; null where there are too many to look at. */
export async function countToSend(
  db: Knex,
  { viewer, revision }: Asking,
  selection: Selection,
): Promise<number | null> {
  if (selection.row_count > mostCounted) return null
  const reference = await referenceAt(db, revision)
  const { list, query } = selectedList(selection, kindOf(selection).list, { viewer, reference })
  const addresses = new Set<string>()
  for (let page = 1, pages = 1; page <= pages; page++) {
    const some = await listPage(db, list, { ...query, page, per: perStep })
    const ids = some.rows.map(({ id }) => id as number)
    for (const { recipient } of await recipientsIn(db, viewer, selection, ids))
      if (recipient) addresses.add(foldKey(recipient.address))
    pages = some.pages
  }
  return addresses.size
}

/** Who writes, for the merge fields. */
export async function writerOf(db: Knex, revision: number, userId: number): Promise<Writer> {
  const { name, mobile, extension } = await db('users').where({ id: userId }).first('name', 'mobile', 'extension')
  return { name, phone: mobile ?? extension ?? '', company: (await settingsAt(db, revision)).companyName }
}

export const domainOf = (address: string | undefined) => address?.split('@').at(-1) ?? 'localhost'

/** Writes a message for each row of the selection down, step by step, with the rights as they stand now. */
export async function writeMessagesDown(run: JobRun) {
  const { mailing: id } = run.job.payload as MailPayload
  const mailing: Mailing = await run.db('mailings').where({ id }).first()
  if (mailing.selection_id === null || (run.job.payload as MailPayload).last < 0) return
  const selection: Selection | undefined = await run.db('selections').where({ id: mailing.selection_id }).first()
  if (!selection) throw new Refusal({ message: text.mail.selectionGone })
  let isMore = true
  while (isMore) {
    const revision = await currentRevision(run.db)
    const by = {
      viewer: await viewerAt(run.db, revision, mailing.user_id),
      reference: await referenceAt(run.db, revision),
      writer: await writerOf(run.db, revision, mailing.user_id),
    }
    isMore = await run.step((trx) => oneStep(trx, run, mailing, selection, by))
  }
}

type By = { viewer: Viewer; reference: Reference; writer: Writer }

async function oneStep(trx: Knex, { job }: JobRun, mailing: Mailing, selection: Selection, by: By): Promise<boolean> {
  const payload = job.payload as MailPayload
  if (payload.resolved !== null && selection.is_whole) {
    const next = await resolveStep(trx, selection, kindOf(selection).list, payload.resolved, by)
    job.payload = { ...payload, resolved: next ?? null }
    return true
  }
  const meant = await meantRows(trx, selection, payload.last, perStep)
  const ids = meant.map(({ id }) => id)
  const found = await recipientsIn(trx, by.viewer, selection, ids)
  const recipients = found.flatMap(({ recipient }) => recipient ?? [])
  const account = await accountFor(trx, mailing.user_id)
  const domain = domainOf(account?.sender_address)
  const { repeated } = await addMessages(trx, mailing, recipients, { writer: by.writer, domain })
  await trx('mailings')
    .where({ id: mailing.id })
    .increment({
      without_address_count: meant.length - recipients.length,
      repeated_count: repeated,
    })
  const isMore = meant.length === perStep
  job.payload = { ...payload, resolved: null, last: isMore ? (ids.at(-1) as number) : -1 }
  if (!isMore) job.total_count = await countMessages(trx, mailing.id)
  return isMore
}

async function countMessages(trx: Knex, mailing_id: number): Promise<number> {
  const row = await trx('mail_messages').where({ mailing_id }).count({ row_count: '*' }).first()
  return Number(row?.row_count ?? 0)
}
