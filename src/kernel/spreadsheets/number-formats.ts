import { type NumberMask, parseMask } from './number-mask.ts'

/** How a number is meant, from the number format of its cell. */
export type NumberFormat =
  | { kind: 'plain' | 'day' | 'instant' | 'time' | 'duration' | 'percent' }
  /** The number is shown as a text of its own: post codes, staff numbers, telephone numbers in groups. */
  | { kind: 'mask'; mask: NumberMask }

export const PLAIN: NumberFormat = { kind: 'plain' }

/** Excel takes no longer ones; those of other programs would cost time. */
const LONGEST_CODE = 255

/**
 * The built-in formats that are not plain numbers, which files name only by id: ECMA-376 part 1, 18.8.30, with the ids
 * 27 to 58 as Chinese Excel uses them.
 */
const BUILT_IN: [Exclude<NumberFormat['kind'], 'mask'>, number[]][] = [
  ['percent', [9, 10]],
  ['day', [14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58]],
  ['time', [18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56]],
  ['instant', [22]],
  ['duration', [46]],
]

/** The format of a built-in id. */
export function builtInFormat(id: number): NumberFormat {
  const kind = BUILT_IN.find(([, ids]) => ids.includes(id))?.[0]
  return kind ? { kind } : PLAIN
}

/** The meaning of a format code such as `yyyy/m/d;@` or `#,##0.00;[Red]-#,##0.00`; its first section decides. */
export function parseFormat(code: string): NumberFormat {
  if (code.length > LONGEST_CODE) return PLAIN
  const symbols = firstSectionSymbols(code)
  if (/\[(h+|m+|s+)\]/i.test(symbols)) return { kind: 'duration' }
  const has = dateParts(symbols)
  if (has.day) return { kind: has.clock ? 'instant' : 'day' }
  if (has.clock) return { kind: 'time' }
  if (symbols.includes('%')) return { kind: 'percent' }
  const mask = parseMask(code)
  return mask ? { kind: 'mask', mask } : PLAIN
}

/** The code without texts, fillers, colours, conditions and locales: nothing but symbols that have a meaning. */
function firstSectionSymbols(code: string): string {
  const bare = code.replace(/"[^"]*"|[\\!_*]./g, '').replace(/\[(?!(?:h+|m+|s+)\])[^[\]]*\]/gi, '')
  return (bare.split(';')[0] ?? '').trim()
}

/**
 * An `m` is a month, unless hours or seconds stand by and no day or year does; `aaa` is a day of the week. Letters of no
 * date are those of a word for a plain number: General, Standard.
 */
function dateParts(symbols: string): { day: boolean; clock: boolean } {
  const letters = symbols.replace(/e[+-]/gi, '').replace(/am\/pm|a\/p/gi, 'h')
  if (/(?![abdeghmsy])[a-z]/i.test(letters)) return { day: false, clock: false }
  const clock = /[hs]/i.test(letters)
  return { day: /[yde]|aaa/i.test(letters) || (!clock && /m/i.test(letters)), clock }
}
