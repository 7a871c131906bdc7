import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { referenceAt } from '../../kernel/reference.ts'
import type { Body } from '../../kernel/web/form.ts'
import { type Analysis, addressOf, allAnalyses, folder } from './analyses.ts'
import { readConditions } from './conditions.ts'
import { analyse } from './figures.ts'
import { sendAnalysisPdf, sendAnalysisXlsx } from './files.ts'
import type { Asked } from './result.ts'
import { formPage, resultPage } from './view.ts'

/** The analyses, each as a page, as a PDF and as a workbook with the same address. */
export async function analysisRoutes(app: FastifyInstance) {
  app.get(folder, { config: { permission: 'analysis.view' } }, async (_request, reply) =>
    reply.redirect(addressOf(allAnalyses[0] as Analysis), 303),
  )
  for (const analysis of allAnalyses) routes(app, analysis)
}

const view = 'analysis/analyses/show'

function routes(app: FastifyInstance, analysis: Analysis) {
  const path = addressOf(analysis)

  app.get(path, { config: { permission: 'analysis.view' } }, async (request, reply) => {
    const asked = await askedFor(request)
    if (isRefused(asked)) return refuse(reply, asked)
    const { conditions, reference } = asked
    return reply.page(view, await resultPage(app.db, request, analysis, conditions, reference, await analyse(asked)))
  })

  app.get(`${path}.pdf`, { config: { permission: 'analysis.print' }, compress: false }, async (request, reply) => {
    const asked = await askedFor(request)
    if (isRefused(asked)) return refuse(reply, asked)
    return sendAnalysisPdf(asked, request, reply, await analyse(asked))
  })

  app.get(`${path}.xlsx`, { config: { permission: 'analysis.export' }, compress: false }, async (request, reply) => {
    const asked = await askedFor(request)
    if (isRefused(asked)) return refuse(reply, asked)
    return sendAnalysisXlsx(asked, request, reply, await analyse(asked))
  })

  async function askedFor(request: FastifyRequest): Promise<Asked> {
    const reference = await referenceAt(app.db, request.revision)
    const conditions = readConditions(request.query as Body, { reference, viewer: request.viewer, analysis })
    return { app, analysis, conditions, reference }
  }
}

const isRefused = ({ conditions }: Asked) => conditions.errors.length > 0

const refuse = (reply: FastifyReply, { analysis, conditions, reference }: Asked) =>
  reply.code(422).page(view, formPage(analysis, conditions, reference))
