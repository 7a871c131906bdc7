import type { Font } from 'fontkit'
import { create } from 'fontkit'
import t from 'tap'
import { openFonts } from '../../../src/kernel/report/fonts.ts'

t.test('a glyph of a further font is drawn as that font draws it', async (t) => {
  const { regular } = await openFonts()
  const shape = (font: Font, id: number) => font.getGlyph(id).path.toSVG()
  const { glyphs } = regular.layout('吉𠮷')
  const subset = regular.createSubset()
  const [plain, rare] = glyphs.map((glyph) => Number((subset.includeGlyph as (id: unknown) => unknown)(glyph.id)))
  const written = create(Buffer.from(subset.encode())) as Font
  const [here, there] = [shape(written, plain as number), shape(written, rare as number)]
  t.equal(here, shape(regular, glyphs[0]?.id as number))
  t.ok(there.length > 20)
  t.not(there, here)
  const own = Number(glyphs[1]?.id) % 65_536
  t.not(there, shape(regular, own), 'not the glyph that has its number in the first')
})
