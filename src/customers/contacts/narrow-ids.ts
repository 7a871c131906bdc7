import type { Knex } from 'knex'
import { whereIdIn } from '../../kernel/db/dialect.ts'
import { idsHolding } from '../../kernel/db/distinct-scan.ts'
import { foldKey } from '../../kernel/db/fold-key.ts'
import { fewWithParts, partsIn } from '../../kernel/modules/text-index.ts'
import type { TextPart } from '../../kernel/search/part-tokens.ts'
import { searchTerms } from '../../kernel/search/terms.ts'
import { applyConditions, type Condition } from '../../kernel/web/conditions.ts'
import type { ListQuery } from '../../kernel/web/list.ts'
import { newestMatching, weighTerms } from '../search-index.ts'
import { livingContacts } from './contact.ts'
import { contactTexts } from './kind.ts'

/** So many contacts are looked at one by one; of more, a page of matches is soon met along the order of the list. */
const few = 5_000

/** The fields whose index has the living contacts by their values. */
const indexed = ['department', 'position', 'nickname']

/**
 * The ids of few contacts among which all are that the list is asked for; undefined where no filter and no condition
 * that an index answers leaves so few. Whoever uses them looks at each.
 */
export async function fewContacts(db: Knex, query: ListQuery): Promise<number[] | undefined> {
  for (const find of waysOf(db, query)) {
    const ids = await find()
    if (ids && ids.length <= few) return ids
  }
  return undefined
}

/** The parts of texts of contacts that a list is asked for, by its conditions and its filters. */
export const partsAsked = ({ filters, conditions }: ListQuery): TextPart[] => [
  ...partsIn(contactTexts, conditions),
  ...indexed.flatMap((name) => (filters[name] === undefined ? [] : [{ name, part: filters[name] }])),
  ...(filters.code === undefined ? [] : [{ name: 'code', part: foldKey(filters.code) }]),
]

/** Answers more than a few ids, or none, where there are too many. */
type Find = () => Promise<number[] | undefined>

function waysOf(db: Knex, query: ListQuery): Find[] {
  const { filters, conditions = [] } = query
  const held = indexed.flatMap((column) => holding(db, column, filters[column]) ?? [])
  return [
    () => fewWithParts(db, contactTexts, partsAsked(query)),
    ...held,
    ...conditions.flatMap((condition) => wayOf(db, condition) ?? []),
  ]
}

function wayOf(db: Knex, condition: Condition): Find | undefined {
  const { name } = condition.field
  const value = String(condition.values[0])
  if (name === 'customer_name') return () => ofCustomers(db, value)
  if (condition.operator === 'contains') return indexed.includes(name) ? holding(db, name, value) : undefined
  const isAnswered = indexed.includes(name) || (name === 'code' && condition.operator === 'is')
  return isAnswered ? () => idsOf(applyConditions(livingContacts(db), [condition])) : undefined
}

const holding = (db: Knex, column: string, term: string | undefined): Find | undefined =>
  term === undefined ? undefined : () => idsHolding(db, { table: 'contacts', column }, term, few + 1)

/** The search holds the name of every customer whole, what stands behind it perhaps not. */
async function ofCustomers(db: Knex, name: string): Promise<number[] | undefined> {
  const terms = searchTerms(name)
  if (!terms) return undefined
  const found = newestMatching(db, { terms: await weighTerms(db, terms) }, few + 1)
  const customers: number[] = await db.from(found.as('found')).pluck('id')
  return customers.length > few ? undefined : idsOf(whereIdIn(livingContacts(db), 'customer_id', customers))
}

const idsOf = (contacts: Knex.QueryBuilder): Promise<number[]> => contacts.limit(few + 1).pluck('contacts.id') as never
