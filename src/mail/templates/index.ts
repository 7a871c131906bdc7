import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { referenceAt } from '../../kernel/reference.ts'
import { takeEdit } from '../../kernel/web/edit.ts'
import { type Body, type FieldError, formView, readForm, written } from '../../kernel/web/form.ts'
import { listRoutes } from '../../kernel/web/list-routes.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { changeRecord, historyView, refuseStale } from '../../kernel/web/record.ts'
import { idempotent, newFormId } from '../../kernel/web/submissions.ts'
import { text } from '../../texts/index.ts'
import { templateList } from './list.ts'
import {
  addTemplate,
  deleteTemplate,
  findTemplate,
  mayChange,
  type Template,
  templateFields,
  templateKind,
} from './template.ts'

const t = text.mail.templates
const path = '/mail/templates'
const pathOf = ({ id }: Pick<Template, 'id'>) => `${path}/${id}`

/** Texts to write mail from 「邮件模板」: one's own and those for everybody. */
export function templateRoutes(app: FastifyInstance) {
  const config = { permission: 'mail.create' as const }
  const one = { config, schema: { params: idParams } }
  listRoutes(app, templateList)

  app.get(`${path}/new`, { config }, async (request, reply) =>
    formPage(request, reply, { typed: {}, title: t.create, action: path, formId: newFormId() }),
  )

  app.post<{ Body: Body }>(path, { config }, async (request, reply) => {
    const typed = request.body
    const reference = await referenceAt(app.db, request.revision)
    const { values, errors } = readForm(templateFields(request.can('mail.share')), typed, reference)
    const form = { typed, errors, title: t.create, action: path, formId: String(typed.form_id ?? newFormId()) }
    if (errors.length > 0) return formPage(request, reply.code(422), form)
    const address = await idempotent(app.db, typed, async (trx) =>
      pathOf({ id: await addTemplate(trx, values, request.actor) }),
    )
    await request.flash(t.added(String(values.name)))
    return reply.redirect(address, 303)
  })

  app.get<IdParams>(`${path}/:id`, one, async (request, reply) => {
    const template = await findTemplate(app.db, request.viewer, request.params.id)
    const reference = await referenceAt(app.db, request.revision)
    const items = templateKind.fields.map((field) => ({
      label: field.label,
      text: field.kind.show(template[field.name], field, reference),
      isWide: field.isWide,
    }))
    const actions = mayChange(request.viewer, template)
      ? [
          { label: text.actions.update, href: `${pathOf(template)}/edit`, kind: 'primary' as const },
          { label: text.actions.delete, href: `${pathOf(template)}/deletion`, kind: 'danger' as const },
        ]
      : []
    const card = { title: template.name, actions, back: path, groups: [{ title: t.one, items }] }
    return reply.page('shared/card', {
      title: template.name,
      card,
      history: await historyView(app.db, templateKind, template.id),
    })
  })

  app.get<IdParams>(`${path}/:id/edit`, one, async (request, reply) => {
    const template = await findTemplate(app.db, request.viewer, request.params.id, true)
    const typed = written(templateKind.fields, template)
    return formPage(request, reply, { ...editing(template), typed, version: template.version })
  })

  app.post<IdParams & { Body: Body }>(`${path}/:id`, one, async (request, reply) => {
    const before = await findTemplate(app.db, request.viewer, request.params.id, true)
    const taken = await takeEdit(app, request, reply, {
      kind: templateKind,
      before,
      find: () => findTemplate(app.db, request.viewer, before.id, true),
      path: pathOf(before),
      read: (typed, reference) => readForm(templateFields(request.can('mail.share')), typed, reference),
      save: (trx, saving) => changeRecord(trx, templateKind, { before, ...saving }),
      again: (reply, sent) => formPage(request, reply, { ...editing(before), ...sent }),
    })
    if (!taken) return reply
    await request.flash(taken.saved.length > 0 ? t.saved(String(taken.values.name)) : t.unchanged)
    return reply.redirect(pathOf(before), 303)
  })

  app.get<IdParams>(`${path}/:id/deletion`, one, async (request, reply) => {
    const template = await findTemplate(app.db, request.viewer, request.params.id, true)
    const confirm = {
      title: t.deletion,
      text: t.deletionText(template.name),
      details: t.deletionDetails,
      action: `${pathOf(template)}/deletion`,
      submitLabel: t.confirm,
      isDanger: true,
      cancelHref: pathOf(template),
      hidden: [{ name: 'version', value: String(template.version) }],
    }
    return reply.page('shared/confirm', { title: t.deletion, confirm })
  })

  app.post<IdParams & { Body: Body }>(`${path}/:id/deletion`, one, async (request, reply) => {
    const template = await findTemplate(app.db, request.viewer, request.params.id, true)
    refuseStale(request.body, template)
    await app.db.transaction((trx) => deleteTemplate(trx, template, request.actor))
    await request.flash(t.deleted(template.name))
    return reply.redirect(path, 303)
  })

  async function formPage(request: FastifyRequest, reply: FastifyReply, { title, ...form }: Form) {
    const view = formView({
      id: 'template',
      cancelHref: form.action,
      groups: [{ title: '', fields: templateFields(request.can('mail.share')) }],
      reference: await referenceAt(app.db, request.revision),
      ...form,
    })
    return reply.page('shared/form', { title, ...view })
  }
}

const editing = (template: Template) => ({ title: t.edit(template.name), action: pathOf(template) })

type Form = {
  title: string
  action: string
  typed: Body
  errors?: FieldError[]
  formId?: string
  version?: number
}
