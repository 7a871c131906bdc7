import type { Knex } from 'knex'
import { contains, containsDigits, startsWith } from '../db/dialect.ts'
import { matching } from '../db/search.ts'
import { type SearchTerms, searchTerms } from '../search/terms.ts'

const own = ['name', 'nickname', 'name_initials', 'code'].map((name) => `contacts.${name}`)
const ofCustomer = ['name', 'short_name', 'name_initials', 'code'].map((name) => `customers.${name}`)
const phones = ['mobile', 'office_phone', 'home_phone'].map((name) => `contacts.${name}`)

/**
 * Narrows a query of contacts to those a search finds: by part of their names, phone digits, initials or their customer,
 * and by the beginning of code and full pinyin. Names, phones and initials of contacts stand in the search of their
 * customers, which leaves few to look at.
 */
export function searchContacts(db: Knex, query: Knex.QueryBuilder, q: string): Knex.QueryBuilder {
  const terms = searchTerms(q)
  return terms
    ? query.whereIn('contacts.id', found(db, q, terms, matching(db, { terms })))
    : query.where('contacts.id', 0)
}

/** The same among the contacts of a few customers that the search found, and of each other way at most `limit`. */
export function searchAmong(
  db: Knex,
  query: Knex.QueryBuilder,
  { q, terms, customers, limit }: { q: string; terms: SearchTerms; customers: Knex.QueryBuilder; limit: number },
): Knex.QueryBuilder {
  return query.whereIn('contacts.id', found(db, q, terms, customers, limit))
}

function found(db: Knex, q: string, terms: SearchTerms, customers: Knex.QueryBuilder, limit?: number) {
  const word = q.normalize('NFKC').trim()
  const near = contacts(db).whereIn('contacts.customer_id', customers)
  near.where((any) => {
    any.where((whole) => contains(whole, own, word))
    any.orWhere((all) => {
      for (const part of terms.parts) all.where((one) => holdsPart(one, part))
    })
  })
  const codes = [...new Set([word, word.toUpperCase()])].map((code) => startsWith(contacts(db), 'contacts.code', code))
  const letters = word.toLowerCase().replace(/[\s']/g, '')
  const pinyin = /^[a-z]{2,}$/.test(letters) ? [startsWith(contacts(db), 'contacts.name_pinyin', letters)] : []
  const others = [...codes, ...pinyin]
  return near.union(
    limit === undefined ? others : others.map((way) => db.from(way.limit(limit).as('way')).select('id')),
  )
}

const contacts = (db: Knex): Knex.QueryBuilder =>
  db('contacts')
    .join('customers', 'customers.id', 'contacts.customer_id')
    .whereNull('contacts.deleted_at')
    .select('contacts.id')

function holdsPart(query: Knex.QueryBuilder, part: string) {
  query.where((text) => contains(text, [...own, ...ofCustomer], part))
  if (/^\d+$/.test(part)) query.orWhere((number) => containsDigits(number, phones, part))
}
