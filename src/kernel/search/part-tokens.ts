import { anyOf, gramsOf } from './terms.ts'
import { searchTokens } from './tokens.ts'

/** Texts of a record by the names of their fields. */
export type Texts = Record<string, string | null | undefined>

/** A part of the text of a field that is asked for. */
export type TextPart = { name: string; part: string }

/** What of ASCII is no small letter and no digit, and would part tokens. */
const signs = /[\0-/:-`{-\x7f]/g

/**
 * A text as its parts are found, sign by sign, so that a part stays a part: capitals of ASCII are small letters, for LIKE
 * takes them for one, and its signs are wide ones, of which tokens can be.
 */
const foldSigns = (text: string): string =>
  text.replace(signs, (sign) =>
    /[A-Z]/.test(sign) ? sign.toLowerCase() : String.fromCharCode(sign.charCodeAt(0) + 0xfee0),
  )

/** The tokens of texts of a record, each with the name of its field: `name=王`. */
export function tokensOfTexts(texts: Texts): string {
  const tokens: string[] = []
  for (const [name, text] of Object.entries(texts))
    for (const token of text ? searchTokens(foldSigns(text)).split(' ') : []) tokens.push(`${name}=${token}`)
  return tokens.join(' ')
}

/** What finds every record that may have all the parts; undefined where none is asked for. */
export function partsExpression(parts: TextPart[]): string | undefined {
  const grams = parts.flatMap(({ name, part }) =>
    gramsOf(foldSigns(part)).map((gram) => anyOf(gram.map((token) => `${name}=${token}`))),
  )
  return grams.length > 0 ? grams.join(' AND ') : undefined
}
