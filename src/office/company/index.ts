import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Reference, referenceAt } from '../../kernel/reference.ts'
import { takeEdit } from '../../kernel/web/edit.ts'
import { flashDoubts } from '../../kernel/web/field-remarks.ts'
import { type Body, type FieldError, written } from '../../kernel/web/form.ts'
import { formView } from '../../kernel/web/form-view.ts'
import { historyView } from '../../kernel/web/record.ts'
import { text } from '../../texts/index.ts'
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
    const taken = await takeEdit(app, request, reply, {
      kind: companyKind,
      before,
      find: () => findCompany(app.db),
      path: '/company',
      read: (typed, reference) => readCompany(typed, before, reference),
      save: saveCompany,
      again: (reply, sent) => formPage(reply, sent),
    })
    if (!taken) return reply
    await request.flash(taken.saved ? text.company.saved : text.company.unchanged)
    await flashDoubts(request, companyFields, taken.values, before)
    return reply.redirect('/company', 303)
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
