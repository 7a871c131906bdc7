import { pairs, runEnd, triples } from './grams.ts'
import { isAscii, normalise } from './normalise.ts'

export type FacetValue = string | number | null

/** The values of each facet; of one that may have several, all of them. */
export type Facets = Record<string, FacetValue | FacetValue[]>

/** What of a customer can be found: texts as they are on the record, phones and initials in any notation. */
export type SearchRecord = {
  name: string
  short_name?: string | null
  code?: string | null
  phones?: string[]
  initials?: string | null
  contacts?: string[]
  facets?: Facets
}

/** Stands between the fields in the stored text; no normalised text contains it. */
export const fieldEnd = '|'

/** How much of a record can be found, in UTF-16 units: names, code and phones of a record with a hundred contacts. */
export const textLength = 2000

/** The normalised fields of a record, without the empty ones and those that are part of another, joined by `|`. */
export function searchText(record: SearchRecord): string {
  const { name, short_name, code, initials, phones = [], contacts = [] } = record
  const fields = [name, short_name, ...contacts, code, initials, ...phones].map((field) => normalise(field ?? ''))
  const distinct = fields.filter((field, at) => field && !isPartOfAnother(field, at, fields))
  return distinct.join(fieldEnd).slice(0, textLength).toWellFormed()
}

/**
 * The tokens that stand for a record in the index, separated by spaces, in no particular order, from its `searchText`:
 * pairs of neighbours where a field goes beyond ASCII; triples of its ASCII runs, the last one closed by `_`; every
 * character by itself; `name=value` for a facet. A number of tokens is in most rows (公司), so a query is as quick as
 * its rarest token.
 */
export function searchTokens(text: string, facets: Facets = {}): string {
  const wide = text.split(fieldEnd).filter((field) => !isAscii(field))
  const runs = text.match(/[a-z0-9]{2,}/g) ?? []
  const characters = new Set(text)
  characters.delete(fieldEnd)
  return [
    ...characters,
    ...wide.flatMap(pairs),
    ...runs.flatMap((run) => triples(run + runEnd)),
    ...Object.entries(facets).flatMap(([facet, value]) => valuesOf(value).map((one) => facetToken(facet, one))),
  ].join(' ')
}

const valuesOf = (value: FacetValue | FacetValue[]): FacetValue[] =>
  Array.isArray(value) && value.length === 0 ? [null] : [value].flat()

/** The token of one facet; an empty value has its own token, so that what is not filled in can be found too. */
export function facetToken(facet: string, value: FacetValue): string {
  const token = `${facet}=${value ?? ''}`
  if (!/^[a-z_]+=[\w-]*$/.test(token)) throw new RangeError(`not a facet: ${token}`)
  return token
}

function isPartOfAnother(field: string, at: number, fields: string[]): boolean {
  return fields.some((other, index) => index !== at && other.includes(field) && (other !== field || index < at))
}
