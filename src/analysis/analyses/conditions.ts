import { today } from '../../kernel/china/clock.ts'
import { parseDay, readDay } from '../../kernel/china/day.ts'
import type { Reference } from '../../kernel/reference.ts'
import { shortened, type Unread } from '../../kernel/web/condition-address.ts'
import { type Body, type FieldError, fieldError, typedIn } from '../../kernel/web/form.ts'
import type { Filter } from '../../kernel/web/list.ts'
import { readListQuery } from '../../kernel/web/list-query.ts'
import { departmentOptions, type Option } from '../../kernel/web/options.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { peopleBelow } from '../../people/departments/people.ts'
import { text } from '../../texts/index.ts'
import { type Period, periodBefore, yearBefore } from './periods.ts'
import { daysOf, type RelativeName, relativeBefore, relativeOptions } from './relative-periods.ts'
import { type Analysis, type DaysFilter, open, type Source, type Sum } from './sources.ts'

/**
 * Who asks, and what an analysis is narrowed by: values by parameter name, what was typed, and what is wrong with it. A
 * department narrows whose customers the person reaches.
 */
export type Conditions = {
  source: Source
  /** The days that a period narrows. */
  day: DaysFilter
  viewer: Viewer
  /** The person does not reach every record, whatever department is looked at. */
  isLimited?: boolean
  filters: Record<string, string>
  /** The period that the days in `filters` stand for; without one they were typed. */
  period?: RelativeName
  department?: string
  /** The name of the analysis whose field stands across. */
  cross?: string
  /** What is added up instead of counting records. */
  sum?: Sum
  compare?: Compare
  typed: Body
  errors: FieldError[]
}
export type Compare = keyof typeof text.analysis.compares

/** What can be chosen beside the filters, by the parameters of the address. */
export const fieldsOf = ({ owned }: Source) => ({
  period: { name: 'period', label: text.analysis.period },
  department: { name: owned?.departments.within ?? '', label: text.analysis.department },
  cross: { name: 'cross', label: text.analysis.cross },
  sum: { name: 'sum', label: text.analysis.sum },
  compare: { name: 'compare', label: text.analysis.compare },
})
type Chosen = ReturnType<typeof fieldsOf>

/** What an analysis is narrowed by: its days first. */
export const filtersOf = ({ source, day, viewer }: Pick<Conditions, 'source' | 'day' | 'viewer'>): Filter[] => [
  day,
  ...open(source.filters, viewer),
]

type By = { reference: Reference; viewer: Viewer; source: Source; analysis: Analysis }

/** Reads the conditions out of an address; what is unknown or makes no sense is told, not left out. */
export function readConditions(typed: Body, by: By): Conditions {
  const { source, viewer, analysis } = by
  const { day } = analysis
  const fields = fieldsOf(source)
  const all = filtersOf({ source, day, viewer })
  const { filters, unread = [] } = readListQuery({ ...source.list, filters: all }, typed, by)
  const period = known(typed, 'period', relativeOptions) as RelativeName | undefined
  const department = source.owned && known(typed, fields.department.name, departmentOptions(by.reference))
  const cross = known(typed, 'cross', crossOptions(source, viewer))
  const sum = known(typed, 'sum', sumOptions(source, viewer))
  const compare = known(typed, 'compare', compareOptions) as Compare | undefined
  const errors = [
    ...unread.filter(({ name }) => !/_(from|to)$/.test(name)).map((one) => fieldError(one, unreadText(one))),
    ...unknownErrors(typed, fields, { period, department, cross, sum, compare }),
    ...maskedErrors(typed, source, viewer),
    ...(period ? [] : dayErrors(day, typed)),
  ]
  const narrowed = period ? { ...filters, ...daysAsFilters(day, daysOf(period, today())) } : filters
  const conditions = {
    source,
    day,
    filters: narrowed,
    period,
    department,
    cross,
    compare,
    sum: source.sums.find(({ name }) => name === sum),
    typed,
    errors,
  }
  // Growth has a period and a comparison of its own.
  if (errors.length === 0 && analysis.way !== 'growth') errors.push(...compareErrors(conditions))
  return {
    isLimited: source.owned !== undefined && source.owned.reach(viewer) !== 'all',
    viewer: department ? withinDepartment(viewer, Number(department), by.reference) : viewer,
    ...conditions,
  }
}

const unreadText = ({ label, written }: Pick<Unread, 'label' | 'written'>) => text.list.unread(label, written)

/** Of what can be chosen beside the filters, what was asked for and is not there. */
const unknownErrors = (typed: Body, fields: Chosen, choices: Partial<Record<keyof Chosen, string>>): FieldError[] =>
  Object.entries(fields).flatMap(([key, field]) => {
    const written = field.name && shortened(typedIn(typed, field.name))
    const isUnknown = written && choices[key as keyof Chosen] === undefined
    return isUnknown ? [fieldError(field, unreadText({ label: field.label, written }))] : []
  })

/** Nobody may find out by counting what must not be read. */
const maskedErrors = (typed: Body, { filters }: Source, viewer: Viewer): FieldError[] =>
  filters
    .filter(({ name, mask }) => mask && viewer.isMasked(mask) && typedIn(typed, name))
    .map((filter) =>
      fieldError(filter, unreadText({ label: filter.label, written: shortened(typedIn(typed, filter.name)) })),
    )

const known = (typed: Body, name: string, options: Option[]) =>
  options.find(({ value }) => value === typedIn(typed, name))?.value

const asOptions = (some: { name: string; label: string }[]) => some.map(({ name, label }) => ({ value: name, label }))
export const crossOptions = ({ analyses }: Source, viewer: Viewer) =>
  asOptions(open(analyses, viewer).filter(({ way }) => way !== 'growth'))
export const sumOptions = ({ sums }: Source, viewer: Viewer) =>
  asOptions(open(sums, viewer).map((sum) => ({ ...sum, label: text.analysis.sumOf(sum.label) })))
export const compareOptions = Object.entries(text.analysis.compares).map(([value, label]) => ({ value, label }))

/** Whoever looks for records of a department finds those that are reached and belong to its people. */
function withinDepartment(viewer: Viewer, department: number, reference: Reference): Viewer {
  const people = peopleBelow(reference, department)
  return {
    ...viewer,
    scope: (permission) => {
      const reach = viewer.scope(permission)
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
function compareErrors({
  source,
  day,
  filters,
  cross,
  compare,
}: Omit<Conditions, 'viewer' | 'typed' | 'errors'>): FieldError[] {
  if (!compare) return []
  if (cross) return [fieldError(fieldsOf(source).compare, text.analysis.compareOrCross)]
  const missing = sidesOf(day.name, day.label).filter(({ name }) => !filters[name])
  return missing.map((side) => fieldError(side, text.analysis.compareWithout))
}

/** The days that are looked at; open at either end. */
export const periodOf = ({ day, filters }: Pick<Conditions, 'day' | 'filters'>): Partial<Period> => ({
  from: filters[`${day.name}_from`],
  to: filters[`${day.name}_to`],
})

/** The same conditions in another period, which may have no beginning. */
export const inPeriod = (conditions: Conditions, { from = '', to = '' }: Partial<Period>): Conditions => ({
  ...conditions,
  filters: { ...conditions.filters, ...daysAsFilters(conditions.day, { from, to }) },
})

export const daysAsFilters = ({ name }: DaysFilter, { from, to }: Period) => ({
  [`${name}_from`]: from,
  [`${name}_to`]: to,
})

/** What a comparison compares with; undefined without one. */
export function comparedPeriod(conditions: Conditions): Period | undefined {
  const { from, to } = periodOf(conditions)
  if (!conditions.compare || !from || !to) return undefined
  if (conditions.compare === 'year') return yearBefore({ from, to })
  return conditions.period ? relativeBefore(conditions.period, { from, to }) : periodBefore({ from, to })
}
