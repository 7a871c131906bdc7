import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { bumpRevision } from '../../kernel/db/cache-revision.ts'
import { referenceAt } from '../../kernel/reference.ts'
import { type Body, type FieldError, written } from '../../kernel/web/form.ts'
import { formView } from '../../kernel/web/form-view.ts'
import { Stale, versionIn } from '../../kernel/web/record.ts'
import { findCompany, saveCompany } from '../../office/company/company.ts'
import { companyFields, companyGroups } from '../../office/company/fields.ts'
import { readCompany } from '../../office/company/form.ts'
import { text } from '../../texts/index.ts'
import { settingsFields } from '../settings-page/fields.ts'
import { findSettings, saveSettings } from '../settings-page/settings-record.ts'
import { stepPath, steps, stepsFor } from './steps.ts'

const t = text.setup
const path = stepPath('company')
const areaCode = settingsFields.filter(({ name }) => name === 'areaCode')

/** 「我方信息」, and where our telephones are for those who may change the settings; the rest of the settings stays as it is. */
export function companyStep(app: FastifyInstance) {
  const config = { permission: steps.company.permission }
  const moreFor = (request: FastifyRequest) => (request.can('settings.update') ? areaCode : [])

  app.get(path, { config }, async (request, reply) => {
    const { company, settings, version } = await present(app.db)
    const typed = written([...companyFields, ...areaCode], { ...settings, ...company })
    return page(request, reply, { typed, version })
  })

  app.post<{ Body: Body }>(path, { config }, async (request, reply) => {
    const typed = request.body
    const reference = await referenceAt(app.db, request.revision)
    const version = versionIn(typed)
    const { values, errors } = readCompany(typed, await findCompany(app.db), reference, moreFor(request))
    if (errors.length > 0) return page(request, reply.code(422), { typed, errors, version })
    await app.db.transaction(async (trx) => {
      // Locks the row of the revision, so that two changes never overlap.
      await bumpRevision(trx)
      const { company, version: here } = await present(trx)
      if (here !== version) throw new Stale()
      const save = { actor: request.actor, reference }
      const { areaCode: code, ...ours } = values
      await saveCompany(trx, { ...save, version: company.version, values: ours })
      const { id: _id, version: settingsVersion, ...settings } = await findSettings(trx)
      const changed = { ...settings, areaCode: code ?? settings.areaCode }
      await saveSettings(trx, { ...save, version: settingsVersion, values: changed })
    })
    app.wakeJobs()
    await request.flash(t.companySaved)
    return reply.redirect((await stepsFor(app.db, request, 'company')).nextHref ?? '/setup', 303)
  })

  type Shown = { typed: Body; errors?: FieldError[]; version: number }
  async function page(request: FastifyRequest, reply: FastifyReply, shown: Shown) {
    const more = moreFor(request)
    const view = formView({
      id: 'company',
      action: path,
      cancelHref: '/setup',
      groups: [...companyGroups, ...(more.length > 0 ? [{ title: text.settings.title, fields: more }] : [])],
      reference: await referenceAt(app.db, request.revision),
      submitLabel: t.saveAndNext,
      ...shown,
    })
    return reply.page('operation/setup/form', {
      title: t.steps.company,
      ...view,
      ...(await stepsFor(app.db, request, 'company')),
    })
  }
}

/** What the form shows. Either version only moves forward, so their sum stands still exactly while both do. */
async function present(db: Knex) {
  const company = await findCompany(db)
  const settings = await findSettings(db)
  return { company, settings, version: company.version + settings.version }
}
