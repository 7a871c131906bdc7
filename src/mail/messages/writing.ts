import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { maskMail } from '../../kernel/china/masking.ts'
import { type Reference, referenceAt } from '../../kernel/reference.ts'
import { code, type Field } from '../../kernel/web/fields.ts'
import { type Body, type FieldError, readForm, typedIn, type Values } from '../../kernel/web/form.ts'
import { formView } from '../../kernel/web/form-view.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { text } from '../../texts/index.ts'
import { accountFor } from '../accounts/account.ts'
import { type Addressed, addMailing, findMailing, type Mailing, startMailing } from '../mailings/mailing.ts'
import { contentFields, type Recipient, type To, toOf } from '../mailings/merge.ts'
import { recipientNow } from '../mailings/recipients.ts'
import { countToSend, domainOf, writerOf } from '../mailings/selected.ts'
import { oneOf } from '../mailings/written-to.ts'
import { findTemplate, templateChoices } from '../templates/templates.ts'
import { copyFields } from './addresses.ts'
import { addMessages } from './message.ts'

const t = text.mail

/** An address as this person may read it. */
export const shownAddress = (viewer: Viewer, address: string) => (viewer.isMasked('mail') ? maskMail(address) : address)

/** A recipient by the way it stands in a form, which says no address. */
export function recipientValue({ record_type, recipient_type, recipient_id }: Pick<Mailing, keyof To>) {
  const one = oneOf(recipient_type ?? '')
  return recipient_type === record_type ? one : `${one}-${recipient_id}`
}

/** To whom a form says that a message goes. */
export const chosenTo = (recipients: Recipient[], value: unknown): To =>
  toOf(recipients.find((recipient) => recipientValue(recipient) === value) as Recipient)

/** The fields of a message to one recipient. */
export const singleFields = (recipients: Recipient[], viewer: Viewer): Field[] => [
  {
    name: 'recipient',
    label: t.fields.recipient,
    kind: code,
    isRequired: true,
    isWide: true,
    options: () =>
      recipients.map((recipient) => ({
        value: recipientValue(recipient),
        label: t.recipientOption(recipient.name, shownAddress(viewer, recipient.address)),
      })),
  },
  ...copyFields,
  ...contentFields,
]

export const selectionFields = contentFields

type Page = {
  title: string
  action: string
  cancelHref: string
  fields: Field[]
  typed: Body
  errors?: FieldError[]
  version?: number
  formId?: string
  hidden?: Record<string, string>
  /** Nobody writes to many without having seen what they get. */
  isPreviewedFirst?: boolean
  /** Where a template is chosen, and what of the address has to stay. */
  chooser?: { action: string; hidden: { name: string; value: string }[] }
}

export const writingId = 'mail'

/** The form in which a message is written, with the templates above it. */
export async function writingPage(app: FastifyInstance, request: FastifyRequest, reply: FastifyReply, page: Page) {
  const { title, fields, chooser, isPreviewedFirst = false, ...rest } = page
  const form = formView({
    id: writingId,
    groups: [{ title: '', fields }],
    reference: await referenceAt(app.db, request.revision),
    submitLabel: isPreviewedFirst ? t.toPreview : t.send,
    otherSubmits: isPreviewedFirst ? [] : [{ name: 'next', value: 'preview', label: t.toPreview }],
    ...rest,
  })
  const templates = chooser ? await templateChoices(app.db, request.viewer) : []
  const isReady = Boolean(await accountFor(app.db, request.viewer.id))
  return reply.page('mail/write', {
    title,
    ...form,
    isReady,
    chooser: templates.length > 0 ? { ...chooser, templates } : null,
  })
}

/** What a form begins with: the chosen template, and below it the person's signature. */
export async function beginning(db: Knex, viewer: Viewer, template: unknown): Promise<Body> {
  const id = Number(template)
  const chosen = Number.isInteger(id) && id > 0 ? await findTemplate(db, viewer, id) : { subject: '', body: '' }
  const options = await db('user_options').where({ user_id: viewer.id }).first('signature')
  const signature = options?.signature ? `\n\n${options.signature}` : ''
  return { subject: chosen.subject, body: chosen.body + signature }
}

/** Reads what was written; an account must be there for what is to be sent at once. */
export async function readWritten(
  db: Knex,
  { viewer, body }: FastifyRequest,
  fields: Field[],
  reference: Reference,
): Promise<{ values: Values; errors: FieldError[]; isSent: boolean }> {
  const typed = body as Body
  const { values, errors } = readForm(fields, typed, reference)
  const isSent = typedIn(typed, 'next') !== 'preview'
  if (isSent && errors.length === 0 && !(await accountFor(db, viewer.id)))
    errors.push({ field: '', label: '', message: t.noAccount })
  return { values, errors, isSent }
}

/** Keeps a draft and, where it is to be sent at once, starts it. Answers where one sees what becomes of it. */
export async function keepWritten(
  trx: Knex,
  request: FastifyRequest,
  to: Addressed,
  { recipient: _recipient, ...values }: Values,
  isSent: boolean,
): Promise<string> {
  const id = await addMailing(trx, request.viewer.id, to, values)
  if (isSent) await start(trx, request, await findMailing(trx, id, request.viewer.id))
  return `/mailings/${id}`
}

/** Starts a draft: of one to a single recipient the message is written down at once. */
export async function start(trx: Knex, request: FastifyRequest, mailing: Mailing) {
  const { viewer, actor, revision } = request
  if (mailing.selection_id !== null) {
    const selection = await trx('selections').where({ id: mailing.selection_id }).first()
    await startMailing(trx, mailing, selection ? await countToSend(trx, request, selection) : null, actor)
    return
  }
  const recipient = await recipientNow(trx, viewer, mailing)
  const writer = await writerOf(trx, revision, viewer.id)
  const account = await accountFor(trx, viewer.id)
  await startMailing(trx, mailing, 1, actor)
  await addMessages(trx, mailing, recipient ? [recipient] : [], { writer, domain: domainOf(account?.sender_address) })
}
