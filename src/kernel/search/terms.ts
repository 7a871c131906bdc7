import { commonGrams } from '../china/common-grams.ts'
import { numberParts } from '../china/searched-number.ts'
import { pairs, runEnd, triples } from './grams.ts'
import { isAscii, normalise } from './normalise.ts'

/**
 * A parsed query: every part must be found in some field of the record. Parts are normalised and not empty. `frequent`
 * are tokens known to be in many records (kernel/db/search.ts finds them), which rarer ones beside them make needless.
 */
export type SearchTerms = { parts: string[]; frequent?: ReadonlySet<string> }

const noToken = '='
const longest = 50
const runCharacters = [...'0123456789abcdefghijklmnopqrstuvwxyz', runEnd]

/**
 * Reads what a person typed; null when nothing searchable remains. Cut to 50 characters; parts are separated by white
 * space, and three or more ASCII characters beside other text are a part of their own (华为138, but not 第2分公司). A
 * telephone number is read as one (china/searched-number.ts).
 */
export function searchTerms(query: string): SearchTerms | null {
  const cut = [...query.slice(0, 2 * longest)].slice(0, longest).join('')
  const plain = cut.normalize('NFKC')
  const parts = numberParts(plain) ?? plain.split(/\s+/).flatMap((word) => numberParts(word) ?? wordParts(word))
  const distinct = [...new Set(parts)].filter((part) => !parts.some((other) => other !== part && other.includes(part)))
  return distinct.length ? { parts: distinct } : null
}

/** Whether a `searchText` holds all parts: the rule that the index follows. */
export function holdsTerms(text: string, { parts }: SearchTerms): boolean {
  return parts.every((part) => text.includes(part))
}

/** One FTS5 expression for each part: finds every record whose tokens allow for the part, not only those that hold it. */
export function tokenExpressions({ parts, frequent }: SearchTerms): string[] {
  return parts.map((part) => {
    if (isAscii(part) && part.length === 2) return anyOf(runCharacters.map((next) => part + next))
    return allOf(rareGrams(part, frequent))
  })
}

/** The tokens of the parts that have several, of which only the rare ones need be asked for. */
export const severalGrams = ({ parts }: SearchTerms): string[] =>
  parts.map((part) => rareGrams(part)).flatMap((grams) => (grams.length > 1 ? grams : []))

/** Whether the part is a single token; more of them prove only its pieces, and the text must be looked at. */
export function isProvedByTokens(part: string): boolean {
  return [...part].length <= (isAscii(part) ? 3 : 2)
}

/** An FTS5 operand that needs one of the tokens; of none, it finds nothing. Tokens hold neither quotes nor spaces. */
export function anyOf(tokens: string[]): string {
  return tokens.length ? `("${tokens.join('" OR "')}")` : `"${noToken}"`
}

function allOf(tokens: string[]): string {
  return `"${tokens.join('" AND "')}"`
}

function rareGrams(part: string, frequent: ReadonlySet<string> = commonGrams): string[] {
  const grams = [...new Set(isAscii(part) ? triples(part) : pairs(part))]
  if (grams.length < 2) return grams.length ? grams : [part]
  const rare = grams.filter((gram) => !commonGrams.has(gram) && !frequent.has(gram))
  return rare.length ? rare : grams
}

function wordParts(word: string): string[] {
  return normalise(word)
    .split(/([a-z0-9]{3,})/)
    .filter(Boolean)
}
