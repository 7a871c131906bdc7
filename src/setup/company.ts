import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { referenceAt } from '../reference.ts'
import { findSettings, saveSettings } from '../settings/change.ts'
import { settingsFields } from '../settings/fields.ts'
import { text } from '../texts/index.ts'
import { type Body, type FieldError, formView, readForm, written } from '../web/form.ts'
import { versionIn } from '../web/record.ts'
import { stepPath, steps, stepsFor } from './steps.ts'

const t = text.setup
const path = stepPath('company')
const fields = settingsFields.filter(({ name }) => name === 'companyName' || name === 'areaCode')

/** The name of the company and where its telephones are; the rest of the settings stays as it is. */
export function companyStep(app: FastifyInstance) {
  const config = { permission: steps.company.permission }

  app.get(path, { config }, async (request, reply) => {
    const settings = await findSettings(app.db)
    return page(request, reply, { typed: written(fields, settings), version: settings.version })
  })

  app.post<{ Body: Body }>(path, { config }, async (request, reply) => {
    const reference = await referenceAt(app.db, request.revision)
    const version = versionIn(request.body)
    const { values: typed, errors } = readForm(fields, request.body, reference)
    if (errors.length > 0) return page(request, reply.code(422), { typed: request.body, errors, version })
    const { id: _id, version: _version, ...present } = await findSettings(app.db)
    const save = { version, values: { ...present, ...typed }, actor: request.actor, reference }
    await app.db.transaction((trx) => saveSettings(trx, save))
    app.wakeJobs()
    await request.flash(t.companySaved)
    return reply.redirect((await stepsFor(app.db, request, 'company')).nextHref ?? '/setup', 303)
  })

  type Shown = { typed: Body; errors?: FieldError[]; version: number }
  async function page(request: FastifyRequest, reply: FastifyReply, shown: Shown) {
    const view = formView({
      id: 'company',
      action: path,
      cancelHref: '/setup',
      groups: [{ title: '', fields }],
      reference: await referenceAt(app.db, request.revision),
      submitLabel: t.saveAndNext,
      ...shown,
    })
    return reply.page('setup/form', {
      title: t.steps.company,
      ...view,
      ...(await stepsFor(app.db, request, 'company')),
    })
  }
}
