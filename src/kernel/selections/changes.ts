import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { text } from '../../texts/index.ts'
import { type Reference, referenceAt } from '../reference.ts'
import { type Body, type FieldError, readForm, switchedOffErrors, typedIn } from '../web/form.ts'
import { formView } from '../web/form-view.ts'
import { showCount } from '../web/formatting.ts'
import { changeLabel } from '../web/list-acts.ts'
import { idParams } from '../web/params.ts'
import { notFound, Refusal } from '../web/refusal.ts'
import type { BatchField } from '../web/selecting.ts'
import { newFormId } from '../web/submissions.ts'
import type { SelectionPlace } from './place.ts'
import { changeLines } from './preview.ts'
import { listOf, pathOf, work } from './run-work.ts'
import { findSelection, type Selection } from './selection.ts'
import type { Work } from './work.ts'

type Params = { Params: { id: number; field: string } }

type Value = string | number | null

/** What is chosen to leave a field empty: to choose nothing is no choice. */
export const nothing = '-'

/** One value for all that is selected: it is chosen, then a page says what that changes, then it is done. */
export function changeRoutes(app: FastifyInstance, { path: place, of, right }: SelectionPlace) {
  const permission = right('update')
  if (!permission) return
  const field = { type: 'string', maxLength: 60 }
  const params = { ...idParams, required: ['id', 'field'], properties: { ...idParams.properties, field } }
  const options = { config: { permission }, schema: { params } }
  const path = `${place}/selections/:id/changes/:field`

  app.get<Params & { Querystring: Body }>(path, options, async (request, reply) => {
    const form = await asked(request)
    if (request.query[form.field.name] === undefined)
      return formPage(reply, { ...form, typed: { [form.field.name]: typedIn(request.query, 'chosen') } })
    const { value, errors } = read(form, request.query)
    if (errors.length > 0) return formPage(reply.code(422), { ...form, typed: request.query, errors })
    const by = { viewer: request.viewer, reference: form.reference, act: 'update' as const }
    const { changed, lines } = await changeLines(app.db, form.selection, form.field, value, by)
    return reply.page('shared/confirm', confirmView({ ...form, typed: request.query }, value, changed, lines))
  })

  app.post<Params & { Body: Body }>(`${path}/options`, options, async (request, reply) => {
    const form = await asked(request)
    if (!form.making) throw new Refusal({ message: text.selections.notMade })
    const { values, errors } = readForm([form.making.field], request.body, form.reference)
    if (errors.length > 0) return formPage(reply.code(422), { ...form, made: { typed: request.body, errors } })
    const name = String(values[form.making.field.name])
    const { making } = form
    const id = await app.db.transaction((trx) => making.make(trx, name, request.actor))
    return reply.redirect(`${pathOf(form.selection, `changes/${form.field.name}`)}?chosen=${id}`, 303)
  })

  app.post<Params & { Body: Body }>(path, options, async (request, reply) => {
    const form = await asked(request)
    const { value, errors } = read(form, request.body)
    if (errors.length > 0) return formPage(reply.code(422), { ...form, typed: request.body, errors })
    return work(app, request, reply, form.selection, workOf(form, value))
  })

  async function asked(request: FastifyRequest<Params>): Promise<Form> {
    const list = of(request)
    const { fields, noun, required } = list.selection
    const declared = fields.find(({ name }) => name === request.params.field)
    if (!declared) throw notFound()
    const making = declared.tagging?.making
    const neverEmpty = (await required?.(app.db, request.revision)) ?? []
    return {
      selection: await findSelection(app.db, list, request.params.id, request.user?.id as number),
      noun,
      field: { ...declared, isRequired: true },
      mayBeEmpty: !declared.isRequired && !neverEmpty.includes(declared.name),
      reference: await referenceAt(app.db, request.revision),
      making: making && request.can(making.permission) ? making : undefined,
    }
  }
}

type Form = {
  selection: Selection
  noun: string
  field: BatchField
  /** The field can also be emptied. */
  mayBeEmpty: boolean
  reference: Reference
  /** How one that is not there is made, by who may. */
  making: NonNullable<BatchField['tagging']>['making']
  typed?: Body
  errors?: FieldError[]
  /** What was typed for it. */
  made?: { typed: Body; errors: FieldError[] }
}

function read({ field, mayBeEmpty, reference }: Form, typed: Body): { value: Value; errors: FieldError[] } {
  if (mayBeEmpty && typedIn(typed, field.name) === nothing) return { value: null, errors: [] }
  const { values, errors } = readForm([field], typed, reference)
  const value = (values[field.name] ?? null) as Value
  return { value, errors: [...errors, ...switchedOffErrors([field], values, reference)] }
}

const shownOf = ({ field, reference }: Form, value: Value) =>
  value === null ? text.selections.nothing : field.kind.show(value, field, reference)

function workOf(form: Form, value: Value): Work {
  const { field } = form
  const shown = shownOf(form, value)
  if (field.tagging) {
    const { column, isRemoved } = field.tagging
    const { tagged, untagged } = text.selections
    return { label: (isRemoved ? untagged : tagged)(shown), change: { column, one: value as number, isRemoved } }
  }
  const { setTo, cleared } = text.selections
  const label = value === null ? cleared(field.label) : setTo(field.label, shown)
  return { label, change: { column: field.name, value } }
}

const titleOf = ({ selection, noun, field }: Form) =>
  text.selections.changeTitle(changeLabel(field), showCount(selection.row_count), noun)

function formPage(reply: FastifyReply, form: Form) {
  const { selection, noun, field, mayBeEmpty, reference, making, typed = {}, errors = [] } = form
  const address = pathOf(selection, `changes/${field.name}`)
  const options = (at: Reference) => [
    ...(field.options?.(at) ?? []),
    ...(mayBeEmpty ? [{ value: nothing, label: text.selections.empty }] : []),
  ]
  const hint = field.options?.(reference).length === 0 ? text.selections.noOptions : text.selections.changeHint(noun)
  const title = text.selections.count(showCount(selection.row_count), noun)
  const view = formView({
    id: 'selection',
    method: 'get',
    groups: [{ title, fields: [{ ...field, options, hint }] }],
    typed,
    errors,
    reference,
    action: address,
    cancelHref: listOf(selection),
    submitLabel: text.selections.next,
  })
  const beside =
    making &&
    formView({
      id: 'making',
      groups: [{ title: '', fields: [making.field] }],
      typed: {},
      reference,
      ...form.made,
      action: `${address}/options`,
      cancelHref: address,
      submitLabel: text.selections.make,
    })
  return reply.page('shared/change', { title: titleOf(form), ...view, beside })
}

function confirmView(form: Form, value: Value, changed: number, lines: string[]) {
  const { selection, noun, field, typed = {} } = form
  const title = titleOf(form)
  const confirm = {
    title,
    text: text.selections.changes(workOf(form, value).label, showCount(changed), noun),
    details: [...lines, text.selections.changeHint(noun), text.selections.undoHint],
    action: pathOf(selection, `changes/${field.name}`),
    submitLabel: text.selections.submit,
    cancelHref: listOf(selection),
    hidden: [
      { name: field.name, value: typedIn(typed, field.name) },
      { name: 'form_id', value: newFormId() },
    ],
  }
  return { title, confirm }
}
