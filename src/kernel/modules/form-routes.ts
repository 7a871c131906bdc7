import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { type Reference, referenceAt } from '../reference.ts'
import type { Access, AccessOf } from '../web/access.ts'
import { sendConflict } from '../web/conflict.ts'
import { flashDoubts } from '../web/field-remarks.ts'
import { keepBoxes } from '../web/field-rules.ts'
import type { Field } from '../web/fields.ts'
import { type Body, type FieldError, formView, typedIn, type Values, written } from '../web/form.ts'
import { type IdParams, idParams } from '../web/params.ts'
import { Stale, takeChoices, versionIn } from '../web/record.ts'
import { newFormId, once } from '../web/submissions.ts'
import { moduleNamed, wordsOf } from './catalogue.ts'
import { fieldsFor, keptOwner, type Preset, presetsFor, read } from './form-values.ts'
import { recordHistory, valuesSince } from './history.ts'
import { linksAmong, withNames } from './link-names.ts'
import { lookUpLinks } from './link-typed.ts'
import { type Module, nameOf, ownerColumn, placeOf, rightOf, type Stored } from './module.ts'
import type { Mount } from './mount.ts'
import { findRecord, kindOf } from './records.ts'
import { addChecked, refusedBy, saveChecked } from './saving.ts'

/** New records of a module, and changes of them, also by two people at once. */
export function formRoutes(app: FastifyInstance, mount: Mount) {
  const [create, update] = [mount.right('create'), mount.right('update')]
  if (create) creationRoutes(app, mount, create)
  if (update) editRoutes(app, mount, update)
}

type Right = Access | AccessOf
type Form = { typed: Body; errors?: FieldError[]; reference: Reference; fields: Field[]; preset: Preset }
type Edit = Omit<Form, 'preset'> & { record: Stored; version: number }

const referenceOf = (app: FastifyInstance, request: FastifyRequest) => referenceAt(app.db, request.revision)

function creationRoutes(app: FastifyInstance, { path: place, of }: Mount, permission: Right) {
  const options = { config: { permission } }
  const formOf = async (request: FastifyRequest) => ({
    fields: fieldsFor(of(request), request),
    reference: await referenceOf(app, request),
  })

  app.get<{ Querystring: Body }>(`${place}/new`, options, async (request, reply) => {
    const module = of(request)
    const preset = await presetsFor(app.db, module, request, request.query)
    const form = await formOf(request)
    const filled = filledIn(form.fields, request.query)
    const { fields, body: typed } = await lookUpLinks(app.db, request.viewer, form.fields, { body: filled })
    return newPage(reply, module, { ...form, fields, typed, preset })
  })

  app.post<{ Body: Body }>(place, options, async (request, reply) => {
    const module = of(request)
    const preset = await presetsFor(app.db, module, request, request.body)
    const asked = await formOf(request)
    const { fields, body: typed } = await lookUpLinks(app.db, request.viewer, asked.fields, { body: request.body })
    const form = { ...asked, fields, typed, preset }
    const { values, errors } = read(form)
    if (errors.length > 0) return newPage(reply.code(422), module, { ...form, errors })
    let made = nameOf(module, values)
    const add = async (trx: Knex) => {
      const run = { trx, actor: request.actor, viewer: request.viewer, reference: form.reference }
      const record = await addChecked(run, module, values)
      made = nameOf(module, record)
      return placeOf(module, record)
    }
    try {
      const location = await once(app.db, request.body, add)
      await request.flash(wordsOf(module).saved(made))
      await flashDoubts(request, form.fields, values)
      return reply.redirect(location, 303)
    } catch (error) {
      const refused = await refusedBy(app.db, module, error, { values })
      return newPage(reply.code(422), module, { ...form, errors: refused })
    }
  })
}

function editRoutes(app: FastifyInstance, { path: place, of }: Mount, permission: Right) {
  const options = { config: { permission }, schema: { params: idParams } }
  const formOf = async (request: FastifyRequest<IdParams>) => {
    const module = of(request)
    const record = await findRecord(app.db, module, request.viewer, request.params.id, rightOf(module, 'update'))
    return { module, record, fields: fieldsFor(module, request, record), reference: await referenceOf(app, request) }
  }

  app.get<IdParams>(`${place}/:id/edit`, options, async (request, reply) => {
    const { module, ...form } = await formOf(request)
    const { record } = form
    const fields = await withNames(app.db, request.viewer, form.fields, [record])
    return editPage(app.db, request, reply, module, {
      ...form,
      fields,
      typed: written(fields, record),
      version: record.version,
    })
  })

  app.post<IdParams & { Body: Body }>(`${place}/:id`, options, async (request, reply) => {
    const { module, ...parts } = await formOf(request)
    const { record } = parts
    const chosen = takeChoices({ ...kindOf(module), fields: parts.fields }, request.body, record)
    const looked = { body: chosen, before: record }
    const { fields, body: typed } = await lookUpLinks(app.db, request.viewer, parts.fields, looked)
    const form = { ...parts, fields, typed, version: versionIn(typed) }
    const { values, errors } = read({ ...form, preset: keptOwner(module, record) }, record)
    if (errors.length > 0) return editPage(app.db, request, reply.code(422), module, { ...form, errors })
    try {
      await app.db.transaction((trx) => {
        const run = { trx, actor: request.actor, viewer: request.viewer, reference: form.reference }
        return saveChecked(run, module, record, { version: form.version, values })
      })
    } catch (error) {
      if (error instanceof Stale) return conflictPage(app.db, request, reply, module, { ...form, values })
      const refused = await refusedBy(app.db, module, error, { values, before: record })
      return editPage(app.db, request, reply.code(422), module, { ...form, errors: refused })
    }
    await request.flash(wordsOf(module).saved(nameOf(module, { ...record, ...values })))
    await flashDoubts(request, fields, values, record)
    return reply.redirect(placeOf(module, record), 303)
  })
}

/** What an address fills in of a new record. */
const filledIn = (fields: Field[], query: Body): Body =>
  Object.fromEntries(fields.filter(({ name }) => name in query).map(({ name }) => [name, query[name]]))

const view = (module: Module, fields: Field[]) => ({
  id: module.name,
  groups: [{ title: module.isCardless ? '' : wordsOf(module).basic, fields }],
})

function newPage(reply: FastifyReply, module: Module, { fields, preset, typed, ...parts }: Form) {
  const formId = typedIn(typed, 'form_id') || newFormId()
  const sent = Object.fromEntries(Object.entries(preset).map(([name, value]) => [name, String(value)]))
  const asked = new Set(fields.map(({ name }) => name))
  const hidden = Object.fromEntries(Object.entries(sent).filter(([name]) => !asked.has(name)))
  const form = { ...parts, typed: { ...sent, ...typed }, hidden }
  const address = { formId, action: module.path, cancelHref: cancelHref(module, preset) }
  return reply.page('shared/form', {
    title: wordsOf(module).create,
    ...formView({ ...view(module, fields), ...address, ...form }),
  })
}

/** Back to the list, or to the record it would hang on. */
function cancelHref({ path, owner }: Module, preset: Preset) {
  const above = owner !== 'nobody' && 'module' in owner && moduleNamed(owner.module)
  return above ? `${above.path}/${preset[ownerColumn(owner as never)]}` : path
}

async function editPage(
  db: Knex,
  { viewer }: FastifyRequest,
  reply: FastifyReply,
  module: Module,
  { record, fields, ...form }: Edit,
) {
  const address = { action: `${module.path}/${record.id}`, cancelHref: placeOf(module, record) }
  return reply.page('shared/form', {
    title: wordsOf(module).edit,
    ...(module.isCardless && { history: await recordHistory(db, module, viewer, record.id) }),
    ...formView({ ...view(module, fields), ...address, ...form }),
  })
}

async function conflictPage(
  db: Knex,
  request: FastifyRequest,
  reply: FastifyReply,
  module: Module,
  { record, fields, typed, values, version, reference }: Edit & { values: Values },
) {
  const theirs = await findRecord(db, module, request.viewer, record.id)
  const rows = linksAmong(fields).length > 0 ? await valuesSince(db, module, record.id, version) : []
  const named = await withNames(db, request.viewer, fields, [theirs, values, ...rows])
  const extras = keepBoxes(fields).map(({ name }) => ({ name, value: typedIn(typed, name) }))
  const parts = {
    theirs,
    yours: values,
    version,
    path: `${module.path}/${record.id}`,
    backHref: placeOf(module, record),
    extras,
    reference,
  }
  return sendConflict(db, reply, { ...kindOf(module), fields: named }, parts)
}
