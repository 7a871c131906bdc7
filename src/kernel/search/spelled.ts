import { syllableRuns } from '../china/syllables.ts'

/*
 * The full pinyin of a name in the text of a record: -CHANG-CHUN. In capitals, which normalised text does not hold, so that
 * hang is not found in it, but what begins at a syllable.
 */

/** How syllables stand in a text. */
export const spelledText = (syllables: string[]) => syllables.map((one) => `-${one.toUpperCase()}`).join('')

/** The texts of a full pinyin and its initials (kernel/china/pinyin.ts), as they are kept of a name. */
export const spelledTexts = (full: unknown, initials: unknown): string[] =>
  syllableRuns(String(full ?? ''), String(initials ?? '')).map(spelledText)

/** Whether the syllables of a full pinyin say all of it: of abcgongsi they do not. */
export const isWhollySpelled = (full: string, spellings: string[]): boolean =>
  spellings.join('').replaceAll('-', '').toLowerCase() === full

/** The token of a syllable, or of one and the next. */
export const syllableToken = (first: string, next?: string) => (next === undefined ? `-${first}` : `${first}-${next}`)

/** The tokens of a field of the text; undefined where it is no spelled one. */
export function spelledTokens(field: string): string[] | undefined {
  if (!field.startsWith('-')) return undefined
  const syllables = field.slice(1).toLowerCase().split('-')
  const pairs = syllables.slice(1).map((next, index) => syllableToken(syllables[index] as string, next))
  return [...syllables.map((one) => syllableToken(one)), ...pairs]
}
