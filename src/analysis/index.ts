import type { FastifyInstance, FastifyRequest } from 'fastify'
import { referenceAt } from '../reference.ts'
import type { Body } from '../web/form.ts'
import { type Analysis, addressOf, analyses, folder } from './analyses.ts'
import { readConditions } from './conditions.ts'
import { analysisPdf, pdfHeaders } from './pdf.ts'
import { analyse } from './result.ts'
import { formPage, resultPage } from './view.ts'

/** The analyses, each as a page and as a PDF with the same address. */
export async function analysisRoutes(app: FastifyInstance) {
  app.get(folder, { config: { permission: 'analysis.view' } }, async (_request, reply) =>
    reply.redirect(addressOf(analyses[0] as Analysis), 303),
  )
  for (const analysis of analyses) {
    pageRoute(app, analysis)
    pdfRoute(app, analysis)
  }
}

async function asked(app: FastifyInstance, request: FastifyRequest) {
  const reference = await referenceAt(app.db, request.revision)
  return { reference, conditions: readConditions(request.query as Body, { reference, viewer: request.viewer }) }
}

const view = 'analysis/show'

function pageRoute(app: FastifyInstance, analysis: Analysis) {
  app.get(addressOf(analysis), { config: { permission: 'analysis.view' } }, async (request, reply) => {
    const { reference, conditions } = await asked(app, request)
    if (conditions.errors.length > 0) return reply.code(422).page(view, formPage(analysis, conditions, reference))
    const result = await analyse(app.db, analysis, conditions, reference)
    return reply.page(view, await resultPage(request, analysis, conditions, reference, result))
  })
}

function pdfRoute(app: FastifyInstance, analysis: Analysis) {
  const options = { config: { permission: 'analysis.print' as const }, compress: false as const }
  app.get(`${addressOf(analysis)}.pdf`, options, async (request, reply) => {
    const { reference, conditions } = await asked(app, request)
    if (conditions.errors.length > 0) return reply.code(422).page(view, formPage(analysis, conditions, reference))
    const result = await analyse(app.db, analysis, conditions, reference)
    const pdf = await analysisPdf(app, request, analysis, conditions, reference, result)
    return pdfHeaders(reply, analysis).send(pdf)
  })
}
