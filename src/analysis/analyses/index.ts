import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { referenceAt } from '../../kernel/reference.ts'
import type { Body } from '../../kernel/web/form.ts'
import { forbidden, notFound } from '../../kernel/web/refusal.ts'
import { readConditions } from './conditions.ts'
import { analyse } from './figures.ts'
import { sendAnalysisPdf, sendAnalysisXlsx } from './files.ts'
import type { Asked } from './result.ts'
import { analysisFor, analysisKept, folder, handedInSources, open, sourcesFor } from './sources.ts'
import { formPage, resultPage } from './view.ts'

/** The analyses, each as a page, as a PDF and as a workbook with the same address. */
export async function analysisRoutes(app: FastifyInstance) {
  app.get(folder, { config: { permission: 'analysis.view' } }, async ({ viewer }, reply) => {
    const first = sourcesFor(viewer).flatMap(({ analyses }) => open(analyses, viewer))[0]
    if (!first) throw forbidden()
    return reply.redirect(first.path, 303)
  })
  for (const { analyses } of handedInSources()) for (const { path } of analyses) routes(app, path)
  routes(app, `${folder}/:module/:field`)
}

const view = 'analysis/analyses/show'

function routes(app: FastifyInstance, path: string) {
  app.get(path, { config: { permission: 'analysis.view' } }, async (request, reply) => {
    const asked = await askedFor(request)
    if (isRefused(asked)) return refuse(request, reply, asked)
    return reply.page(view, await resultPage(request, asked, await analyse(asked)))
  })

  app.get(`${path}.pdf`, { config: { permission: 'analysis.print' }, compress: false }, async (request, reply) => {
    const asked = await askedFor(request)
    if (isRefused(asked)) return refuse(request, reply, asked)
    return sendAnalysisPdf(asked, request, reply, await analyse(asked))
  })

  app.get(`${path}.xlsx`, { config: { permission: 'analysis.export' }, compress: false }, async (request, reply) => {
    const asked = await askedFor(request)
    if (isRefused(asked)) return refuse(request, reply, asked)
    return sendAnalysisXlsx(asked, request, reply, await analyse(asked))
  })

  async function askedFor(request: FastifyRequest): Promise<Asked> {
    const { viewer, revision } = request
    const name = nameIn(request)
    if (!analysisKept(name)) throw notFound()
    const found = analysisFor(name, viewer)
    if (!found) throw forbidden()
    const reference = await referenceAt(app.db, revision)
    const conditions = readConditions(request.query as Body, { reference, viewer, ...found })
    return { app, analysis: found.analysis, conditions, reference, revision }
  }
}

/** Which analysis an address is about, as a saved report names it. */
function nameIn({ params, routeOptions }: FastifyRequest): string {
  const { module, field } = params as { module?: string; field?: string }
  if (module) return `${module}/${field}`
  return String(routeOptions.url)
    .slice(folder.length + 1)
    .replace(/\.(pdf|xlsx)$/, '')
}

const isRefused = ({ conditions }: Asked) => conditions.errors.length > 0

const refuse = (request: FastifyRequest, reply: FastifyReply, asked: Asked) =>
  reply.code(422).page(view, formPage(request, asked))
