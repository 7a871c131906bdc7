import { pairs, repeated, runEnd, triples } from './grams.ts'
import { isAscii, normalise } from './normalise.ts'
import { spelledTexts, spelledTokens } from './spelled.ts'

export type FacetValue = string | number | null

/** The values of each facet; of one that may have several, all of them. */
export type Facets = Record<string, FacetValue | FacetValue[]>

/** What of a record can be found: texts as they are on the record, phones and initials in any notation. */
export type SearchRecord = {
  name: string
  short_name?: string | null
  code?: string | null
  phones?: string[]
  initials?: string | null
  addresses?: string[]
  /** Names of people that belong to it. */
  people?: string[]
  /** Full pinyin of its names beside their initials. */
  spelled?: Spelled[]
  facets?: Facets
}

export type Spelled = { full: unknown; initials: unknown }

/** Stands between the fields in the stored text; no normalised text contains it. */
export const fieldEnd = '|'

/** How much of a record of a declared module can be found, in UTF-16 units. */
export const textLength = 2000

/** How much of one that has an index of its own: names, address, code and phones of a record with a hundred people. */
export const longTextLength = 4000

/** Leaves room for a code, which is never cut. */
const codelessLength = longTextLength - 200

/** The normalised fields of a record, without the empty ones and those that are part of another, joined by `|`. */
export const searchText = (record: SearchRecord): string => withCode(codelessText(record), record.code)

/** The same without the code, which a new record gets at the last moment. */
export function codelessText(record: SearchRecord): string {
  const { name, short_name, initials, phones = [], addresses = [], people = [], spelled = [] } = record
  const spellings = spelled.flatMap(({ full, initials }) => spelledTexts(full, initials))
  const values = [name, short_name, ...people, initials, ...phones, ...addresses].map((value) => normalise(value ?? ''))
  return joined([...values, ...spellings], codelessLength)
}

/**
 * Normalised values without the empty ones and those that are part of another, joined by `|` and cut; before them texts
 * that are as they shall stand (spelled.ts).
 */
export const joinedText = (
  values: (string | null | undefined)[],
  length = textLength,
  spellings: string[] = [],
): string => joined([...spellings, ...values.map((value) => normalise(value ?? ''))], length)

function joined(fields: string[], length: number): string {
  const distinct = fields.filter((field, at) => field && !isPartOfAnother(field, at, fields))
  return distinct.join(fieldEnd).slice(0, length).toWellFormed()
}

/** The text of a record that has a code, from `codelessText`. */
export function withCode(text: string, code: string | null | undefined): string {
  const field = normalise(code ?? '').slice(0, longTextLength - codelessLength - 1)
  if (!field || text.includes(field)) return text
  return text ? `${field}${fieldEnd}${text}` : field
}

/**
 * The tokens that stand for a record in the index, separated by spaces, in no particular order, from its `searchText`:
 * pairs of neighbours where a field goes beyond ASCII; triples of its ASCII runs, the last one closed by `_`, and four of a kind in them; every
 * character by itself; syllables and pairs of them (spelled.ts); `name=value` for a facet. A number of tokens is in most rows (公司), so a query is as quick as
 * its rarest token.
 */
export function searchTokens(text: string, facets: Facets = {}): string {
  const characters = new Set<string>()
  const tokens: string[] = []
  for (const field of text.split(fieldEnd)) {
    const spelled = spelledTokens(field)
    if (spelled) tokens.push(...spelled)
    else tokens.push(...fieldTokens(field, characters))
  }
  tokens.push(...characters)
  for (const facet in facets) for (const one of valuesOf(facets[facet] ?? null)) tokens.push(facetToken(facet, one))
  return tokens.join(' ')
}

function fieldTokens(field: string, characters: Set<string>): string[] {
  for (const character of field) characters.add(character)
  const runs = (field.match(/[a-z0-9]{2,}/g) ?? []).flatMap((run) => [...triples(run + runEnd), ...repeated(run)])
  return isAscii(field) ? runs : [...pairs(field), ...runs]
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
