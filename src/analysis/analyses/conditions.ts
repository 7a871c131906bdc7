import { customerList } from '../../customers/customers/list.ts'
import { today } from '../../kernel/china/clock.ts'
import { parseDay, readDay } from '../../kernel/china/day.ts'
import type { Reference } from '../../kernel/reference.ts'
import { text } from '../../kernel/texts/index.ts'
import { shortened, type Unread } from '../../kernel/web/condition-address.ts'
import { type Body, type FieldError, fieldError, typedIn } from '../../kernel/web/form.ts'
import type { Filter, ListQuery } from '../../kernel/web/list.ts'
import { type Change, listAddress, readListQuery, sizes } from '../../kernel/web/list-query.ts'
import { departmentOptions, type Option } from '../../kernel/web/options.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { peopleBelow } from '../../people/departments/people.ts'
import { type Analysis, analyses, conditionFilters } from './analyses.ts'
import { type Period, periodBefore, yearBefore } from './periods.ts'
import { daysOf, type RelativeName, relativeBefore, relativeOptions } from './relative-periods.ts'

/**
 * Who asks, and what an analysis is narrowed by: values by parameter name, what was typed, and what is wrong with it. A
 * department narrows whose customers the person reaches.
 */
export type Conditions = {
  viewer: Viewer
  /** The person does not reach every customer, whatever department is looked at. */
  isLimited?: boolean
  filters: Record<string, string>
  /** The period that the days in `filters` stand for; without one they were typed. */
  period?: RelativeName
  department?: string
  /** The name of the analysis whose field stands across. */
  cross?: string
  compare?: Compare
  typed: Body
  errors: FieldError[]
}
export type Compare = keyof typeof text.analysis.compares

export const fields = {
  period: { name: 'period', label: text.analysis.period },
  department_id: { name: 'department_id', label: text.analysis.department },
  cross: { name: 'cross', label: text.analysis.cross },
  compare: { name: 'compare', label: text.analysis.compare },
}

/** Reads the conditions out of an address; what is unknown or makes no sense is told, not left out. */
export function readConditions(
  typed: Body,
  by: { reference: Reference; viewer: Viewer; analysis?: Analysis },
): Conditions {
  const { filters, unread = [] } = readListQuery({ ...customerList, filters: conditionFilters }, typed, by)
  const period = known(typed, 'period', relativeOptions) as RelativeName | undefined
  const department = known(typed, 'department_id', departmentOptions(by.reference))
  const cross = known(typed, 'cross', crossOptions)
  const compare = known(typed, 'compare', compareOptions) as Compare | undefined
  const days = conditionFilters.filter(({ kind }) => kind === 'days')
  const choices = { period, department_id: department, cross, compare }
  const errors = [
    ...unread.filter(({ name }) => !/_(from|to)$/.test(name)).map((one) => fieldError(one, unreadText(one))),
    ...unknownErrors(typed, choices),
    ...(period ? [] : days.flatMap((filter) => dayErrors(filter, typed))),
  ]
  const narrowed = period ? { ...filters, ...daysAsFilters(daysOf(period, today())) } : filters
  const conditions = { filters: narrowed, period, department, cross, compare, typed, errors }
  // Growth has a period and a comparison of its own.
  if (errors.length === 0 && by.analysis?.way !== 'growth') errors.push(...compareErrors(conditions))
  return {
    isLimited: by.viewer.reach('analysis.view') !== 'all',
    viewer: department ? withinDepartment(by.viewer, Number(department), by.reference) : by.viewer,
    ...conditions,
  }
}

const unreadText = ({ label, written }: Pick<Unread, 'label' | 'written'>) => text.list.unread(label, written)

/** Of what can be chosen beside the filters, what was asked for and is not there. */
const unknownErrors = (typed: Body, choices: Partial<Record<keyof typeof fields, string>>): FieldError[] =>
  Object.values(fields).flatMap((field) => {
    const written = shortened(typedIn(typed, field.name))
    const isUnknown = written !== '' && choices[field.name as keyof typeof fields] === undefined
    return isUnknown ? [fieldError(field, unreadText({ label: field.label, written }))] : []
  })

const known = (typed: Body, name: string, options: Option[]) =>
  options.find(({ value }) => value === typedIn(typed, name))?.value

export const crossOptions = analyses.map(({ name, label }) => ({ value: name, label }))
export const compareOptions = Object.entries(text.analysis.compares).map(([value, label]) => ({ value, label }))

/** Whoever looks for customers of a department finds those that are reached and belong to its people. */
function withinDepartment(viewer: Viewer, department: number, reference: Reference): Viewer {
  const people = peopleBelow(reference, department)
  return {
    ...viewer,
    reach: (permission) => {
      const reach = viewer.reach(permission)
      return reach === 'all' ? people : reach.intersection(people)
    },
  }
}

function dayErrors({ name, label }: Filter, typed: Body): FieldError[] {
  const [from, to] = sidesOf(name, label)
  const bad = [from, to].flatMap((side) => {
    const read = typedIn(typed, side.name) ? readDay(typedIn(typed, side.name)) : undefined
    return read && 'problem' in read ? [fieldError(side, text.form.days[read.problem])] : []
  })
  if (bad.length > 0) return bad
  const [first = '', last = ''] = [from, to].map((side) => parseDay(typedIn(typed, side.name)))
  return first && last && last < first ? [fieldError(to, text.analysis.reversed)] : []
}

export const sidesOf = (name: string, label: string) =>
  [
    { name: `${name}_from`, label: text.common.fromOf(label) },
    { name: `${name}_to`, label: text.common.toOf(label) },
  ] as const

/** A comparison needs to know what is compared, and one table holds one of both. */
function compareErrors({ filters, cross, compare }: Pick<Conditions, 'filters' | 'cross' | 'compare'>): FieldError[] {
  if (!compare) return []
  if (cross) return [fieldError(fields.compare, text.analysis.compareOrCross)]
  const missing = sidesOf('registered_on', text.customers.fields.registered_on).filter(({ name }) => !filters[name])
  return missing.map((side) => fieldError(side, text.analysis.compareWithout))
}

/** The days that are looked at; open at either end. */
export const periodOf = ({ filters }: Conditions): Partial<Period> => ({
  from: filters.registered_on_from,
  to: filters.registered_on_to,
})

/** The same conditions in another period. */
export const inPeriod = (conditions: Conditions, period: Period): Conditions => ({
  ...conditions,
  filters: { ...conditions.filters, ...daysAsFilters(period) },
})

const daysAsFilters = ({ from, to }: Period) => ({ registered_on_from: from, registered_on_to: to })

/** What a comparison compares with; undefined without one. */
export function comparedPeriod(conditions: Conditions): Period | undefined {
  const { from, to } = periodOf(conditions)
  if (!conditions.compare || !from || !to) return undefined
  if (conditions.compare === 'year') return yearBefore({ from, to })
  return conditions.period ? relativeBefore(conditions.period, { from, to }) : periodBefore({ from, to })
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

/** The list of the customers that meet the conditions and what a row or a column stands for. */
export function listBehind(conditions: Conditions, ...changes: Change[]): string {
  const said = changes.flatMap(({ f }) => (f ?? []) as string[])
  const department = conditions.department && `department_id:is:${conditions.department}`
  const f = said.some((one) => /^(own_)?department_id:/.test(one)) || !department ? said : [department, ...said]
  return listAddress('/customers', listQueryOf(conditions), { ...Object.assign({}, ...changes), f })
}

/** The address of an analysis under its conditions, with some of them changed; a period stays one. */
export const analysisAddress = (path: string, conditions: Conditions, change: Change = {}): string => {
  const { period, department = null, cross = null, compare = null } = conditions
  const days: Change = period ? { period, registered_on_from: null, registered_on_to: null } : {}
  return listAddress(path, listQueryOf(conditions), { ...days, department_id: department, cross, compare, ...change })
}
