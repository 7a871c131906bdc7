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

t.test('a telephone number is read as one', async (t) => {
  for (const query of [
    '+8613800138021',
    '0086 138 0013 8021',
    '138-0013-8021',
    '１３８００１３８０２１',
    '013800138021',
  ])
    t.strictSame(parts(query), ['13800138021'], query)
  for (const query of ['0431-88001234转801', '0431-88001234-801', '+86 431 8800 1234 x801'])
    t.strictSame(parts(query), ['43188001234', '801'], query)
  t.strictSame(parts('+1 415 555 0100'), ['14155550100'])
  t.strictSame(parts('88001234转801'), ['88001234', '801'])
  t.strictSame(parts('+86 138'), ['138'])
  for (const [query, read] of [
    ['20260001-12', ['2026000112']],
    ['KH-7001', ['kh7001']],
    ['159 1234', ['159', '1234']],
    ['7001 8497', ['7001', '8497']],
    ['+86', ['86']],
  ] as const)
    t.strictSame(parts(query), read, `${query} stays as it is`)
})
