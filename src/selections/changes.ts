import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { BulkChange } from '../customers/bulk.ts'
import { type Reference, referenceAt } from '../reference.ts'
import { settingsAt } from '../settings.ts'
import { text } from '../texts/index.ts'
import type { Field } from '../web/fields.ts'
import { type Body, type FieldError, formView, readForm } from '../web/form.ts'
import { idParams } from '../web/params.ts'
import { showCount } from '../web/show.ts'
import { newFormId } from '../web/submissions.ts'
import { bulkFields } from './acts.ts'
import { listOf, work } from './back.ts'
import { findSelection, type Selection } from './selection.ts'
import type { Work } from './work.ts'

type Params = { Params: { id: number; field: string } }
const field = { type: 'string', enum: bulkFields.map(({ name }) => name) }
const params = { ...idParams, required: ['id', 'field'], properties: { ...idParams.properties, field } }

/** One value for all that is selected. */
export function changeRoutes(app: FastifyInstance) {
  const options = { config: { permission: 'customers.update' as const }, schema: { params } }
  const path = '/customers/selections/:id/changes/:field'

  app.get<Params>(path, options, async (request, reply) => formPage(reply, await asked(app, request)))

  app.post<Params & { Body: Body }>(path, options, async (request, reply) => {
    const form = await asked(app, request)
    const { values, errors } = readForm([form.field], request.body, form.reference)
    if (errors.length > 0) return formPage(reply.code(422), { ...form, typed: request.body, errors })
    const value = (values[form.field.name] ?? null) as number | null
    return work(app, request, reply, form.selection, workOf(form, value))
  })
}

type Form = { selection: Selection; field: Field; reference: Reference; typed?: Body; errors?: FieldError[] }

async function asked(app: FastifyInstance, request: FastifyRequest<Params>): Promise<Form> {
  const { requiredCustomerFields } = await settingsAt(app.db, request.revision)
  const declared = bulkFields.find(({ name }) => name === request.params.field) as Field
  return {
    selection: await findSelection(app.db, request.params.id, request.user?.id as number),
    field: { ...declared, isRequired: declared.isRequired || requiredCustomerFields.includes(declared.name) },
    reference: await referenceAt(app.db, request.revision),
  }
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

function formPage(reply: FastifyReply, { selection, field, reference, typed = {}, errors = [] }: Form) {
  const count = showCount(selection.row_count)
  const view = formView({
    id: 'selection',
    groups: [{ title: text.selections.count(count), fields: [{ ...field, hint: text.selections.changeHint }] }],
    typed,
    errors,
    reference,
    formId: newFormId(),
    action: `/customers/selections/${selection.id}/changes/${field.name}`,
    cancelHref: listOf(selection),
    submitLabel: text.selections.submit,
  })
  const act = field.name.startsWith('tag') ? field.label : text.selections.change(field.label)
  return reply.page('shared/form', { title: text.selections.changeTitle(act, count), ...view })
}
