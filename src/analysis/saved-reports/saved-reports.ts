import type { Module, Run } from '../../kernel/modules/module.ts'
import { typedIn } from '../../kernel/web/form.ts'
import { text } from '../../texts/index.ts'
import { analysisAddress } from '../analyses/asking.ts'
import { keptName } from '../analyses/sources.ts'
import { askedBy, usualAnalysis } from './asked.ts'
import { reportForm } from './form.ts'
import { addReport, changeReport, reportAddress, type SavedReport, savedReportFields } from './report.ts'

const { words, one, deletionShared, deletionOwn } = text.savedReports

/** Analyses with their conditions under a name 「常用报表」; who may count keeps some, on the start page or for colleagues too. */
export const savedReports: Module = {
  name: 'saved_reports',
  rights: {
    view: 'analysis.view',
    create: 'analysis.view',
    update: 'analysis.view',
    delete: 'analysis.view',
    share: 'analysis.share',
  },
  path: '/saved-reports',
  label: one,
  words,
  fields: savedReportFields,
  title: 'name',
  owner: 'nobody',
  personal: 'user_id',
  acts: ['view', 'create', 'update', 'delete', 'share'],
  search: [],
  isReference: true,
  isCardless: true,
  standsAt: (report) => reportAddress(report as unknown as SavedReport),
  // They stand on the pages of analyses and on the start page.
  byHand: ['list'],
  form: reportForm,
  hooks: {
    begin: async (at, query) => ({ is_pinned: true, ...kept(at, typedIn(query, 'analysis'), typedIn(query, 'query')) }),
    removal: async (_db, { is_shared }) => [is_shared ? deletionShared : deletionOwn],
  },
  writing: {
    async add(run, given) {
      const values = { ...given, ...kept(run, given.analysis, given.query) }
      return { ...values, id: await addReport(run.trx, values as unknown as SavedReport, run.actor) }
    },
    save: ({ trx, actor }, before, save) => changeReport(trx, before as unknown as SavedReport, save, actor),
  },
}

/** What an address or a form asks for, as far as it makes sense. Throws notFound where nobody may see it. */
function kept(at: Pick<Run, 'viewer' | 'reference'>, analysis: unknown, query: unknown) {
  const asked = askedBy(at, { analysis: String(analysis || usualAnalysis), query: String(query ?? '') })
  return { analysis: keptName(asked.analysis), query: analysisAddress('', asked.conditions).slice(1) }
}
