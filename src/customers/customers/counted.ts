import type { Analysis, ChoiceFilter, DaysFilter, Quick, Source } from '../../analysis/analyses/sources.ts'
import type { Filter } from '../../kernel/web/list.ts'
import { text } from '../../texts/index.ts'
import { visibleCustomers } from './customer.ts'
import { facets } from './fields.ts'
import { customerList } from './list.ts'
import { countWithin, everyone, talliesOf, tallyOf } from './tallies.ts'

const filterNamed = (name: string) => customerList.filters.find((filter) => filter.name === name) as ChoiceFilter
const day = customerList.filters.find(({ name }) => name === 'registered_on') as DaysFilter
const levels = ['province_code', 'city_code', 'district_code']

function analysis(name: keyof typeof text.analysis.titles, column: string, more: Partial<Analysis> = {}): Analysis {
  const { label, options } = filterNamed(column)
  return {
    name,
    title: text.analysis.titles[name],
    label,
    path: `/analysis/${name}`,
    column: `customers.${column}`,
    options,
    way: 'choices',
    day,
    periodLabel: text.analysis.period,
    ...more,
  }
}

/** A new analysis is a line here. Its column must be tallied (customers/customers/fields.ts, `facets`). */
export const customerAnalyses: Analysis[] = [
  analysis('customer-levels', 'level_id'),
  analysis('customer-sources', 'source_id'),
  analysis('customer-types', 'type_id'),
  analysis('customer-states', 'status_id'),
  analysis('customer-industries', 'industry_id'),
  analysis('customer-ownerships', 'ownership_id'),
  analysis('customer-importances', 'importance_id'),
  analysis('customer-credit', 'credit_rating_id'),
  analysis('customer-regions', 'region_id'),
  analysis('customer-places', 'province_code', {
    label: text.analysis.place,
    way: 'levels',
    levels: levels.map(filterNamed),
  }),
  analysis('customer-owners', 'owner_id', { way: 'people' }),
  analysis('customer-departments', 'owner_id', { label: text.analysis.department, way: 'departments' }),
  analysis('customer-growth', 'kind', { label: text.analysis.month, way: 'growth' }),
]

const inSight = ['owner_id', ...levels]
const elsewhere = [...inSight, 'registered_on', 'next_contact_on']
const further = customerList.filters.filter(({ name }) => !elsewhere.includes(name))

/** The tallies know everybody's customers: all, or those of one place by the places in it. */
const quick: Quick = {
  counts(column, filters, reach) {
    const name = column.replace('customers.', '')
    const above = { city_code: 'province_code', district_code: 'city_code' }[name]
    const isTallied = (said: string) => said === above || (above && said === 'province_code')
    if (reach !== 'all' || !Object.keys(filters).every(isTallied)) return undefined
    const { city_code, province_code } = filters
    const whole = city_code ? `city_code:${city_code}` : province_code ? `province_code:${province_code}` : everyone
    return async (db, values) => ({
      total: await tallyOf(db, whole),
      countByValue: await talliesOf(db, name, values),
    })
  },
  size: countWithin,
}

/** Customers, as analyses count them: who may see analyses counts what that right reaches. */
export const customersCounted: Source = {
  name: 'customers',
  label: text.analysis.customer,
  list: customerList,
  rows: (db, viewer) => visibleCustomers(db, viewer, 'analysis.view'),
  owned: {
    reach: (viewer) => viewer.scope('analysis.view'),
    departments: { within: 'department_id', itself: 'own_department_id' },
  },
  analyses: customerAnalyses,
  filters: [...inSight.map(filterNamed), ...further] as Filter[],
  inSight,
  sums: [],
  quick,
  covered: { index: 'customers_counted', columns: [...facets, 'registered_on'] },
}
