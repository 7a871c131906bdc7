import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Reference, referenceAt } from '../../kernel/reference.ts'
import { text } from '../../kernel/texts/index.ts'
import { sendConflict } from '../../kernel/web/conflict.ts'
import { flashDoubts } from '../../kernel/web/field-remarks.ts'
import { type Body, type FieldError, formView, written } from '../../kernel/web/form.ts'
import { historyView, Stale, takeChoices, versionIn } from '../../kernel/web/record.ts'
import { findCompany, saveCompany } from './company.ts'
import { companyFields, companyGroups, companyKind } from './fields.ts'
import { readCompany } from './form.ts'
import { pictureRoutes } from './picture-routes.ts'
import { pictureOf } from './pictures.ts'
import { companyPage, type Refused } from './view.ts'

/** 「我方信息」: who we are, for the heads of reports and documents. */
export async function companyRoutes(app: FastifyInstance) {
  await app.register(multipart, { throwFileSizeLimit: false })
  const changing = { config: { permission: 'company.update' as const } }

  app.get('/company', { config: { permission: 'company.view' } }, (request, reply) => show(request, reply))

  app.get('/company/edit', changing, async (request, reply) => {
    const company = await findCompany(app.db)
    const reference = await referenceAt(app.db, request.revision)
    return formPage(reply, { typed: written(companyFields, company), version: company.version, reference })
  })

  app.post<{ Body: Body }>('/company', changing, async (request, reply) => {
    const before = await findCompany(app.db)
    const typed = takeChoices(companyKind, request.body, before)
    const reference = await referenceAt(app.db, request.revision)
    const { values, errors } = readCompany(typed, before, reference)
    const version = versionIn(typed)
    if (errors.length > 0) return formPage(reply.code(422), { typed, errors, version, reference })
    try {
      const save = { version, values, actor: request.actor, reference }
      const isChanged = await app.db.transaction((trx) => saveCompany(trx, save))
      await request.flash(isChanged ? text.company.saved : text.company.unchanged)
      await flashDoubts(request, companyFields, values, before)
      return reply.redirect('/company', 303)
    } catch (error) {
      if (!(error instanceof Stale)) throw error
      const mine = { version, reference, theirs: await findCompany(app.db), yours: values, path: '/company' }
      return sendConflict(app.db, reply, companyKind, mine)
    }
  })

  pictureRoutes(app, show)

  async function show(request: FastifyRequest, reply: FastifyReply, refused?: Refused) {
    const company = await findCompany(app.db)
    const pictures = { logo: await pictureOf(app.db, 'logo'), seal: await pictureOf(app.db, 'seal') }
    const reference = await referenceAt(app.db, request.revision)
    const history = await historyView(app.db, companyKind, company.id)
    const page = companyPage(request, company, pictures, reference, refused)
    return reply.page('office/company/show', { ...page, history })
  }
}

type Form = { typed: Body; errors?: FieldError[]; version: number; reference: Reference }

const formPage = (reply: FastifyReply, form: Form) =>
  reply.page('shared/form', {
    title: text.company.edit,
    ...formView({ id: 'company', groups: companyGroups, action: '/company', cancelHref: '/company', ...form }),
  })
