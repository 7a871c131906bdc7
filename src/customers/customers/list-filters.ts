import { choiceFilter } from '../../kernel/web/field-column.ts'
import type { Filter } from '../../kernel/web/list.ts'
import { text } from '../../texts/index.ts'
import { tagOptions } from '../tags/fields.ts'
import { customerField } from './fields.ts'
import { divisionFilter } from './place.ts'

const choice = (name: Parameters<typeof customerField>[0]) => choiceFilter(customerField(name))

/** The first ones stand in sight, the rest under 「更多条件」. */
export const customerFilters: Filter[] = [
  choice('level_id'),
  choice('source_id'),
  choice('status_id'),
  choice('owner_id'),
  choice('industry_id'),
  choice('type_id'),
  choice('region_id'),
  choice('ownership_id'),
  choice('importance_id'),
  choice('credit_rating_id'),
  choice('kind'),
  {
    name: 'tag_id',
    label: text.customers.fields.tag_ids,
    kind: 'choice',
    options: tagOptions,
    apply: (query, value) =>
      query.whereIn('customers.id', (tagged) =>
        tagged.from('customer_tags').where('tag_id', Number(value)).select('customer_id'),
      ),
  },
  divisionFilter('province_code'),
  divisionFilter('city_code'),
  divisionFilter('district_code'),
  {
    name: 'registered_on',
    label: text.customers.fields.registered_on,
    kind: 'days',
    column: 'customers.registered_on',
  },
  {
    name: 'next_contact_on',
    label: text.customers.filters.nextContact,
    kind: 'days',
    column: 'customers.next_contact_on',
  },
]
