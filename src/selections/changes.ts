import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { BulkChange } from '../customers/bulk.ts'
import type { Permission } from '../permissions.ts'
import { type Reference, referenceAt } from '../reference.ts'
import { settingsAt } from '../settings.ts'
import { text } from '../texts/index.ts'
import type { Field } from '../web/fields.ts'
import { type Body, type FieldError, formView, readForm, switchedOffErrors } from '../web/form.ts'
import type { SelectableList } from '../web/list.ts'
import { changeLabel } from '../web/list-acts.ts'
import { idParams } from '../web/params.ts'
import { showCount } from '../web/show.ts'
import { newFormId } from '../web/submissions.ts'
import { listOf, pathOf, work } from './back.ts'
import { findSelection, type Selection } from './selection.ts'
import type { Work } from './work.ts'

type Params = { Params: { id: number; field: string } }

/** One value for all that is selected. */
export function changeRoutes(app: FastifyInstance, list: SelectableList, permission: Permission) {
  const { fields, noun } = list.selection
  const field = { type: 'string', enum: fields.map(({ name }) => name) }
  const params = { ...idParams, required: ['id', 'field'], properties: { ...idParams.properties, field } }
  const options = { config: { permission }, schema: { params } }
  const path = `${list.path}/selections/:id/changes/:field`

  app.get<Params>(path, options, async (request, reply) => formPage(reply, await asked(request)))

  app.post<Params & { Body: Body }>(path, options, async (request, reply) => {
    const form = await asked(request)
    const { values, errors } = readForm([form.field], request.body, form.reference)
    errors.push(...switchedOffErrors([form.field], values, form.reference))
    if (errors.length > 0) return formPage(reply.code(422), { ...form, typed: request.body, errors })
    const value = (values[form.field.name] ?? null) as number | null
    return work(app, request, reply, form.selection, workOf(form, value))
  })

  async function asked(request: FastifyRequest<Params>): Promise<Form> {
    const { requiredCustomerFields } = await settingsAt(app.db, request.revision)
    const declared = fields.find(({ name }) => name === request.params.field) as Field
    return {
      selection: await findSelection(app.db, list, request.params.id, request.user?.id as number),
      noun,
      field: { ...declared, isRequired: declared.isRequired || requiredCustomerFields.includes(declared.name) },
      reference: await referenceAt(app.db, request.revision),
    }
  }
}

type Form = {
  selection: Selection
  noun: string
  field: Field
  reference: Reference
  typed?: Body
  errors?: FieldError[]
}

function workOf({ field, reference }: Form, value: number | null): Work {
  const shown = field.kind.show(value, field, reference)
  if (field.name === 'tag') return { label: text.selections.tagged(shown), change: tagChange(value, false) }
  if (field.name === 'tag_removed') return { label: text.selections.untagged(shown), change: tagChange(value, true) }
  const { setTo, cleared } = text.selections
  const label = value === null ? cleared(field.label) : setTo(field.label, shown)
  return { label, change: { column: field.name, value } }
}

const tagChange = (value: number | null, isRemoved: boolean): BulkChange => ({ tag: value as number, isRemoved })

function formPage(reply: FastifyReply, { selection, noun, field, reference, typed = {}, errors = [] }: Form) {
  const count = showCount(selection.row_count)
  const title = text.selections.count(count, noun)
  const view = formView({
    id: 'selection',
    groups: [{ title, fields: [{ ...field, hint: hintOf(field, noun, reference) }] }],
    typed,
    errors,
    reference,
    formId: newFormId(),
    action: pathOf(selection, `changes/${field.name}`),
    cancelHref: listOf(selection),
    submitLabel: text.selections.submit,
  })
  return reply.page('shared/form', { title: text.selections.changeTitle(changeLabel(field), count, noun), ...view })
}

const hintOf = ({ options }: Field, noun: string, reference: Reference) =>
  options?.(reference).length === 0 ? text.selections.noOptions : text.selections.changeHint(noun)
