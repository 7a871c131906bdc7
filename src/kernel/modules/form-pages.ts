import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import type { Reference } from '../reference.ts'
import { keepBoxes } from '../web/field-rules.ts'
import type { Field } from '../web/fields.ts'
import { type Body, type FieldError, typedIn } from '../web/form.ts'
import { formView } from '../web/form-view.ts'
import { sayOnCard } from '../web/on-card.ts'
import { newFormId, nextButton } from '../web/submissions.ts'
import type { Above } from './above.ts'
import { acceptedName, type alikeView } from './alike.ts'
import { groupsOf } from './card-items.ts'
import { wordsOf } from './catalogue.ts'
import type { Preset } from './form-values.ts'
import { recordHistory } from './history.ts'
import type { TypedLines } from './line-typed.ts'
import { lineForms } from './line-views.ts'
import { type Module, ownerColumn, type Stored } from './module.ts'
import type { FormPage } from './page-views.ts'
import { addressOf, collectionOf, placeOf } from './record-address.ts'

type Parts = {
  typed: Body
  errors?: FieldError[]
  reference: Reference
  fields: Field[]
  lines: TypedLines[]
  /** The lines of which further rows were asked for. */
  more?: string | undefined
  /** Records that are perhaps the same. */
  duplicates?: Awaited<ReturnType<typeof alikeView>>
}
/** A form for a new record. */
export type Form = Parts & {
  preset: Preset
  above?: Above | undefined
  isOnCard?: boolean
  /** Where one came from, and goes back to. */
  back?: string | undefined
}

/** A form for one that is there; `isSent` where somebody sent it before. */
export type Edit = Parts & { record: Stored; version: number; isSent: boolean }

const view = (module: Module, fields: Field[]) => ({
  id: module.name,
  groups: groupsOf(module, fields).filter((group) => group.fields.length > 0),
  short: module.short,
})

export function newPage(
  reply: FastifyReply,
  module: Module,
  { fields, preset, above, typed, lines, more, duplicates, isOnCard, back, ...parts }: Form,
) {
  const formId = typedIn(typed, 'form_id') || newFormId()
  const sent = Object.fromEntries(Object.entries(preset).map(([name, value]) => [name, String(value)]))
  const asked = new Set(fields.map(({ name }) => name))
  const isSaid = (name: string) => asked.has(name) || module.under !== undefined
  const unsaid = Object.fromEntries(Object.entries(sent).filter(([name]) => !isSaid(name)))
  const hidden = { ...unsaid, ...(isOnCard && { on_card: 'true' }), ...(back && { back }) }
  const form = { ...parts, typed: { ...sent, ...typed }, hidden }
  const action = collectionOf(module, preset)
  const cancelHref = back ?? (((isOnCard || !module.under) && above?.href) || action)
  const address = { formId, action, cancelHref, otherSubmits: isOnCard ? [] : [nextButton] }
  if (reply.statusCode === 422 && isOnCard) sayOnCard(reply, module.name)
  return sendForm(reply, module, undefined, {
    title: above ? wordsOf(module).createFor(above.name) : wordsOf(module).create,
    duplicates,
    lines: lineForms(lines, { ...parts, action, isNew: true, isSent: 'form_id' in typed, more }),
    reference: form.reference,
    ...formView({ ...view(module, fields), ...address, ...form }),
  })
}

/** The form for one more, which hangs on the same. */
export function newAddress(module: Module, preset: Preset, above: Above | undefined) {
  const on = above && !module.under && module.owner !== 'nobody' ? `?${ownerColumn(module.owner)}=${above.id}` : ''
  return `${collectionOf(module, preset)}/new${on}`
}

type Sent = Omit<FormPage, 'view'> & { reference: Reference } & Record<string, unknown>

function sendForm(reply: FastifyReply, module: Module, record: Stored | undefined, { reference, ...parts }: Sent) {
  const usual = { view: 'shared/form', ...parts }
  const { view, ...page } = module.form?.(usual, { viewer: reply.request.viewer, reference, record }) ?? usual
  return reply.page(view, page)
}

export async function editPage(
  db: Knex,
  { viewer }: FastifyRequest,
  reply: FastifyReply,
  module: Module,
  { record, fields, lines, more, isSent, duplicates, ...form }: Edit,
) {
  const address = { action: addressOf(module, record), cancelHref: placeOf(module, record) }
  return sendForm(reply, module, record, {
    title: wordsOf(module).edit,
    duplicates,
    lines: lineForms(lines, { ...form, action: address.action, isNew: false, isSent, more }),
    ...(module.isCardless && { history: await recordHistory(db, module, viewer, record) }),
    reference: form.reference,
    ...formView({ ...view(module, fields), ...address, ...form }),
  })
}

/** What else stands in a form beside its fields and must not be lost where two saved at once. */
export const boxesOf = (module: Module, fields: Field[]): string[] => [
  ...keepBoxes(fields).map(({ name }) => name),
  ...(module.alike ? [acceptedName] : []),
]
