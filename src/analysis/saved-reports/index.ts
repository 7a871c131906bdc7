import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isUniqueViolation } from '../../kernel/db/dialect.ts'
import { type Body, type FieldError, fieldError, formView, readForm, typedIn, written } from '../../kernel/web/form.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { refuseStale } from '../../kernel/web/record.ts'
import { notFound } from '../../kernel/web/refusal.ts'
import { idempotent, newFormId } from '../../kernel/web/submissions.ts'
import { text } from '../../texts/index.ts'
import { analysisAddress } from '../analyses/asking.ts'
import { conditionTexts } from '../analyses/condition-views.ts'
import { folder, keptName } from '../analyses/sources.ts'
import { askedIn } from './asked.ts'
import {
  addReport,
  changeReport,
  findReport,
  nameField,
  pinnedField,
  removeReport,
  reportAddress,
  reportedBy,
  type SavedReport,
  sharedField,
} from './report.ts'

const t = text.savedReports
const options = { config: { permission: 'analysis.view' as const } }
const one = { ...options, schema: { params: idParams } }
const usual = 'customer-levels'
const taken = fieldError(nameField, t.taken)

/** Analyses with their conditions under a name 「常用报表」. */
export async function savedReportRoutes(app: FastifyInstance) {
  const found = (request: FastifyRequest<IdParams>) => findReport(app.db, request.params.id, request.user?.id as number)

  app.get<{ Querystring: Body }>('/saved-reports/new', options, async (request, reply) => {
    const asked = await askedFor(app, request, request.query)
    return formPage(app, request, reply, { ...asked, typed: { is_pinned: 'true' }, formId: newFormId() })
  })

  app.post<{ Body: Body }>('/saved-reports', options, async (request, reply) => {
    const typed = request.body
    const asked = await askedFor(app, request, typed)
    const { values, errors } = read(request)
    const refuse = (errors: FieldError[]) =>
      formPage(app, request, reply.code(422), { ...asked, typed, errors, formId: newFormId() })
    if (errors.length > 0) return refuse(errors)
    try {
      const location = await idempotent(app.db, typed, async (trx) => {
        await addReport(trx, { ...asked, ...values }, request.actor)
        return reportAddress(asked)
      })
      await request.flash(t.saved(values.name))
      return reply.redirect(location, 303)
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      return refuse([taken])
    }
  })

  app.get<IdParams>('/saved-reports/:id/edit', one, async (request, reply) => {
    const report = await found(request)
    return formPage(app, request, reply, { ...report, report, typed: written(fieldsFor(request), report) })
  })

  app.post<IdParams & { Body: Body }>('/saved-reports/:id', one, async (request, reply) => {
    const report = await found(request)
    refuseStale(request.body, report)
    const { values, errors } = read(request, report)
    const refuse = (errors: FieldError[]) =>
      formPage(app, request, reply.code(422), { ...report, report, typed: request.body, errors })
    if (errors.length > 0) return refuse(errors)
    try {
      await app.db.transaction((trx) => changeReport(trx, report, values, request.actor))
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      return refuse([taken])
    }
    await request.flash(t.saved(values.name))
    return reply.redirect(reportAddress(report), 303)
  })

  app.get<IdParams>('/saved-reports/:id/deletion', one, async (request, reply) => {
    const confirm = deletionView(await found(request))
    return reply.page('shared/confirm', { title: confirm.title, confirm })
  })

  app.post<IdParams & { Body: Body }>('/saved-reports/:id/deletion', one, async (request, reply) => {
    const report = await found(request)
    refuseStale(request.body, report)
    await app.db.transaction((trx) => removeReport(trx, report, request.actor))
    await request.flash(t.deleted(report.name))
    return reply.redirect(reportedBy(report, request.viewer) ? `${folder}/${report.analysis}` : folder, 303)
  })
}

/** The analysis and its conditions out of an address or a form, as far as they make sense. */
async function askedFor(app: FastifyInstance, request: FastifyRequest, typed: Body) {
  const found = reportedBy({ analysis: typedIn(typed, 'analysis') || usual }, request.viewer)
  if (!found) throw notFound()
  const analysis = keptName(found.analysis)
  const { conditions } = await askedIn(app, request, { analysis, query: typedIn(typed, 'query') })
  return { analysis, query: analysisAddress('', conditions).slice(1) }
}

/** Only who may share is asked whether to. */
const fieldsFor = (request: FastifyRequest) =>
  request.can('analysis.share') ? [nameField, pinnedField, sharedField] : [nameField, pinnedField]

function read(request: FastifyRequest, before?: SavedReport) {
  const { values, errors } = readForm(fieldsFor(request), request.body as Body, {} as never)
  const named = values as Pick<SavedReport, 'name' | 'is_pinned'> & { is_shared?: boolean }
  return { values: { ...named, is_shared: named.is_shared ?? before?.is_shared ?? false }, errors }
}

type Form = {
  analysis: string
  query: string
  typed: Body
  errors?: FieldError[]
  formId?: string
  report?: SavedReport
}

async function formPage(app: FastifyInstance, request: FastifyRequest, reply: FastifyReply, asked: Form) {
  const { analysis, query, report, ...rest } = asked
  const { conditions, reference, analysis: of } = await askedIn(app, request, asked)
  const form = formView({
    id: 'saved-report',
    groups: [{ title: '', fields: fieldsFor(request) }],
    action: report ? `/saved-reports/${report.id}` : '/saved-reports',
    cancelHref: reportAddress({ analysis, query }),
    version: report?.version,
    reference: {} as never,
    ...rest,
  })
  const title = report ? t.edit : t.create
  const deletionHref = report ? `/saved-reports/${report.id}/deletion` : null
  const facts = conditionTexts(conditions, reference)
  return reply.page('analysis/saved-reports/form', {
    title,
    analysis,
    query,
    of: of.title,
    facts,
    deletionHref,
    ...form,
  })
}

const deletionView = (report: SavedReport) => ({
  title: t.deletion,
  text: t.deletionText(report.name),
  details: [report.is_shared ? t.deletionShared : t.deletionOwn],
  action: `/saved-reports/${report.id}/deletion`,
  submitLabel: text.actions.delete,
  isDanger: true,
  cancelHref: reportAddress(report),
  hidden: [{ name: 'version', value: String(report.version) }],
})
