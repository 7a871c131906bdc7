import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { isUniqueViolation } from '../../kernel/db/dialect.ts'
import { type Reference, referenceAt } from '../../kernel/reference.ts'
import { text } from '../../kernel/texts/index.ts'
import { sendConflict } from '../../kernel/web/conflict.ts'
import {
  type Body,
  type FieldError,
  fieldError,
  formView,
  readForm,
  type Values,
  written,
} from '../../kernel/web/form.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { historyView, Stale, takeChoices, versionIn } from '../../kernel/web/record.ts'
import { newFormId, once } from '../../kernel/web/submissions.ts'
import { nameField, tagFields, tagKind } from './fields.ts'
import { addTag, findTag, type StoredTag, saveTag } from './tag.ts'

const taken = fieldError(nameField, text.tags.taken)

/** New tags, and changes of their names and colours. */
export function tagFormRoutes(app: FastifyInstance) {
  const creating = { config: { permission: 'tags.create' as const } }
  const updating = { config: { permission: 'tags.update' as const }, schema: { params: idParams } }
  const referenceOf = (request: FastifyRequest) => referenceAt(app.db, request.revision)

  app.get('/tags/new', creating, async (request, reply) =>
    newPage(reply, { typed: {}, reference: await referenceOf(request) }),
  )

  app.post<{ Body: Body }>('/tags', creating, async (request, reply) => {
    const typed = request.body
    const reference = await referenceOf(request)
    const { values, errors } = readForm(tagFields, typed, reference)
    if (errors.length > 0) return newPage(reply.code(422), { typed, errors, reference })
    const add = async (trx: Knex) => {
      await addTag(trx, values, request.actor)
      return '/tags'
    }
    try {
      await once(app.db, typed, add)
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      return newPage(reply.code(422), { typed, errors: [taken], reference })
    }
    return saved(request, reply, values)
  })

  app.get<IdParams>('/tags/:id/edit', updating, async (request, reply) => {
    const tag = await findTag(app.db, request.params.id)
    const typed = written(tagFields, tag)
    return editPage(app.db, reply, tag, { typed, version: tag.version, reference: await referenceOf(request) })
  })

  app.post<IdParams & { Body: Body }>('/tags/:id', updating, async (request, reply) => {
    const tag = await findTag(app.db, request.params.id)
    const reference = await referenceOf(request)
    const typed = takeChoices(tagKind, request.body, tag)
    const { values, errors } = readForm(tagFields, typed, reference)
    const form = { typed, version: versionIn(typed), reference }
    if (errors.length > 0) return editPage(app.db, reply.code(422), tag, { ...form, errors })
    try {
      await app.db.transaction((trx) => saveTag(trx, tag, { ...form, values, actor: request.actor }))
    } catch (error) {
      if (isUniqueViolation(error)) return editPage(app.db, reply.code(422), tag, { ...form, errors: [taken] })
      if (error instanceof Stale) return conflictPage(app.db, reply, tag.id, { ...form, values })
      throw error
    }
    return saved(request, reply, values)
  })
}

type Form = { typed: Body; errors?: FieldError[]; reference: Reference }
type Edit = Form & { version: number }

const groups = [{ title: '', fields: tagFields }]

function newPage(reply: FastifyReply, form: Form) {
  const address = { action: '/tags', cancelHref: '/tags' }
  const view = formView({ id: 'tag', groups, formId: newFormId(), ...address, ...form })
  return reply.page('shared/form', { title: text.tags.create, ...view })
}

async function editPage(db: Knex, reply: FastifyReply, { id }: StoredTag, form: Edit) {
  const history = await historyView(db, tagKind, id)
  const address = { action: `/tags/${id}`, cancelHref: '/tags' }
  const view = formView({ id: 'tag', groups, ...address, ...form })
  return reply.page('customers/tags/edit', { title: text.tags.edit, history, ...view })
}

async function conflictPage(db: Knex, reply: FastifyReply, id: number, { values, ...form }: Edit & { values: Values }) {
  const mine = { ...form, theirs: await findTag(db, id), yours: values, path: `/tags/${id}`, backHref: '/tags' }
  return sendConflict(db, reply, tagKind, mine)
}

async function saved(request: FastifyRequest, reply: FastifyReply, { name }: Values) {
  await request.flash(text.tags.saved(String(name)))
  return reply.redirect('/tags', 303)
}
