import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { type Reference, referenceAt } from '../reference.ts'
import type { Access, AccessOf } from '../web/access.ts'
import { takeEdit } from '../web/edit.ts'
import { flashDoubts } from '../web/field-remarks.ts'
import { type Body, type FieldError, type Values, written } from '../web/form.ts'
import { backIn, isOnCard } from '../web/on-card.ts'
import { type IdParams, idParams } from '../web/params.ts'
import { versionIn } from '../web/record.ts'
import { idempotent, isNextAsked } from '../web/submissions.ts'
import { seeing } from '../web/unmasking.ts'
import { type Above, aboveNew } from './above.ts'
import { refuseAlike } from './alike.ts'
import { wordsOf } from './catalogue.ts'
import { boxesOf, type Edit, editPage, newAddress, newPage } from './form-pages.ts'
import { type FormRefusal, refusalOf } from './form-refusal.ts'
import { fieldsFor, filledIn, keptOwner, presetsOf, read } from './form-values.ts'
import { valuesSince } from './history.ts'
import { readLines } from './line-typed.ts'
import { moreWanted } from './line-views.ts'
import { withLineFields } from './lines.ts'
import { withNames } from './link-names.ts'
import { lookUpLinks } from './link-typed.ts'
import { type Module, nameOf, rightOf, type Stored } from './module.ts'
import type { Mount } from './mount.ts'
import { placeAfter, recordAt } from './reading.ts'
import { addressOf, collectionOf, placeOf } from './record-address.ts'
import { findRecord, kindOf } from './records.ts'
import { addChecked, refuseBarred, saveChecked } from './saving.ts'
import { aboveIdOf, withSiblings } from './siblings.ts'
import { undoLink } from './undo.ts'

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
  const formOf = async (request: FastifyRequest, sent: Body, above: Above | undefined) => {
    const module = of(request)
    const all = fieldsFor(module, request.viewer)
    const isBrief = isOnCard(sent) && module.brief
    const fields = isBrief ? all.filter(({ name, isRequired }) => isRequired || isBrief.includes(name)) : all
    return {
      fields: await withSiblings(app.db, request.viewer, module, fields, above?.id),
      reference: await referenceOf(app, request),
      isOnCard: isOnCard(sent),
      back: backIn(request, sent),
    }
  }

  app.get<{ Querystring: Body }>(`${place}/new`, options, async (request, reply) => {
    const module = of(request)
    const above = await aboveNew(app.db, module, request, request.query)
    const preset = presetsOf(module, request.viewer, above)
    const form = await formOf(request, request.query, above)
    const filled = await filledIn({ db: app.db, viewer: request.viewer, ...form }, module, request.query)
    const { fields, body: typed } = await lookUpLinks(app.db, request.viewer, form.fields, { body: filled })
    const lines = await linesFor(app, module, request, { ...form, body: {} })
    return newPage(reply, module, { ...form, fields, typed, preset, above, lines: lines.typed })
  })

  app.post<{ Body: Body }>(place, options, async (request, reply) => {
    const module = of(request)
    const above = await aboveNew(app.db, module, request, request.body)
    const preset = presetsOf(module, request.viewer, above)
    const asked = await formOf(request, request.body, above)
    const { fields, body: typed } = await lookUpLinks(app.db, request.viewer, asked.fields, { body: request.body })
    const lines = await linesFor(app, module, request, { ...asked, body: request.body })
    const form = { ...asked, fields, typed, preset, above, lines: lines.typed }
    const more = moreWanted(module, request.body)
    if (more) return newPage(reply, module, { ...form, more })
    const { values, errors } = withLinesOf(lines, read(form))
    if (errors.length > 0) return newPage(reply.code(422), module, { ...form, errors })
    let made = nameOf(module, values)
    const remarks: string[] = []
    const add = async (trx: Knex) => {
      const run = { trx, actor: request.actor, viewer: request.viewer, reference: form.reference, remarks }
      await refuseAlike(trx, module, values, { typed, viewer: request.viewer })
      const record = await addChecked(run, module, values)
      made = nameOf(module, record)
      if (form.back) return form.back
      if (form.isOnCard && above?.href) return above.href
      return module.under ? collectionOf(module, values) : placeAfter(trx, module, request.viewer, record)
    }
    try {
      const saved = await idempotent(app.db, request.body, add)
      const location = isNextAsked(request.body) ? newAddress(module, preset, above) : saved
      await request.flash(wordsOf(module).saved(made))
      for (const remark of remarks) await request.flash(remark)
      await flashDoubts(request, form.fields, values)
      return reply.redirect(location, 303)
    } catch (error) {
      return newPage(reply.code(422), module, { ...form, ...(await refusalOf(error, request, module, { values })) })
    }
  })
}

function editRoutes(app: FastifyInstance, { records: place, of }: Mount, permission: Right) {
  const options = { config: { permission }, schema: { params: idParams } }
  const formOf = async (request: FastifyRequest<IdParams>) => {
    const module = of(request)
    const record = await recordAt(app.db, request, module, 'update')
    refuseBarred(module, record, 'update', request.viewer)
    const seen = { table: module.name, id: record.id, permission: rightOf(module, 'unmask') }
    const viewer = await seeing(app.db, request, seen)
    const fields = await withSiblings(
      app.db,
      viewer,
      module,
      fieldsFor(module, viewer, record),
      aboveIdOf(module, record),
    )
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
    const { viewer, actor } = request
    const kind = { ...kindOf(module), fields: withLineFields({ ...module, fields: parts.fields }) }
    const sentForm = async (body: Body) => {
      const { fields, body: typed } = await lookUpLinks(app.db, viewer, parts.fields, { body, before: record })
      const lines = await linesFor(app, module, request, { ...parts, body: typed })
      const form = { ...parts, fields, typed, version: versionIn(typed), lines: lines.typed, isSent: true }
      return { form, ...withLinesOf(lines, read({ ...form, preset: keptOwner(module, record) }, record)) }
    }
    const more = moreWanted(module, request.body)
    if (more) return editPage(app.db, request, reply, module, { ...(await sentForm(request.body)).form, more })
    let form: Edit
    let refusal: FormRefusal = {}
    const taken = await takeEdit(app, request, reply, {
      kind,
      before: record,
      find: () => findRecord(app.db, module, viewer, record.id),
      path: addressOf(module, record),
      backHref: placeOf(module, record),
      extras: boxesOf(module, parts.fields),
      read: async (typed) => {
        const sent = await sentForm(typed)
        form = sent.form
        return sent
      },
      save: async (trx, { values, version, reference }) => {
        await refuseAlike(trx, module, values, { typed: form.typed, viewer, before: record })
        return saveChecked({ trx, actor, viewer, reference }, module, record, { version, values })
      },
      refused: async (error, values) => {
        refusal = await refusalOf(error, request, module, { values, before: record })
        return refusal.errors ?? []
      },
      again: (reply, { errors = [] }) => editPage(app.db, request, reply, module, { ...form, ...refusal, errors }),
      naming: async (values, version) =>
        withNames(app.db, viewer, kind.fields, [...values, ...(await valuesSince(app.db, module, record.id, version))]),
    })
    if (!taken) return reply
    const words = wordsOf(module)
    if (taken.saved) {
      const name = nameOf(module, { ...record, ...taken.values })
      await request.flash(words.saved(name), 'notice', await undoLink(app.db, module, viewer, record.id))
    } else await request.flash(words.unchanged)
    await flashDoubts(request, parts.fields, taken.values, record)
    return reply.redirect(await placeAfter(app.db, module, viewer, { ...record, ...taken.values }), 303)
  })
}
