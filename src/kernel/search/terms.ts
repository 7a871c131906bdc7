import { commonGrams } from '../china/common-grams.ts'
import { numberParts } from '../china/searched-number.ts'
import { completions, readingsOf } from '../china/syllables.ts'
import { pairs, repeated, runEnd, triples } from './grams.ts'
import { isAscii, normalise } from './normalise.ts'
import { spelledText, syllableToken } from './spelled.ts'

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

/** What stands in the text of a record that holds a part: the syllables its letters may be, which most are, or the part itself. */
export const needlesOf = (part: string): string[] => [...readingsOf(part).map(spelledText), part]

/** Whether a `searchText` holds all parts: the rule that the index follows. */
export function holdsTerms(text: string, { parts }: SearchTerms): boolean {
  return parts.every((part) => needlesOf(part).some((needle) => text.includes(needle)))
}

/** One expression for each part: finds every record whose tokens allow for the part, not only those that hold it. */
export function tokenExpressions({ parts, frequent }: SearchTerms): string[] {
  const needed = parts.filter((part) => isProvedByTokens(part) || isRare(part, frequent))
  return (needed.length > 0 ? needed : parts).map((part) => {
    const ways = waysOf(part)
    const expressions = ways.map((way) => rareOf(way, frequent).map(anyOf).join(' AND '))
    return expressions.length > 1
      ? `(${expressions.map((one) => `(${one})`).join(' OR ')})`
      : (expressions[0] as string)
  })
}

/** The tokens of the parts that have several, of which only the rare ones need be asked for. */
export const severalGrams = ({ parts }: SearchTerms): string[] => {
  const ways = parts.flatMap(waysOf)
  const single = ways.map((way) => rareOf(way).flatMap((gram) => (gram.length === 1 ? gram : [])))
  return [...new Set(single.flatMap((grams) => (grams.length > 1 ? grams : [])))]
}

/** Tokens any one of which proves the part: of the ways that need but one. */
export function provingTokens(part: string): string[] {
  const spelled = readingsOf(part).map(syllableGrams)
  const ways = isOneToken(part) ? [...spelled, gramsOf(part)] : spelled
  return [...new Set(ways.flatMap((grams) => (grams.length === 1 ? (grams[0] as Gram) : [])))]
}

/** Whether the part is a single token in each of its ways; more of them prove only its pieces, and the text must be looked at. */
export function isProvedByTokens(part: string): boolean {
  return isOneToken(part) && readingsOf(part).every(({ length }) => length <= 2)
}

const isOneToken = (part: string) => [...part].length <= (isAscii(part) ? 3 : 2)

/** An FTS5 operand that needs one of the tokens; of none, it finds nothing. Tokens hold neither quotes nor spaces. */
export function anyOf(tokens: string[]): string {
  return tokens.length ? `("${tokens.join('" OR "')}")` : `"${noToken}"`
}

/** What the tokens of a record must hold for a part to be in it: of each gram one of its tokens. */
type Gram = string[]

const waysOf = (part: string): Gram[][] => [gramsOf(part), ...readingsOf(part).map(syllableGrams)]

/** Whether few records have what the tokens of a part say; a street where everybody lives is left to the text of those found by others. */
const isRare = (part: string, frequent: ReadonlySet<string> = commonGrams) =>
  waysOf(part).every((way) => way.some((gram) => !gram.every((token) => frequent.has(token) || commonGrams.has(token))))

/** So many grams of a long part leave few records, whose text decides; each more takes its time. */
const mostGrams = 12

/** Of more, some from everywhere. */
function someOf(grams: Gram[]): Gram[] {
  if (grams.length <= mostGrams) return grams
  return Array.from({ length: mostGrams }, (_, at) => grams[Math.floor((at * grams.length) / mostGrams)] as Gram)
}

/** Of a normalised part. */
export function gramsOf(part: string): Gram[] {
  if (isAscii(part) && part.length === 2) return [runCharacters.map((next) => part + next)]
  const grams = [...new Set(isAscii(part) ? asciiGrams(part) : pairs(part))]
  return grams.length > 0 ? someOf(grams.map((gram) => [gram])) : [[part]]
}

function asciiGrams(part: string): string[] {
  const four = repeated(part)
  return [...triples(part).filter((three) => !four.some((one) => one.startsWith(three))), ...four]
}

/** Syllables by pairs; the last may only have begun. */
function syllableGrams(syllables: string[]): Gram[] {
  const last = completions(syllables.at(-1) as string)
  if (syllables.length === 1) return [last.map((one) => syllableToken(one))]
  const chain = syllables.slice(0, -1)
  const pairs = chain.slice(1).map((one, index) => [syllableToken(chain[index] as string, one)])
  return someOf([...pairs, last.map((one) => syllableToken(chain.at(-1) as string, one))])
}

function rareOf(grams: Gram[], frequent: ReadonlySet<string> = commonGrams): Gram[] {
  const rare = grams.filter((gram) => !gram.every((token) => commonGrams.has(token) || frequent.has(token)))
  return rare.length > 0 ? rare : grams
}

function wordParts(word: string): string[] {
  return normalise(word)
    .split(/([a-z0-9]{3,})/)
    .filter(Boolean)
}
