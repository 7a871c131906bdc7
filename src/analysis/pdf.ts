import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { recordEvent } from '../history.ts'
import type { Reference } from '../reference.ts'
import { reportPdf } from '../report/pdf.ts'
import { settingsAt } from '../settings.ts'
import type { Analysis } from './analyses.ts'
import { type Conditions, conditionTexts } from './conditions.ts'
import { chartOf, type Result, tableOf } from './result.ts'

/** A result as a report on A4; the chart and the table are those of the page. */
export async function analysisPdf(
  app: FastifyInstance,
  request: FastifyRequest,
  analysis: Analysis,
  conditions: Conditions,
  reference: Reference,
  result: Result,
) {
  const { companyName } = await settingsAt(app.db, request.revision)
  const pdf = await reportPdf({
    company: companyName,
    title: analysis.title,
    conditions: conditionTexts(conditions, reference),
    madeBy: request.actor.name,
    madeAt: new Date().toISOString(),
    chart: await chartOf(analysis, result, () => null),
    table: tableOf(analysis, result),
  })
  await recordEvent(app.db, request.actor, { action: 'print', record_type: 'analysis', record_name: request.url })
  return pdf
}

/** Shown in the browser, saved under the title. */
export const pdfHeaders = (reply: FastifyReply, { name, title }: Analysis) =>
  reply
    .type('application/pdf')
    .header('content-disposition', `inline; filename="${name}.pdf"; filename*=UTF-8''${encodeURIComponent(title)}.pdf`)
    .header('cache-control', 'no-store')
