import type { FastifyInstance, FastifyRequest } from 'fastify'
import { conditionTexts } from '../../analysis/analyses/condition-views.ts'
import { analyse } from '../../analysis/analyses/figures.ts'
import { askedIn } from '../../analysis/saved-reports/asked.ts'
import { pinnedReports, reportAddress, type SavedReport } from '../../analysis/saved-reports/report.ts'
import { upsert } from '../../kernel/db/dialect.ts'
import { writeRecent } from '../../kernel/desk/recent.ts'
import { deskSections } from '../../kernel/desk/sections.ts'
import { registerRecent } from '../../kernel/modules/recent-section.ts'
import { type BarChart, barChart } from '../../kernel/report/chart.ts'
import { showInstant } from '../../kernel/web/formatting.ts'
import { text } from '../../texts/index.ts'
import { deskPath } from './path.ts'

/** So many are drawn; the others are links. */
const mostDrawn = 4

/** 「工作台」: what is to be done, what was opened last, and the reports put there. */
export async function deskRoutes(app: FastifyInstance) {
  registerRecent()
  app.addHook('onClose', () => writeRecent(app.db))

  app.get(deskPath, { config: { permission: 'signed-in' } }, async (request, reply) => {
    const pinned = request.can('analysis.view') ? await pinnedReports(app.db, request) : []
    const drawn = []
    for (const report of pinned.slice(0, mostDrawn)) drawn.push(await reportView(request, report))
    const sections = await deskSections(app, request)
    return reply.page('office/workbench/show', {
      title: text.desk.title,
      madeAt: showInstant(new Date()),
      main: sections.filter(({ isAside }) => !isAside),
      aside: sections.filter(({ isAside }) => isAside),
      hints: (await areHintsClosed(request)) ? [] : text.desk.hints,
      mayAnalyse: request.can('analysis.view'),
      drawn,
      others: pinned.slice(mostDrawn).map((report) => ({ name: report.name, href: reportAddress(report) })),
    })
  })

  app.post(`${deskPath}/hints`, { config: { permission: 'signed-in' } }, async (request, reply) => {
    await upsert(app.db, 'desks', { user_id: request.viewer.id }, { hints_closed_at: new Date().toISOString() })
    await request.flash(text.desk.hintsClosed)
    return reply.redirect(deskPath, 303)
  })

  async function areHintsClosed({ viewer }: FastifyRequest): Promise<boolean> {
    const row = await app.db('desks').where({ user_id: viewer.id }).first('hints_closed_at')
    return Boolean(row?.hints_closed_at)
  }

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
