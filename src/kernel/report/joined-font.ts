import type { Font, Glyph, GlyphRun } from 'fontkit'

/** A glyph of one of the fonts; its number says which. */
const numberOf = (font: number, id: number) => font * mostGlyphs + id
/** No TrueType font has more. */
const mostGlyphs = 65_536

/**
 * Several fonts as one: what the first has no glyph for is drawn from the next that has one, and a document holds one
 * subset of them all. So pdfkit breaks, aligns and shortens mixed text as any other. The fonts have the same units, and
 * no hints that need programs of the font's own, as those of one family. `opened` opens the further ones, when first needed.
 */
export function joinedFont(first: Font, opened: (() => Font)[]): Font {
  const further: Font[] = []
  const fontAt = (at: number): Font | undefined => {
    if (at === 0) return first
    const open = opened[at - 1]
    if (open) further[at] ??= open()
    return further[at]
  }
  const placeOf = (codePoint: number): number => {
    for (let at = 0, font: Font | undefined = first; font; font = fontAt(++at))
      if (font.hasGlyphForCodePoint(codePoint)) return at
    return 0
  }
  const own: Partial<Font> = {
    hasGlyphForCodePoint: (codePoint) => fontAt(placeOf(codePoint))?.hasGlyphForCodePoint(codePoint) ?? false,
    layout(text, ...how) {
      const runs = runsOf(text, (sign) => placeOf(sign.codePointAt(0) ?? 0))
      return joinedRun(runs.map(({ at, text }) => numbered(at, (fontAt(at) as Font).layout(text, ...how))))
    },
    createSubset: () => joinedSubset(first, (at) => fontAt(at) as Font) as never,
  }
  return Object.assign(Object.create(first), own)
}

/** The pieces of a text that one font draws; an empty text is one too. */
function runsOf(text: string, placeOf: (sign: string) => number) {
  const runs: { at: number; text: string }[] = []
  for (const sign of text) {
    const at = placeOf(sign)
    const last = runs.at(-1)
    if (last?.at === at) last.text += sign
    else runs.push({ at, text: sign })
  }
  return runs.length > 0 ? runs : [{ at: 0, text }]
}

/** The glyphs with numbers that tell their font; a font gives the same object for the same glyph, so they are copied. */
function numbered(at: number, run: GlyphRun): GlyphRun {
  if (at === 0) return run
  const glyphs = run.glyphs.map(({ id, advanceWidth, codePoints }) => ({
    id: numberOf(at, id),
    advanceWidth,
    codePoints,
  }))
  return { ...run, glyphs: glyphs as Glyph[], positions: run.positions, advanceWidth: run.advanceWidth }
}

function joinedRun(runs: GlyphRun[]): GlyphRun {
  const [only, ...others] = runs as [GlyphRun, ...GlyphRun[]]
  if (others.length === 0) return only
  return {
    ...only,
    glyphs: runs.flatMap(({ glyphs }) => glyphs),
    positions: runs.flatMap(({ positions }) => positions),
    advanceWidth: runs.reduce((sum, { advanceWidth }) => sum + advanceWidth, 0),
  }
}

/** What fontkit's subset of a TrueType font does inside (fontkit 2.0.4, TTFSubset): glyphs by number, written at the end. */
type Inner = { font: Font; includeGlyph(id: number): number; _addGlyph(id: number): number }

/** The subset of the first font, which writes each glyph, and the parts that glyph is made of, out of its own. */
function joinedSubset(first: Font, fontAt: (at: number) => Font) {
  const subset = first.createSubset() as unknown as Inner
  const { includeGlyph, _addGlyph } = subset
  let writing = 0
  subset.includeGlyph = (id) => includeGlyph.call(subset, numberOf(writing, id))
  subset._addGlyph = (number) => {
    writing = Math.floor(number / mostGlyphs)
    subset.font = fontAt(writing)
    const at = _addGlyph.call(subset, number % mostGlyphs)
    subset.font = first
    writing = 0
    return at
  }
  return subset
}
