import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { type Reference, referenceAt } from '../reference.ts'
import type { Access, AccessOf } from '../web/access.ts'
import { flashDoubts } from '../web/field-remarks.ts'
import type { Field } from '../web/fields.ts'
import { type Body, type FieldError, type Values, written } from '../web/form.ts'
import { type IdParams, idParams } from '../web/params.ts'
import { Stale, takeChoices, versionIn } from '../web/record.ts'
import { idempotent } from '../web/submissions.ts'
import { seeing } from '../web/unmasking.ts'
import type { Viewer } from '../web/viewer.ts'
import { aboveNew } from './above.ts'
import { alikeView, FoundAlike, refuseAlike } from './alike.ts'
import { wordsOf } from './catalogue.ts'
import { conflictPage, editPage, newPage } from './form-pages.ts'
import { fieldsFor, keptOwner, presetsOf, read } from './form-values.ts'
import { readLines } from './line-typed.ts'
import { moreWanted } from './line-views.ts'
import { withLineFields } from './lines.ts'
import { withNames } from './link-names.ts'
import { lookUpLinks } from './link-typed.ts'
import { type Module, nameOf, rightOf, type Stored } from './module.ts'
import type { Mount } from './mount.ts'
import { recordAt } from './reading.ts'
import { collectionOf, placeOf } from './record-address.ts'
import { kindOf } from './records.ts'
import { addChecked, refuseBarred, refusedBy, saveChecked } from './saving.ts'

/** New records of a module, and changes of them, also by two people at once. */
export function formRoutes(app: FastifyInstance, mount: Mount) {
  const [create, update] = [mount.right('create'), mount.right('update')]
  if (create) creationRoutes(app, mount, create)
  if (update) editRoutes(app, mount, update)
}

type Right = Access | AccessOf

const referenceOf = (app: FastifyInstance, request: FastifyRequest) => referenceAt(app.db, request.revision)

type Sent = { reference: Reference; body: Body; record?: Stored }

const linesFor = (app: FastifyInstance, module: Module, { viewer }: FastifyRequest, { record, ...sent }: Sent) =>
  readLines(module, { db: app.db, viewer, before: record ?? {}, ...sent })

type Read = { values: Values; errors: FieldError[] }
const withLinesOf = (lines: Read, head: Read): Read => ({
  values: { ...head.values, ...lines.values },
  errors: [...head.errors, ...lines.errors],
})

function creationRoutes(app: FastifyInstance, { records: place, of, isHanging }: Mount, permission: Right) {
  const options = { config: { permission, isAddedToRecord: isHanging } }
  const formOf = async (request: FastifyRequest) => ({
    fields: fieldsFor(of(request), request.viewer),
    reference: await referenceOf(app, request),
  })

  app.get<{ Querystring: Body }>(`${place}/new`, options, async (request, reply) => {
    const module = of(request)
    const above = await aboveNew(app.db, module, request, request.query)
    const preset = presetsOf(module, request.viewer, above)
    const form = await formOf(request)
    const filled = await filledIn({ db: app.db, viewer: request.viewer, ...form }, module, request.query)
    const { fields, body: typed } = await lookUpLinks(app.db, request.viewer, form.fields, { body: filled })
    const lines = await linesFor(app, module, request, { ...form, body: {} })
    return newPage(reply, module, { ...form, fields, typed, preset, above, lines: lines.typed })
  })

  app.post<{ Body: Body }>(place, options, async (request, reply) => {
    const module = of(request)
    const above = await aboveNew(app.db, module, request, request.body)
    const preset = presetsOf(module, request.viewer, above)
    const asked = await formOf(request)
    const { fields, body: typed } = await lookUpLinks(app.db, request.viewer, asked.fields, { body: request.body })
    const lines = await linesFor(app, module, request, { ...asked, body: request.body })
    const form = { ...asked, fields, typed, preset, above, lines: lines.typed }
    const more = moreWanted(module, request.body)
    if (more) return newPage(reply, module, { ...form, more })
    const { values, errors } = withLinesOf(lines, read(form))
    if (errors.length > 0) return newPage(reply.code(422), module, { ...form, errors })
    let made = nameOf(module, values)
    const add = async (trx: Knex) => {
      const run = { trx, actor: request.actor, viewer: request.viewer, reference: form.reference }
      await refuseAlike(trx, module, values, { typed, viewer: request.viewer })
      const record = await addChecked(run, module, values)
      made = nameOf(module, record)
      return module.under ? collectionOf(module, values) : placeOf(module, record)
    }
    try {
      const location = await idempotent(app.db, request.body, add)
      await request.flash(wordsOf(module).saved(made))
      await flashDoubts(request, form.fields, values)
      return reply.redirect(location, 303)
    } catch (error) {
      const duplicates = await duplicatesIn(error, request, module)
      if (duplicates) return newPage(reply.code(422), module, { ...form, duplicates })
      const refused = await refusedBy(app.db, module, error, { values })
      return newPage(reply.code(422), module, { ...form, errors: refused })
    }
  })
}

function editRoutes(app: FastifyInstance, { records: place, of }: Mount, permission: Right) {
  const options = { config: { permission }, schema: { params: idParams } }
  const formOf = async (request: FastifyRequest<IdParams>) => {
    const module = of(request)
    const record = await recordAt(app.db, request, module, 'update')
    refuseBarred(module, record, 'update')
    const seen = { table: module.name, id: record.id, permission: rightOf(module, 'unmask') }
    const fields = fieldsFor(module, await seeing(app.db, request, seen), record)
    return { module, record, fields, reference: await referenceOf(app, request) }
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
      lines: (await linesFor(app, module, request, { ...form, body: {} })).typed,
      isSent: false,
    })
  })

  app.post<IdParams & { Body: Body }>(`${place}/:id`, options, async (request, reply) => {
    const { module, ...parts } = await formOf(request)
    const { record } = parts
    const chosen = takeChoices(
      { ...kindOf(module), fields: withLineFields({ ...module, fields: parts.fields }) },
      request.body,
      record,
    )
    const looked = { body: chosen, before: record }
    const { fields, body: typed } = await lookUpLinks(app.db, request.viewer, parts.fields, looked)
    const lines = await linesFor(app, module, request, { ...parts, body: typed })
    const form = { ...parts, fields, typed, version: versionIn(typed), lines: lines.typed, isSent: true }
    const more = moreWanted(module, typed)
    if (more) return editPage(app.db, request, reply, module, { ...form, more })
    const { values, errors } = withLinesOf(lines, read({ ...form, preset: keptOwner(module, record) }, record))
    if (errors.length > 0) return editPage(app.db, request, reply.code(422), module, { ...form, errors })
    let isChanged = false
    try {
      isChanged = await app.db.transaction(async (trx) => {
        const run = { trx, actor: request.actor, viewer: request.viewer, reference: form.reference }
        await refuseAlike(trx, module, values, { typed, viewer: request.viewer, before: record })
        return saveChecked(run, module, record, { version: form.version, values })
      })
    } catch (error) {
      const duplicates = await duplicatesIn(error, request, module)
      if (duplicates) return editPage(app.db, request, reply.code(422), module, { ...form, duplicates })
      if (error instanceof Stale) return conflictPage(app.db, request, reply, module, { ...form, values })
      const refused = await refusedBy(app.db, module, error, { values, before: record })
      return editPage(app.db, request, reply.code(422), module, { ...form, errors: refused })
    }
    const words = wordsOf(module)
    await request.flash(isChanged ? words.saved(nameOf(module, { ...record, ...values })) : words.unchanged)
    await flashDoubts(request, fields, values, record)
    return reply.redirect(placeOf(module, record), 303)
  })
}

/** The records like one that was therefore not saved, as the form shows them; undefined for any other error. */
const duplicatesIn = async (error: unknown, request: FastifyRequest, module: Module) =>
  error instanceof FoundAlike ? alikeView(request.server.db, request, module, error.found) : undefined

type NewForm = { db: Knex; viewer: Viewer; reference: Reference; fields: Field[] }

/** What a new record begins with, and what an address fills in of it. */
async function filledIn({ fields, ...at }: NewForm, { hooks }: Module, query: Body): Promise<Body> {
  const begun = await hooks?.begin?.(at, query)
  const named = fields.filter(({ name }) => name in query).map(({ name }) => [name, query[name]])
  return { ...(begun && written(fields, begun)), ...Object.fromEntries(named) }
}
