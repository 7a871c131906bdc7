import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Reference, referenceAt } from '../../kernel/reference.ts'
import { text } from '../../kernel/texts/index.ts'
import { sendConflict } from '../../kernel/web/conflict.ts'
import { type Body, type FieldError, readForm, type Values, written } from '../../kernel/web/form.ts'
import { historyView, Stale, takeChoices, versionIn } from '../../kernel/web/record.ts'
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
    const typed = takeChoices(settingsKind, request.body, await findSettings(app.db))
    const reference = await referenceAt(app.db, request.revision)
    const changeable = changeableGroups(request).flatMap(({ fields }) => fields)
    const { values, errors } = readForm(changeable, typed, reference)
    const version = versionIn(typed)
    if (errors.length > 0) return page(request, reply.code(422), { typed, errors, version, reference })
    try {
      const save = { version, values, actor: request.actor, reference }
      const isChanged = await app.db.transaction((trx) => saveSettings(trx, save))
      app.wakeJobs()
      await request.flash(isChanged ? text.settings.saved : text.settings.unchanged)
      return reply.redirect('/settings', 303)
    } catch (error) {
      if (error instanceof Stale) return conflictPage(reply, { values, version, reference })
      throw error
    }
  })

  async function page(request: FastifyRequest, reply: FastifyReply, form: Form) {
    const history = await historyView(app.db, settingsKind, settingsId)
    return reply.page('operation/settings-page/edit', {
      title: text.settings.title,
      history,
      ...settingsForm({ groups: changeableGroups(request), ...form }),
    })
  }

  async function conflictPage(reply: FastifyReply, { values, ...form }: Omit<Form, 'typed'> & { values: Values }) {
    const mine = { ...form, theirs: await findSettings(app.db), yours: values, path: '/settings' }
    return sendConflict(app.db, reply, settingsKind, mine)
  }
}

type Form = { typed: Body; errors?: FieldError[]; version: number; reference: Reference }
