import type { FormPage, OnForm } from '../../kernel/modules/page-views.ts'
import { conditionTexts } from '../analyses/condition-views.ts'
import { askedBy, usualAnalysis } from './asked.ts'
import { reportAddress, type SavedReport } from './report.ts'

/** The form of a report, below the analysis and the conditions that are kept (views/analysis/saved-reports/form.eta). */
export function reportForm(page: FormPage, { record, ...at }: OnForm): FormPage & Record<string, unknown> {
  const fields = page.form.groups.flatMap((group) => group.fields)
  const typed = (name: string) => fields.find((field) => field.name === name)?.value ?? ''
  const kept = (record as SavedReport | undefined) ?? {
    analysis: typed('analysis') || usualAnalysis,
    query: typed('query'),
  }
  const { analysis, conditions } = askedBy(at, kept)
  const shown = fields.filter(({ name }) => name !== 'analysis' && name !== 'query')
  return {
    ...page,
    view: 'analysis/saved-reports/form',
    form: { ...page.form, id: 'saved-report', cancelHref: reportAddress(kept), groups: [{ title: '', fields: shown }] },
    analysis: kept.analysis,
    query: kept.query,
    of: analysis.title,
    facts: conditionTexts(conditions, at.reference),
    deletionHref: record ? `/saved-reports/${record.id}/deletion` : null,
  }
}
