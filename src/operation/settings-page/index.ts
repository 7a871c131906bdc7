import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Reference, referenceAt } from '../../kernel/reference.ts'
import { takeEdit } from '../../kernel/web/edit.ts'
import { type Body, type FieldError, readForm, written } from '../../kernel/web/form.ts'
import { historyView } from '../../kernel/web/record.ts'
import { text } from '../../texts/index.ts'
import { changeableGroups, settingsFields, settingsKind } from './fields.ts'
import { settingsCard, settingsForm } from './form.ts'
import { findSettings, saveSettings, settingsId } from './settings-record.ts'

/** What a company may change while the program runs 「系统设置」. */
export async function settingsRoutes(app: FastifyInstance) {
  app.get('/settings', { config: { permission: 'settings.view' } }, async (request, reply) => {
    const settings = await findSettings(app.db)
    const reference = await referenceAt(app.db, request.revision)
    if (request.can('settings.update'))
      return page(request, reply, { typed: written(settingsFields, settings), version: settings.version, reference })
    const history = await historyView(app.db, settingsKind, settingsId)
    return reply.page('shared/card', { title: text.settings.title, card: settingsCard(settings, reference), history })
  })

  app.post<{ Body: Body }>('/settings', { config: { permission: 'settings.update' } }, async (request, reply) => {
    const changeable = changeableGroups(request).flatMap(({ fields }) => fields)
    const taken = await takeEdit(app, request, reply, {
      kind: settingsKind,
      before: await findSettings(app.db),
      find: () => findSettings(app.db),
      path: '/settings',
      read: (typed, reference) => readForm(changeable, typed, reference),
      save: saveSettings,
      again: (reply, sent) => page(request, reply, sent),
    })
    if (!taken) return reply
    app.wakeJobs()
    await request.flash(taken.saved ? text.settings.saved : text.settings.unchanged)
    return reply.redirect('/settings', 303)
  })

  async function page(request: FastifyRequest, reply: FastifyReply, form: Form) {
    const history = await historyView(app.db, settingsKind, settingsId)
    return reply.page('operation/settings-page/edit', {
      title: text.settings.title,
      history,
      ...settingsForm({ groups: changeableGroups(request), ...form }),
    })
  }
}

type Form = { typed: Body; errors?: FieldError[]; version: number; reference: Reference }
