import { text } from '../../texts/index.ts'

/** A column that holds the id of an entry. */
export type Use = { table: 'customers'; column: string }
export type DictionaryName = keyof typeof text.dictionaries.names
export type Dictionary = { name: DictionaryName; label: string; uses: Use[] }

const usedBy: Partial<Record<DictionaryName, string>> = {
  'customer-levels': 'level_id',
  'customer-sources': 'source_id',
  'customer-types': 'type_id',
  'customer-states': 'status_id',
  industries: 'industry_id',
  ownerships: 'ownership_id',
  importances: 'importance_id',
  'credit-ratings': 'credit_rating_id',
  'sales-regions': 'region_id',
}

const dictionary = (name: DictionaryName): Dictionary => {
  const column = usedBy[name]
  return { name, label: text.dictionaries.names[name], uses: column ? [{ table: 'customers', column }] : [] }
}

const { groups } = text.dictionaries

/** Every dictionary (spec 2.1), grouped as the settings page shows them. The names are those of seeds/dictionaries.ts. */
export const dictionaryGroups: { label: string; dictionaries: Dictionary[] }[] = [
  {
    label: groups.customers,
    dictionaries: [
      dictionary('customer-levels'),
      dictionary('customer-sources'),
      dictionary('customer-types'),
      dictionary('customer-states'),
      dictionary('industries'),
      dictionary('ownerships'),
      dictionary('importances'),
      dictionary('credit-ratings'),
      dictionary('sales-regions'),
    ],
  },
  {
    label: groups.followUps,
    dictionaries: [dictionary('follow-up-methods'), dictionary('follow-up-results'), dictionary('activity-types')],
  },
  {
    label: groups.sales,
    dictionaries: [
      dictionary('opportunity-stages'),
      dictionary('loss-reasons'),
      dictionary('product-categories'),
      dictionary('units'),
      dictionary('payment-methods'),
    ],
  },
  { label: groups.service, dictionaries: [dictionary('case-types'), dictionary('complaint-types')] },
]

export const dictionaries: Dictionary[] = dictionaryGroups.flatMap((group) => group.dictionaries)

export const dictionaryNamed = (name: string): Dictionary =>
  dictionaries.find((dictionary) => dictionary.name === name) as Dictionary
