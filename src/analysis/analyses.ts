import { customerList } from '../customers/list.ts'
import { text } from '../texts/index.ts'
import type { Filter } from '../web/list.ts'

type ChoiceFilter = Extract<Filter, { kind: 'choice' }>

/**
 * How many customers there are of each choice of one filter of the customer list: its options are the rows, its label
 * their heading, and its address the way from a number to the customers behind it.
 */
export type Analysis = { name: string; title: string; filter: ChoiceFilter }

export const folder = '/analysis'
export const addressOf = (analysis: Analysis) => `${folder}/${analysis.name}`

const filterNamed = (name: string) => customerList.filters.find((filter) => filter.name === name) as Filter

/** A new analysis is a line here and an entry of the menu. Its column must be tallied (customers/fields.ts, `facets`). */
export const analyses: Analysis[] = [
  {
    name: 'customer-levels',
    title: text.menu.customerLevels,
    filter: filterNamed('level_id') as ChoiceFilter,
  },
  {
    name: 'customer-sources',
    title: text.menu.customerSources,
    filter: filterNamed('source_id') as ChoiceFilter,
  },
]

/** What every analysis can be narrowed by, as the customer list declares it. */
export const conditionFilters: Filter[] = ['registered_on', 'owner_id', 'province_code'].map(filterNamed)
