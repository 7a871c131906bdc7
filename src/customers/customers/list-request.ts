import type { Knex } from 'knex'
import { type SearchTerms, searchTerms } from '../../kernel/search/terms.ts'
import type { Condition } from '../../kernel/web/conditions.ts'
import type { ListQuery } from '../../kernel/web/list.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { searchFacets } from '../../platform/dictionaries/moves.ts'
import { seesContacts } from '../contacts/sees.ts'
import { type Search, weighTerms } from '../search-index.ts'
import { customerConditions } from './conditions.ts'
import { facets as counted } from './fields.ts'

/** What the customer list is asked for, in the terms of the search index. */
export type Asked = {
  query: ListQuery
  chosen: [column: string, value: string][]
  /** Conditions that the search index answers too; `others` are the rest. */
  indexed: Condition[]
  others: Condition[]
  facets: Search['facets']
  hasDays: boolean
  terms: SearchTerms | null
  pinyin: string | null
  /** Whose customers they are, where the person reaches those of several people; null where nothing is left to say. */
  owners: ReadonlySet<number> | null
}

/** What a customer can be asked for by the search index. */
const isFacet = (name: string) => name === 'tag_id' || counted.includes(name as never)
const valuesOf = ({ values }: Condition) => values.flat().map(String)
const facetOf = ({ field: { name } }: Condition) => (name === 'tag_ids' ? 'tag_id' : name)

export async function readAsked(db: Knex, asked: ListQuery): Promise<Asked> {
  const query = withPart(asked)
  const { owners, only } = ownersOf(query)
  const filters = only === null ? query.filters : { ...query.filters, owner_id: String(only) }
  const chosen = Object.entries(filters).filter(([name]) => isFacet(name))
  const indexed = conditionsInIndex(query, owners !== null || only !== null)
  const said = indexed.filter(({ operator }) => operator !== 'empty')
  const empty = indexed.filter(({ operator }) => operator === 'empty').map((one) => [facetOf(one), null])
  const values = said.map((one): [string, string[]] => [facetOf(one), valuesOf(one)])
  const terms = query.q ? searchTerms(query.q) : null
  const days = Object.keys(filters).length - chosen.length
  return {
    query,
    chosen: chosen.filter(([name]) => !isImplied(name, query.filters)),
    indexed,
    others: (query.conditions ?? []).filter((condition) => !indexed.includes(condition)),
    facets: { ...(await searchFacets(db, [...chosen, ...values])), ...Object.fromEntries(empty) },
    hasDays: days > 0,
    terms: terms && (await weighTerms(db, terms)),
    pinyin: pinyinOf(query.q),
    owners,
  }
}

/** A part of an order as the filters and conditions that say the same. */
function withPart({ part, ...query }: ListQuery): ListQuery {
  if (!part) return query
  const said = Object.entries(part).filter(([, value]) => value !== null)
  const missing = customerConditions.filter(({ name }) => part[name] === null)
  return {
    ...query,
    filters: { ...query.filters, ...Object.fromEntries(said.map(([name, value]) => [name, String(value)])) },
    conditions: [
      ...missing.map((field): Condition => ({ field, operator: 'empty', said: [], values: [] })),
      ...(query.conditions ?? []),
    ],
  }
}

/** The reach of a person's rights beside what is asked for: the one person whose customers they can be, or several. */
function ownersOf({ viewer, filters }: ListQuery): { owners: ReadonlySet<number> | null; only: number | null } {
  const reach = viewer.scope('customers.view')
  if (reach === 'all') return { owners: null, only: null }
  const asked = filters.owner_id === undefined ? reach : reach.intersection(new Set([Number(filters.owner_id)]))
  const [first = nobody] = asked
  return asked.size < 2 ? { owners: null, only: first } : { owners: asked, only: null }
}

/** No user has this id. */
const nobody = 0

/** The first condition about each facet, where neither a filter nor the reach of the person is about it. */
function conditionsInIndex({ filters, conditions = [] }: ListQuery, isOwnerSaid: boolean): Condition[] {
  const taken = new Set([...Object.keys(filters), ...(isOwnerSaid ? ['owner_id'] : [])])
  return conditions.filter((condition) => {
    const name = facetOf(condition)
    const isAnswered = ['is', 'in', ...(name === 'tag_id' ? [] : ['empty'])].includes(condition.operator)
    const saysSomething = condition.operator === 'empty' || valuesOf(condition).length > 0
    return isFacet(name) && isAnswered && saysSomething && !taken.has(name) && Boolean(taken.add(name))
  })
}

/** A city can be chosen only in its province, a district only in its city; alone, their index holds the order too. */
const isImplied = (name: string, { city_code, district_code }: Record<string, string>) =>
  (name === 'province_code' && Boolean(city_code || district_code)) || (name === 'city_code' && Boolean(district_code))

/** The beginning of a full pinyin that was typed, chang chun as changchun; null for anything else. */
export function pinyinOf(q: string): string | null {
  const letters = q.normalize('NFKC').toLowerCase().replace(/[\s']/g, '')
  return /^[a-z]{2}[a-z0-9]*$/.test(letters) ? letters : null
}

/** The part of it that the search index answers. */
export const searchOf = ({ query, terms, pinyin, facets, owners }: Asked): Search => ({
  named: namedParts(terms, query.viewer),
  terms,
  pinyin,
  facets: owners && owners.size <= mostTokens ? { ...facets, owner_id: [...owners] } : facets,
  owners: owners && owners.size > mostTokens ? owners : undefined,
})

const named = ['name', 'short_name', 'code', 'address'].map((name) => `customers.${name}`)
const phones = ['phone', 'phone2', 'mobile', 'fax'].map((name) => `customers.${name}`)
const spelled = [{ full: 'customers.name_pinyin', initials: 'customers.name_initials' }]

/** Digits must not find a telephone number that must not be read, nor anything a contact that must not be looked at. */
export function namedParts(terms: SearchTerms | null, viewer: Viewer): Search['named'] {
  if (!terms) return undefined
  const isMasked = viewer.isMasked('phone')
  if (seesContacts(viewer))
    return isMasked
      ? terms.parts.filter((part) => /\d/.test(part)).map((part) => ({ part, columns: named }))
      : undefined
  const columns = [...named, 'customers.name_initials', ...(isMasked ? [] : phones)]
  return terms.parts.map((part) => ({ part, columns, spelled }))
}

/** Of more people the customers found are looked at one by one. */
const mostTokens = 500
