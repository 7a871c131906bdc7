import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { text } from '../../texts/index.ts'
import { isUniqueViolation } from '../db/dialect.ts'
import { referenceAt } from '../reference.ts'
import { type Body, type FieldError, fieldError, readForm, typedIn, type Values, written } from '../web/form.ts'
import { formView } from '../web/form-view.ts'
import { parametersIn, readListQuery, wholeQuery } from '../web/list-query.ts'
import { type IdParams, idParams } from '../web/params.ts'
import { refuseStale } from '../web/record.ts'
import { idempotent, newFormId } from '../web/submissions.ts'
import { changeable } from './changeable.ts'
import { viewDeletionRoutes } from './deletion.ts'
import { nameField, viewFields } from './form.ts'
import { viewAddress } from './links.ts'
import { adjusting, listNamed, preferenceRoutes } from './preferences.ts'
import { addView, changeView, type ListView } from './view.ts'

const options = { config: adjusting }
const one = { ...options, schema: { params: idParams } }
const taken = fieldError(nameField, text.listViews.taken)

/** Lists under a name: one's own, and those that are shared. */
export async function listViewRoutes(app: FastifyInstance) {
  preferenceRoutes(app)
  viewDeletionRoutes(app)

  app.get<{ Querystring: Body }>('/list-views/new', options, async (request, reply) => {
    const asked = await askedFor(app, request, request.query)
    return formPage(request, reply, { ...asked, typed: {}, formId: newFormId() })
  })

  app.post<{ Body: Body }>('/list-views', options, async (request, reply) => {
    const typed = request.body
    const asked = await askedFor(app, request, typed)
    const { values, errors } = readView(request)
    if (errors.length > 0) return formPage(request, reply.code(422), { ...asked, typed, errors, formId: newFormId() })
    try {
      const location = await idempotent(app.db, typed, async (trx) => {
        const id = await addView(trx, { ...asked, ...values }, request.actor)
        return viewAddress({ id, ...asked })
      })
      await request.flash(text.listViews.saved(values.name))
      return reply.redirect(location, 303)
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      return formPage(request, reply.code(422), { ...asked, typed, errors: [taken], formId: newFormId() })
    }
  })

  app.get<IdParams>('/list-views/:id/edit', one, async (request, reply) => {
    const view = await changeable(app, request)
    return formPage(request, reply, { ...view, view, typed: written(viewFields(request), view) })
  })

  app.post<IdParams & { Body: Body }>('/list-views/:id', one, async (request, reply) => {
    const view = await changeable(app, request)
    refuseStale(request.body, view)
    const { values, errors } = readView(request, view)
    const typed = request.body
    if (errors.length > 0) return formPage(request, reply.code(422), { ...view, view, typed, errors })
    try {
      await app.db.transaction((trx) => changeView(trx, view, values, request.actor))
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      return formPage(request, reply.code(422), { ...view, view, typed, errors: [taken] })
    }
    await request.flash(text.listViews.saved(values.name))
    return reply.redirect(viewAddress(view), 303)
  })

  app.post<IdParams & { Body: Body }>('/list-views/:id/query', one, async (request, reply) => {
    const view = await changeable(app, request)
    refuseStale(request.body, view)
    const { query } = await askedFor(app, request, { list: view.list, query: request.body.query })
    await app.db.transaction((trx) => changeView(trx, view, { query }, request.actor))
    await request.flash(text.listViews.saved(view.name))
    return reply.redirect(viewAddress({ ...view, query }), 303)
  })
}

/** The list and its query out of an address or a form, as far as they make sense. */
async function askedFor(app: FastifyInstance, request: FastifyRequest, typed: Body) {
  const list = listNamed(request, typedIn(typed, 'list'))
  const reference = await referenceAt(app.db, request.revision)
  return {
    list: list.path,
    query: wholeQuery(
      readListQuery(list, parametersIn(typedIn(typed, 'query')), { reference, viewer: request.viewer }),
      list,
    ),
  }
}

function readView(request: FastifyRequest, before?: ListView) {
  const { values, errors } = readForm(viewFields(request), request.body as Body, {} as never)
  const { name, is_shared = before?.is_shared ?? false } = values as Values & { name: string; is_shared?: boolean }
  return { values: { name, is_shared }, errors }
}

type Form = { list: string; query: string; typed: Body; errors?: FieldError[]; formId?: string; view?: ListView }

function formPage(request: FastifyRequest, reply: FastifyReply, { list, query, view, ...rest }: Form) {
  const form = formView({
    id: 'list-view',
    groups: [{ title: '', fields: viewFields(request) }],
    action: view ? `/list-views/${view.id}` : '/list-views',
    cancelHref: view ? viewAddress(view) : `${list}?${query}`,
    version: view?.version,
    reference: {} as never,
    ...rest,
  })
  const title = view ? text.listViews.edit : text.listViews.create
  return reply.page('kernel/list-views/form', { title, list, query, view: view ?? null, ...form })
}
