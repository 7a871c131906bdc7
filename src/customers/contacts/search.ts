import type { Knex } from 'knex'
import { contains, containsDigits, startsWith } from '../../kernel/db/dialect.ts'
import { foldKey } from '../../kernel/db/fold-key.ts'
import { isSpelled } from '../../kernel/db/search-narrowing.ts'
import { textHits } from '../../kernel/db/text-index.ts'
import { withIds } from '../../kernel/db/with-ids.ts'
import { type SearchTerms, searchTerms } from '../../kernel/search/terms.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { matching, type Search } from '../search-index.ts'

const own = ['name', 'nickname', 'name_initials', 'code', 'address'].map((name) => `contacts.${name}`)
const ofCustomer = ['name', 'short_name', 'name_initials', 'code'].map((name) => `customers.${name}`)
const spelled = ['contacts', 'customers'].map((table) => ({
  full: `${table}.name_pinyin`,
  initials: `${table}.name_initials`,
}))
const [codeKey, pinyin] = ['contacts.code_key', 'contacts.name_pinyin']
const phones = ['mobile', 'office_phone', 'home_phone'].map((name) => `contacts.${name}`)

/**
 * Narrows a query of contacts to those a search finds: by part of their names, code, address, phone digits, initials, full
 * pinyin or their customer, and by the beginning of full pinyin. Names, addresses, phones and pinyin of contacts
 * stand in the search of their customers, codes in an index of their own (`codeHits`), which leaves few to look at.
 */
export function searchContacts(db: Knex, query: Knex.QueryBuilder, q: string, viewer: Viewer): Knex.QueryBuilder {
  const terms = searchTerms(q)
  return terms
    ? query.whereIn('contacts.id', found(db, { q, viewer, terms }, matching(db, { ...ownedWithin(viewer), terms })))
    : query.where('contacts.id', 0)
}

/** More people than these are too many tokens for one search. */
const mostOwners = 500

/** Only the customers whose contacts a person may see. */
export function ownedWithin(viewer: Viewer): Search {
  const reach = viewer.scope('contacts.view')
  if (reach === 'all') return {}
  return reach.size > mostOwners ? { owners: reach } : { facets: { owner_id: [...reach] } }
}

/** The same among the contacts of a few customers that the search found, and of each other way at most `limit`. */
export function searchAmong(
  db: Knex,
  query: Knex.QueryBuilder,
  { customers, limit, ...sought }: Sought & { customers: Knex.QueryBuilder; limit: number },
): Knex.QueryBuilder {
  return query.whereIn('contacts.id', found(db, sought, customers, limit))
}

/** The same by looking at each row of a query of contacts with their customers. */
export function lookThrough(query: Knex.QueryBuilder, q: string, viewer: Viewer): Knex.QueryBuilder {
  const terms = searchTerms(q)
  if (!terms) return query.where('contacts.id', 0)
  return query.where((any) => {
    any.where((text) => holds(text, { q, viewer, terms }))
    any.orWhere((code) => contains(code, [codeKey], foldKey(wordOf(q))))
    const letters = lettersOf(q)
    if (letters) any.orWhere((one) => startsWith(one, pinyin, letters))
  })
}

/** What is looked for, and by whom: a telephone that must not be read must not be found either. */
type Sought = { q: string; viewer: Viewer; terms: SearchTerms }

function found(db: Knex, sought: Sought, customers: Knex.QueryBuilder, limit?: number) {
  const near = holds(contacts(db).whereIn('contacts.customer_id', customers), sought)
  const letters = lettersOf(sought.q)
  const others = [byCode(db, sought.q, limit), ...(letters ? [startsWith(contacts(db), pinyin, letters)] : [])]
  return near.union(
    limit === undefined ? others : others.map((way) => db.from(way.limit(limit).as('way')).select('id')),
  )
}

/** The contacts whose codes may hold what is looked for, as a query; undefined where no index says it. */
export const codeHits = (db: Knex, q: string) => textHits(db, 'contacts', [{ name: 'code', part: foldKey(wordOf(q)) }])

function byCode(db: Knex, q: string, limit?: number): Knex.QueryBuilder {
  const key = foldKey(wordOf(q))
  const hits = codeHits(db, q)
  if (!hits) return contains(contacts(db), [codeKey], key)
  const some = limit === undefined ? hits : db.from(hits.orderBy('rowid', 'desc').limit(limit).as('hits')).select('id')
  return contains(withIds(db, contacts(db), 'contacts', some), [codeKey], key)
}

function holds(query: Knex.QueryBuilder, { q, viewer, terms }: Sought): Knex.QueryBuilder {
  const hasPhones = !viewer.isMasked('phone')
  return query.where((any) => {
    any.where((whole) => contains(whole, own, wordOf(q)))
    any.orWhere((all) => {
      for (const part of terms.parts) all.where((one) => holdsPart(one, part, hasPhones))
    })
  })
}

const wordOf = (q: string) => q.normalize('NFKC').trim()

/** What may be the beginning of a full pinyin. */
function lettersOf(q: string): string | undefined {
  const letters = wordOf(q).toLowerCase().replace(/[\s']/g, '')
  return /^[a-z]{2,}$/.test(letters) ? letters : undefined
}

const contacts = (db: Knex): Knex.QueryBuilder =>
  db('contacts')
    .join('customers', 'customers.id', 'contacts.customer_id')
    .whereNull('contacts.deleted_at')
    .select('contacts.id')

function holdsPart(query: Knex.QueryBuilder, part: string, hasPhones: boolean) {
  query.where((text) => contains(text, [...own, ...ofCustomer], part))
  for (const one of spelled) query.orWhere((pinyin) => isSpelled(pinyin, one, part))
  if (hasPhones && /^\d+$/.test(part)) query.orWhere((number) => containsDigits(number, phones, part))
}
