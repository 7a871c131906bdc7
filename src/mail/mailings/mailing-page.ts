import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { showSize } from '../../kernel/files/size.ts'
import { referenceAt } from '../../kernel/reference.ts'
import { kindOf } from '../../kernel/selections/kinds.ts'
import { type Selection, selectedList } from '../../kernel/selections/selection.ts'
import { showCount } from '../../kernel/web/formatting.ts'
import { listPage } from '../../kernel/web/list-page.ts'
import { newFormId } from '../../kernel/web/submissions.ts'
import { text } from '../../texts/index.ts'
import { accountFor } from '../accounts/account.ts'
import { attachmentLinks, filesOfRecord, mostBytes } from '../messages/attachable.ts'
import { shownAddress } from '../messages/writing.ts'
import { attachmentsOf, type Mailing } from './mailing.ts'
import { progressOf, wholeIn } from './mailing-progress.ts'
import { asHeading, merged } from './merge.ts'
import { type Found, recipientNow } from './recipients.ts'
import { countToSend, recipientsIn, writerOf } from './selected.ts'

const t = text.mail

/** A draft with its preview, or what became of it once it was started. */
export async function mailingPage(
  app: FastifyInstance,
  request: FastifyRequest,
  reply: FastifyReply,
  mailing: Mailing,
  refused?: string,
) {
  const path = `/mailings/${mailing.id}`
  const files = await attachmentsOf(app.db, mailing)
  const attachments = attachmentLinks(files, path)
  if (mailing.started_at) {
    const progress = await progressOf(app.db, request.viewer, mailing, request.query as Record<string, unknown>)
    return reply.page('mail/mailing', { ...progress, mailing, path, attachments })
  }
  const preview = await previewOf(app.db, request, mailing)
  const own = await filesOfRecord(app.db, request, mailing)
  return reply.page('mail/draft', {
    title: t.draftTitle((!preview.isMany && preview.shown?.subject) || asHeading(mailing.subject)),
    mailing,
    path,
    attachments,
    ...preview,
    isReady: Boolean(await accountFor(app.db, request.viewer.id)),
    errors: refused ? [{ field: 'file', label: t.fields.attachments, message: refused }] : [],
    formId: 'attachment',
    formIds: { upload: newFormId(), files: newFormId() },
    upload: {
      name: 'file',
      label: t.upload,
      kind: 'file',
      value: '',
      hint: t.uploadHint(showSize(mostBytes)),
      isWide: true,
    },
    refused,
    files: own.map(({ id, name, size_bytes }) => ({ id, name, size: showSize(size_bytes) })),
  })
}

const perPage = 10

/** Whom a draft goes to, a page of them, and what one of them would get. */
async function previewOf(db: Knex, request: FastifyRequest, mailing: Mailing) {
  const { viewer, revision } = request
  const asked = request.query as Record<string, unknown>
  const { found, total, sent, page, pages, noun } = await foundFor(db, request, mailing, wholeIn(asked.page))
  const writer = await writerOf(db, revision, viewer.id)
  const recipients = found.flatMap(({ recipient }) => recipient ?? [])
  const at = Math.min(wholeIn(asked.at), Math.max(1, recipients.length))
  const recipient = recipients[at - 1]
  const to = (change: Record<string, number>) =>
    `?${new URLSearchParams({ page: `${page}`, at: `${at}`, ...strings(change) })}`
  return {
    isMany: mailing.selection_id !== null,
    note: mailing.selection_id === null ? null : t.recipientsNote(showCount(total), noun),
    sendLabel: mailing.selection_id === null ? t.send : sent === null ? t.sendAll : t.sendCount(showCount(sent)),
    rows: found.map(({ name, recipient }) => ({
      name,
      recipient: recipient
        ? t.recipientOption(recipient.name === name ? '' : recipient.name, shownAddress(viewer, recipient.address))
        : t.noAddressShort,
    })),
    shown: recipient && {
      name: t.previewOf(recipient.name),
      subject: merged(mailing.subject, { recipient, writer }),
      body: merged(mailing.body, { recipient, writer }),
    },
    previousHref: at > 1 ? to({ at: at - 1 }) : page > 1 ? to({ page: page - 1, at: 1 }) : null,
    nextHref: at < recipients.length ? to({ at: at + 1 }) : page < pages ? to({ page: page + 1, at: 1 }) : null,
  }
}

const strings = (change: Record<string, number>) =>
  Object.fromEntries(Object.entries(change).map(([name, value]) => [name, String(value)]))

type Recipients = { found: Found[]; total: number; sent: number | null; page: number; pages: number; noun: string }

async function foundFor(db: Knex, request: FastifyRequest, mailing: Mailing, page: number): Promise<Recipients> {
  const { viewer } = request
  if (mailing.selection_id === null) {
    const chosen = await recipientNow(db, viewer, mailing)
    const found = chosen ? [{ id: chosen.record_id, name: chosen.record.name, recipient: chosen }] : []
    return { found, total: found.length, sent: found.length, page: 1, pages: 1, noun: '' }
  }
  const selection: Selection | undefined = await db('selections').where({ id: mailing.selection_id }).first()
  if (!selection) return { found: [], total: 0, sent: 0, page: 1, pages: 1, noun: '' }
  const reference = await referenceAt(db, request.revision)
  const { list, query } = selectedList(selection, kindOf(selection).list, { viewer, reference })
  const rows = await listPage(db, list, { ...query, page, per: perPage })
  const ids = rows.rows.map(({ id }) => id as number)
  const found = await recipientsIn(db, viewer, selection, ids)
  const noun = kindOf(selection).list.selection.noun
  const sent = await countToSend(db, request, selection)
  return { found, total: selection.row_count, sent, page: rows.page, pages: rows.pages, noun }
}
