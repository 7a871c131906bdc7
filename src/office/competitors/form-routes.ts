import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isUniqueViolation } from '../../kernel/db/dialect.ts'
import { type Reference, referenceAt } from '../../kernel/reference.ts'
import { text } from '../../kernel/texts/index.ts'
import { sendConflict } from '../../kernel/web/conflict.ts'
import { type Body, type FieldError, fieldError, formView, readForm, written } from '../../kernel/web/form.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { Stale, takeChoices, versionIn } from '../../kernel/web/record.ts'
import { newFormId, once } from '../../kernel/web/submissions.ts'
import { addCompetitor, findCompetitor, saveCompetitor } from './competitor.ts'
import { competitorFields, competitorGroups, competitorKind, nameField } from './fields.ts'

const t = text.competitors
const taken = fieldError(nameField, t.taken)

/** New competitors, and changes of what is known of them. */
export function competitorFormRoutes(app: FastifyInstance) {
  const creating = { config: { permission: 'competitors.create' as const } }
  const updating = { config: { permission: 'competitors.update' as const }, schema: { params: idParams } }
  const referenceOf = (request: FastifyRequest) => referenceAt(app.db, request.revision)

  app.get('/competitors/new', creating, async (request, reply) =>
    newPage(reply, { typed: {}, reference: await referenceOf(request) }),
  )

  app.post<{ Body: Body }>('/competitors', creating, async (request, reply) => {
    const typed = request.body
    const reference = await referenceOf(request)
    const { values, errors } = readForm(competitorFields, typed, reference)
    if (errors.length > 0) return newPage(reply.code(422), { typed, errors, reference })
    try {
      const add = async (trx: typeof app.db) => `/competitors/${await addCompetitor(trx, values, request.actor)}`
      const location = await once(app.db, typed, add)
      await request.flash(t.saved(String(values.name)))
      return reply.redirect(location, 303)
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      return newPage(reply.code(422), { typed, errors: [taken], reference })
    }
  })

  app.get<IdParams>('/competitors/:id/edit', updating, async (request, reply) => {
    const competitor = await findCompetitor(app.db, request.params.id)
    const typed = written(competitorFields, competitor)
    return editPage(reply, competitor.id, {
      typed,
      version: competitor.version,
      reference: await referenceOf(request),
    })
  })

  app.post<IdParams & { Body: Body }>('/competitors/:id', updating, async (request, reply) => {
    const before = await findCompetitor(app.db, request.params.id)
    const reference = await referenceOf(request)
    const typed = takeChoices(competitorKind, request.body, before)
    const { values, errors } = readForm(competitorFields, typed, reference)
    const form = { typed, version: versionIn(typed), reference }
    if (errors.length > 0) return editPage(reply.code(422), before.id, { ...form, errors })
    try {
      await app.db.transaction((trx) => saveCompetitor(trx, before, { ...form, values, actor: request.actor }))
    } catch (error) {
      if (isUniqueViolation(error)) return editPage(reply.code(422), before.id, { ...form, errors: [taken] })
      if (!(error instanceof Stale)) throw error
      const theirs = await findCompetitor(app.db, before.id)
      return sendConflict(app.db, reply, competitorKind, {
        ...form,
        theirs,
        yours: values,
        path: `/competitors/${before.id}`,
      })
    }
    await request.flash(t.saved(String(values.name)))
    return reply.redirect(`/competitors/${before.id}`, 303)
  })
}

type Form = { typed: Body; errors?: FieldError[]; reference: Reference; version?: number }
const view = { id: 'competitor', groups: competitorGroups }

function newPage(reply: FastifyReply, form: Form) {
  const address = { formId: newFormId(), action: '/competitors', cancelHref: '/competitors' }
  return reply.page('shared/form', { title: t.create, ...formView({ ...view, ...address, ...form }) })
}

function editPage(reply: FastifyReply, id: number, form: Form) {
  const path = `/competitors/${id}`
  return reply.page('shared/form', { title: t.edit, ...formView({ ...view, action: path, cancelHref: path, ...form }) })
}
