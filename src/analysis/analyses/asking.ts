import type { ListQuery } from '../../kernel/web/list.ts'
import { type Change, listAddress, rowsPreset } from '../../kernel/web/list-query.ts'
import { type Conditions, periodOf } from './conditions.ts'
import type { Source } from './sources.ts'

/** How the list of a source is asked for one value of a field: by its filter, or by a condition where it has none. */
export function askedOf({ list, filters }: Source, name: string, value: string): Change {
  if (list.filters.some((filter) => filter.name === name)) return { [name]: value }
  const isFlag = list.conditions?.find((one) => one.name === name)?.operators.includes('is') === false
  return filters.some((filter) => filter.name === name) ? { f: [`${name}:${isFlag ? 'in' : 'is'}:${value}`] } : {}
}

/** How it is asked for days. */
function daysAsked({ list }: Source, name: string, { from, to }: { from?: string; to?: string }): Change {
  if (list.filters.some((filter) => filter.name === name))
    return { [`${name}_from`]: from ?? null, [`${name}_to`]: to ?? null }
  return from || to ? { f: [`${name}:between:${from ?? ''},${to ?? ''}`] } : {}
}

/** Several of them put together: the conditions of all, of anything else the last. */
function together(changes: Change[]): Change {
  const f = changes.flatMap((change) => (change.f ?? []) as string[])
  return { ...Object.assign({}, ...changes), f: [...new Set(f)] }
}

/** The conditions as a query of a list. */
export const listQueryOf = ({ viewer, filters }: Pick<Conditions, 'viewer' | 'filters'>): ListQuery => ({
  viewer,
  q: '',
  filters,
  sort: null,
  page: 1,
  per: rowsPreset,
})

/** The list of the records that meet the conditions and what a row or a column stands for. */
export function listBehind(conditions: Conditions, ...changes: Change[]): string {
  const { source, day, filters, department, viewer } = conditions
  const chosen = Object.entries(filters).filter(([name]) => name !== `${day.name}_from` && name !== `${day.name}_to`)
  const { f = [], ...params } = together([
    daysAsked(source, day.name, periodOf(conditions)),
    ...chosen.map(([name, value]) => askedOf(source, name, value)),
  ])
  const { within = '', itself = '' } = source.owned?.departments ?? {}
  const said = changes.flatMap((change) => [change.f ?? []].flat()).map((one) => String(one).split(':')[0])
  const isSaid = said.some((name) => name === within || name === itself)
  const ofDepartment = department && !isSaid ? [{ f: [`${within}:is:${department}`] }] : []
  const query = listQueryOf({ viewer, filters: params as Record<string, string> })
  return listAddress(source.list.path, query, together([...ofDepartment, { f }, ...changes]))
}

/** The address of an analysis under its conditions, with some of them changed; a period stays one. */
export const analysisAddress = (path: string, conditions: Conditions, change: Change = {}): string => {
  const { source, day, period, department = null, cross = null, compare = null, sum } = conditions
  const days: Change = period ? { period, [`${day.name}_from`]: null, [`${day.name}_to`]: null } : {}
  const within = source.owned ? { [source.owned.departments.within]: department } : {}
  const chosen = { ...days, ...within, cross, compare, sum: sum?.name ?? null }
  return listAddress(path, listQueryOf(conditions), { ...chosen, ...change })
}
