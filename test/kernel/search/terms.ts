import t from 'tap'
import { searchTerms } from '../../../src/kernel/search/terms.ts'

const parts = (query: string) => searchTerms(query)?.parts

t.test('parts are separated by any white space and normalised', async (t) => {
  t.strictSame(parts(' 长春　明日\tＡＢ '), ['长春', '明日', 'ab'])
  t.strictSame(parts('0431-8497'), ['04318497'])
})

t.test('nothing searchable', async (t) => {
  for (const query of ['', '  ', '%', '_', '[]', '"\'', '\0', '😀', '\ud800'])
    t.equal(searchTerms(query), null, JSON.stringify(query))
})

t.test('three ASCII characters beside other text are a part of their own', async (t) => {
  t.strictSame(parts('华为abc'), ['华为', 'abc'])
  t.strictSame(parts('138张'), ['138', '张'])
  t.strictSame(parts('第2分公司'), ['第2分公司'])
})

t.test('a part within another part adds nothing', async (t) => {
  t.strictSame(parts('公司 有限公司 公司'), ['有限公司'])
})

t.test('what is typed is cut to 50 characters', async (t) => {
  t.strictSame(parts('𠮷'.repeat(4000)), ['𠮷'.repeat(50)])
  t.strictSame(parts('a'.repeat(4000)), ['a'.repeat(50)])
})
