import { customerList } from '../../customers/customers/list.ts'
import { text } from '../../kernel/texts/index.ts'
import type { Filter } from '../../kernel/web/list.ts'

export type ChoiceFilter = Extract<Filter, { kind: 'choice' }>

/**
 * How many customers there are of each choice of one filter of the customer list: its options are the rows, its label
 * their heading, and its address the way from a number to the customers behind it. Growth counts by month instead,
 * departments stand for the people in them.
 */
export type Analysis = {
  name: string
  title: string
  label: string
  filter: ChoiceFilter
  way: 'choices' | 'people' | 'departments' | 'places' | 'growth'
}

export const folder = '/analysis'
export const addressOf = (analysis: Analysis) => `${folder}/${analysis.name}`

export const filterNamed = (name: string) => customerList.filters.find((filter) => filter.name === name) as ChoiceFilter

function analysis(name: keyof typeof text.analysis.titles, column: string, more: Partial<Analysis> = {}): Analysis {
  const filter = filterNamed(column)
  return { name, title: text.analysis.titles[name], label: filter.label, filter, way: 'choices', ...more }
}

/** A new analysis is a line here. Its column must be tallied (customers/customers/fields.ts, `facets`). */
export const analyses: Analysis[] = [
  analysis('customer-levels', 'level_id'),
  analysis('customer-sources', 'source_id'),
  analysis('customer-types', 'type_id'),
  analysis('customer-states', 'status_id'),
  analysis('customer-industries', 'industry_id'),
  analysis('customer-ownerships', 'ownership_id'),
  analysis('customer-importances', 'importance_id'),
  analysis('customer-credit', 'credit_rating_id'),
  analysis('customer-regions', 'region_id'),
  analysis('customer-places', 'province_code', { label: text.analysis.place, way: 'places' }),
  analysis('customer-owners', 'owner_id', { way: 'people' }),
  analysis('customer-departments', 'owner_id', { label: text.analysis.department, way: 'departments' }),
]

/** How the number of customers grows, month by month 「客户增长趋势」. */
export const growth: Analysis = analysis('customer-growth', 'kind', { label: text.analysis.month, way: 'growth' })

export const allAnalyses = [...analyses, growth]

const inSight = ['registered_on', 'owner_id', 'province_code', 'city_code', 'district_code']
const further = customerList.filters.filter(({ name }) => !inSight.includes(name) && name !== 'next_contact_on')

/** What every analysis can be narrowed by, as the customer list declares it; departments are added by conditions.ts. */
export const conditionFilters: Filter[] = [...inSight.map((name) => filterNamed(name) as Filter), ...further]
