import type { FastifyInstance, FastifyRequest } from 'fastify'
import { conditionTexts } from '../../analysis/analyses/condition-views.ts'
import { analyse } from '../../analysis/analyses/figures.ts'
import { askedIn } from '../../analysis/saved-reports/asked.ts'
import { pinnedReports, reportAddress, type SavedReport } from '../../analysis/saved-reports/report.ts'
import { type BarChart, barChart } from '../../kernel/report/chart.ts'
import { showInstant } from '../../kernel/web/formatting.ts'
import { text } from '../../texts/index.ts'
import { deskPath } from './path.ts'

/** So many are drawn; the others are links. */
const mostDrawn = 4

/** 「工作台」: the reports put there, and the lists one may use. */
export async function deskRoutes(app: FastifyInstance) {
  app.get(deskPath, { config: { permission: 'analysis.view' } }, async (request, reply) => {
    const pinned = await pinnedReports(app.db, request)
    const drawn = []
    for (const report of pinned.slice(0, mostDrawn)) drawn.push(await reportView(request, report))
    return reply.page('office/workbench/show', {
      title: text.desk.title,
      madeAt: showInstant(new Date()),
      lists: listsOf(request),
      drawn,
      others: pinned.slice(mostDrawn).map((report) => ({ name: report.name, href: reportAddress(report) })),
    })
  })

  async function reportView(request: FastifyRequest, report: SavedReport) {
    const asked = await askedIn(app, request, report)
    const [wrong] = asked.conditions.errors
    const { chart } = wrong ? { chart: null } : await analyse(asked)
    return {
      name: report.name,
      href: reportAddress(report),
      editHref: `/saved-reports/${report.id}/edit`,
      analysis: asked.analysis.title,
      facts: conditionTexts(asked.conditions, asked.reference),
      problem: wrong && text.desk.problem(wrong.message),
      chart: chart && (await barChart(small(chart))),
    }
  }
}

/** Half as wide as the page, and without links of its own: the report is one click away. */
const small = ({ bars, ...chart }: BarChart): BarChart => ({
  ...chart,
  bars: bars.map(({ href: _, partHrefs: __, ...bar }) => bar),
  width: 400,
  height: 240,
})

const daily: string[] = [text.menu.customers, text.menu.analysis]

/** What one works with every day, without the desk itself. */
const listsOf = (request: FastifyRequest) =>
  request.server
    .menuOf(request)
    .filter(({ label }) => daily.includes(label))
    .map(({ label, entries }) => ({ label, entries: entries.filter(({ href }) => href !== deskPath) }))
