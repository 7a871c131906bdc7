import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { type Reference, referenceAt } from '../../kernel/reference.ts'
import { text } from '../../kernel/texts/index.ts'
import { type Body, type FieldError, fieldError, formView, readForm, typedIn, written } from '../../kernel/web/form.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { conflictView, historyView, Stale, takeChoices, versionIn } from '../../kernel/web/record.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { newFormId, once } from '../../kernel/web/submissions.ts'
import { addDepartment, findDepartment, type StoredDepartment, saveDepartment } from './department.ts'
import { departmentFields, departmentKind } from './fields.ts'

const path = '/departments'

/** New departments, and changes of their names, heads and places. */
export function departmentFormRoutes(app: FastifyInstance) {
  const creating = { config: { permission: 'departments.create' as const } }
  const updating = { config: { permission: 'departments.update' as const }, schema: { params: idParams } }
  const referenceOf = (request: FastifyRequest) => referenceAt(app.db, request.revision)

  app.get<{ Querystring: Body }>('/departments/new', creating, async (request, reply) => {
    const typed = { parent_id: typedIn(request.query, 'parent_id') }
    return newPage(reply, { typed, reference: await referenceOf(request) })
  })

  app.post<{ Body: Body }>('/departments', creating, async (request, reply) => {
    const typed = request.body ?? {}
    const reference = await referenceOf(request)
    const { values, errors } = readForm(departmentFields, typed, reference)
    if (errors.length > 0) return newPage(reply.code(422), { typed, errors, reference })
    const add = async (trx: Knex) => `${path}#department-${await addDepartment(trx, values, request.actor)}`
    try {
      const address = await once(app.db, typed, add)
      await request.flash(text.departments.saved(String(values.name)))
      return reply.redirect(address, 303)
    } catch (error) {
      return newPage(reply.code(422), { typed, errors: refusedAt(error), reference })
    }
  })

  app.get<IdParams>('/departments/:id/edit', updating, async (request, reply) => {
    const department = await findDepartment(app.db, request.params.id)
    const typed = written(departmentFields, department)
    const { version } = department
    return editPage(app.db, reply, department, { typed, version, reference: await referenceOf(request) })
  })

  app.post<IdParams & { Body: Body }>('/departments/:id', updating, async (request, reply) => {
    const before = await findDepartment(app.db, request.params.id)
    const reference = await referenceOf(request)
    const typed = takeChoices(departmentKind, request.body ?? {}, before)
    const { values, errors } = readForm(departmentFields, typed, reference)
    const form = { typed, version: versionIn(typed), reference }
    if (errors.length > 0) return editPage(app.db, reply.code(422), before, { ...form, errors })
    try {
      await app.db.transaction((trx) => saveDepartment(trx, before, { ...form, values, actor: request.actor }))
    } catch (error) {
      if (!(error instanceof Stale))
        return editPage(app.db, reply.code(422), before, { ...form, errors: refusedAt(error) })
      const theirs = await findDepartment(app.db, before.id)
      const mine = { ...form, theirs, yours: values, action: `${path}/${before.id}`, cancelHref: path }
      const conflict = await conflictView(app.db, departmentKind, mine)
      return reply.code(409).page('shared/conflict', { title: text.record.conflictTitle, ...conflict })
    }
    await request.flash(text.departments.saved(String(values.name)))
    return reply.redirect(`${path}#department-${before.id}`, 303)
  })
}

type Form = { typed: Body; errors?: FieldError[]; reference: Reference }

function refusedAt(error: unknown): FieldError[] {
  const field = error instanceof Refusal && departmentFields.find(({ name }) => name === error.field)
  if (!field) throw error
  return [fieldError(field, error.message)]
}

const groups = [{ title: '', fields: departmentFields }]

function newPage(reply: FastifyReply, form: Form) {
  const address = { action: path, cancelHref: path }
  const view = formView({ id: 'department', groups, formId: newFormId(), ...address, ...form })
  return reply.page('shared/form', { title: text.departments.create, ...view })
}

async function editPage(
  db: Knex,
  reply: FastifyReply,
  { id, name }: StoredDepartment,
  form: Form & { version: number },
) {
  const history = await historyView(db, departmentKind, id)
  const address = { action: `${path}/${id}`, cancelHref: path }
  const view = formView({ id: 'department', groups, ...address, ...form })
  return reply.page('shared/form', { title: text.departments.edit(name), history, ...view })
}
