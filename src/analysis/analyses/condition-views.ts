import type { Reference } from '../../kernel/reference.ts'
import { optionViews } from '../../kernel/web/field-view.ts'
import { typedIn } from '../../kernel/web/form.ts'
import type { Filter } from '../../kernel/web/list.ts'
import { departmentOptions, type Option } from '../../kernel/web/options.ts'
import { text } from '../../texts/index.ts'
import {
  type Compare,
  type Conditions,
  comparedPeriod,
  compareOptions,
  crossOptions,
  fieldsOf,
  filtersOf,
  sidesOf,
  sumOptions,
} from './conditions.ts'
import { relativeOptions } from './relative-periods.ts'
import type { Analysis } from './sources.ts'

/** The conditions as the form of views/analysis/analyses/_conditions.eta wants them; some under 「更多条件」. */
export function conditionViews(analysis: Analysis, conditions: Conditions, reference: Reference) {
  const { source, viewer, department = '', cross = '', sum, compare = '', errors } = conditions
  const fields = fieldsOf(source)
  const [, ...others] = filtersOf(conditions)
  const chosen = (field: keyof typeof fields, options: Option[], value: string, any: string) => ({
    ...fields[field],
    kind: 'choice',
    any,
    options: optionViews(options, value),
    isSet: !!value,
    error: errors.find((error) => error.field === fields[field].name)?.message,
  })
  const isGrowth = analysis.way === 'growth'
  const crossing = crossOptions(source, viewer).filter(({ value }) => value !== analysis.name)
  const comparing = compareOptions.filter(({ value }) => !isGrowth || value === 'year')
  const sums = sumOptions(source, viewer)
  const fitting = others
    .map((filter) => choiceView(filter, conditions, reference))
    .filter(({ options }) => options.length > 0)
  const inSight = fitting.filter(({ name }) => source.inSight.includes(name))
  const more = fitting.filter(({ name }) => !source.inSight.includes(name))
  return {
    sight: [
      daysView(analysis, conditions),
      ...(source.owned ? [chosen('department', departmentOptions(reference), department, text.common.any)] : []),
      ...inSight,
      ...(sums.length > 0 ? [chosen('sum', sums, sum?.name ?? '', text.analysis.counting)] : []),
      ...(isGrowth || crossing.length === 0 ? [] : [chosen('cross', crossing, cross, text.analysis.noCross)]),
      chosen('compare', comparing, compare, text.analysis.noCompare),
    ],
    more,
    isMoreSet: more.some(({ isSet }) => isSet),
  }
}

/** Days to type, or the days that a chosen period stands for. */
function daysView(
  { day: { name, label }, periodLabel }: Analysis,
  { source, filters, period, typed, errors }: Conditions,
) {
  const sides = sidesOf(name, label).map((side) => ({
    ...side,
    // A date input shows nothing for a day that does not exist.
    type: typedIn(typed, side.name) && !filters[side.name] ? 'text' : 'date',
    value: filters[side.name] ?? typedIn(typed, side.name),
    error: errors.find(({ field }) => field === side.name)?.message,
  }))
  return {
    name,
    label,
    kind: 'days',
    period: {
      ...fieldsOf(source).period,
      label: periodLabel,
      any: text.analysis.ownDays,
      options: optionViews(relativeOptions, period ?? ''),
    },
    stands: period ? daysText(name, filters) : null,
    sides,
    isSet: sides.some(({ value }) => value),
  }
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
export function conditionTexts(conditions: Conditions, reference: Reference): { label: string; value: string }[] {
  const [days, ...others] = filtersOf(conditions).map((filter) => ({
    label: filter.label,
    value: conditionText(filter, conditions, reference),
  }))
  const { sum } = conditions
  const department = reference.department(Number(conditions.department))?.name ?? ''
  const period = comparedPeriod(conditions)
  const set = [
    days as { label: string; value: string },
    { label: text.analysis.department, value: department && text.analysis.withBelow(department) },
    ...others,
    { label: text.analysis.sum, value: sum ? text.analysis.sumOf(sum.label) : '' },
    {
      label: text.analysis.comparedWith,
      value: period ? text.analysis.comparedPeriod(conditions.compare as Compare, period.from, period.to) : '',
    },
  ].filter(({ value }) => value !== '')
  const scope = { label: text.analysis.scope, value: scopeText(conditions, set.length > 0) }
  return scope.value ? [scope, ...set] : set
}

/** Whose records they are: of those who do not reach all it must be seen on paper, whatever else narrows them. */
function scopeText({ source, isLimited }: Conditions, isNarrowed: boolean): string {
  if (isLimited) return text.analysis.reached(source.label)
  return isNarrowed ? '' : text.analysis.everyone(source.label)
}

function conditionText(filter: Filter, { filters, period }: Conditions, reference: Reference): string {
  if (filter.kind === 'days') {
    const days = daysText(filter.name, filters)
    return period ? text.analysis.periodOf(text.analysis.periods[period], days) : days
  }
  const options = filter.kind === 'choice' ? filter.options(reference, filters) : []
  return options.find(({ value }) => value === filters[filter.name])?.label ?? ''
}

function daysText(name: string, { [`${name}_from`]: from, [`${name}_to`]: to }: Record<string, string>): string {
  if (from && to) return text.analysis.between(from, to)
  if (from) return text.analysis.from(from)
  return to ? text.analysis.until(to) : ''
}
