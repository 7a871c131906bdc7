import type { Font } from 'fontkit'
import { text } from '../../texts/index.ts'

const STAND_IN = '\u3013'
const SILENT = /[\p{Variation_Selector}\u200b-\u200d\u2060\ufeff]|(?!\n)\p{Cc}/gu

/** Text that shows what it cannot print: `shown` for the page, `notes` for its foot. */
export type Glyphs = { shown: (text: string) => string; notes: () => string[] }

/**
 * Puts a numbered geta mark in the place of every character that `font` lacks, so that no name prints as an empty box
 * unnoticed, and remembers which character each number means. Invisible characters are left out.
 */
export function glyphsOf(font: Font): Glyphs {
  const missing: string[] = []
  const sign = (number: number) => `${STAND_IN}[${number}]`
  const standIn = (character: string) => {
    if (!missing.includes(character)) missing.push(character)
    return sign(missing.indexOf(character) + 1)
  }
  return {
    shown: (text) =>
      Array.from(text.replace(/\r\n?/g, '\n').replaceAll('\t', ' ').replace(SILENT, ''), (character) =>
        character === '\n' || font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0) ? character : standIn(character),
      ).join(''),
    notes: () => missing.map((character, index) => text.report.missingGlyph(sign(index + 1), codePointName(character))),
  }
}

const codePointName = (character: string) =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
