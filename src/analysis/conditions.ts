import { customerList } from '../customers/list.ts'
import type { Reference } from '../reference.ts'
import { text } from '../texts/index.ts'
import { parseDay } from '../web/fields.ts'
import { type Body, type FieldError, fieldError, optionViews, typedIn } from '../web/form.ts'
import type { Filter, ListQuery } from '../web/list.ts'
import { readListQuery, sizes } from '../web/list-query.ts'
import type { Viewer } from '../web/viewer.ts'
import { conditionFilters } from './analyses.ts'

/** Who asks, and what an analysis is narrowed by: values by parameter name, what was typed, and what is wrong with it. */
export type Conditions = { viewer: Viewer; filters: Record<string, string>; typed: Body; errors: FieldError[] }

/** Reads the conditions out of an address; ids that are unknown are left out, days that make no sense are told. */
export function readConditions(typed: Body, by: { reference: Reference; viewer: Viewer }): Conditions {
  const { filters } = readListQuery({ ...customerList, filters: conditionFilters }, typed, by)
  const errors = conditionFilters.filter(({ kind }) => kind === 'days').flatMap((filter) => dayErrors(filter, typed))
  return { viewer: by.viewer, filters, typed, errors }
}

function dayErrors({ name, label }: Filter, typed: Body): FieldError[] {
  const from = { name: `${name}_from`, label: text.common.fromOf(label) }
  const to = { name: `${name}_to`, label: text.common.toOf(label) }
  const bad = [from, to].filter((side) => typedIn(typed, side.name) && !parseDay(typedIn(typed, side.name)))
  if (bad.length > 0) return bad.map((side) => fieldError(side, text.form.day))
  const [first = '', last = ''] = [from, to].map((side) => parseDay(typedIn(typed, side.name)))
  return first && last && last < first ? [fieldError(to, text.analysis.reversed)] : []
}

/** The conditions as a query of the customer list. */
export const listQueryOf = ({ viewer, filters }: Conditions): ListQuery => ({
  viewer,
  q: '',
  filters,
  sort: null,
  page: 1,
  per: sizes[0] as number,
})

/** The conditions as the form of views/analysis/_conditions.eta wants them. */
export const conditionViews = (conditions: Conditions, reference: Reference) =>
  conditionFilters.map((filter) =>
    filter.kind === 'days' ? daysView(filter, conditions) : choiceView(filter, conditions, reference),
  )

function daysView({ name, label }: Filter, { filters, typed, errors }: Conditions) {
  const side = (name: string, label: string) => ({
    name,
    label,
    // A date input shows nothing for a day that does not exist.
    type: typedIn(typed, name) && !filters[name] ? 'text' : 'date',
    value: filters[name] ?? typedIn(typed, name),
    error: errors.find(({ field }) => field === name)?.message,
  })
  const from = side(`${name}_from`, text.common.fromOf(label))
  const to = side(`${name}_to`, text.common.toOf(label))
  return { name, label, kind: 'days', sides: [from, to], isSet: Boolean(from.value || to.value) }
}

function choiceView(filter: Filter, { filters }: Conditions, reference: Reference) {
  const value = filters[filter.name] ?? ''
  const options = filter.kind === 'choice' ? filter.options(reference, filters) : []
  return {
    name: filter.name,
    label: filter.label,
    kind: 'choice',
    any: text.common.any,
    options: optionViews(options, value),
    isSet: !!value,
  }
}

/** The conditions that are set, as a person reads them on paper; that there are none is said too. */
export function conditionTexts({ filters }: Conditions, reference: Reference): { label: string; value: string }[] {
  const set = conditionFilters
    .map((filter) => ({ label: filter.label, value: conditionText(filter, filters, reference) }))
    .filter(({ value }) => value !== '')
  return set.length > 0 ? set : [{ label: text.analysis.scope, value: text.analysis.everyone }]
}

function conditionText(filter: Filter, filters: Record<string, string>, reference: Reference): string {
  const { [`${filter.name}_from`]: from, [`${filter.name}_to`]: to, [filter.name]: chosen } = filters
  if (from && to) return text.analysis.between(from, to)
  if (from) return text.analysis.from(from)
  if (to) return text.analysis.until(to)
  const options = filter.kind === 'choice' ? filter.options(reference, filters) : []
  return options.find(({ value }) => value === chosen)?.label ?? ''
}
