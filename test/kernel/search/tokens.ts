import t from 'tap'
import { partsExpression, tokensOfTexts } from '../../../src/kernel/search/part-tokens.ts'
import { tokenExpressions } from '../../../src/kernel/search/terms.ts'
import { facetToken, longTextLength, searchText, searchTokens } from '../../../src/kernel/search/tokens.ts'

t.test('the text holds the normalised fields, each once', async (t) => {
  const text = searchText({
    name: '长春明日（科技） Co., Ltd.',
    short_name: '明日',
    code: 'KH-０００７',
    phones: ['0431-8497 8981', '043184978981'],
    initials: 'ccmrkj',
    people: ['王𬱖', ''],
  })
  t.equal(text, 'kh0007|长春明日科技coltd|王𬱖|ccmrkj|043184978981')
})

t.test('a record of signs only has no text and no tokens', async (t) => {
  t.equal(searchText({ name: '%_[]"\0😀' }), '')
  t.equal(searchTokens(''), '')
})

t.test('the text is cut to the width of its column', async (t) => {
  const people = Array.from({ length: 400 }, (_, index) => `𠮷${index}号联系人`)
  const text = searchText({ name: '甲', code: '吉'.repeat(500), people })
  t.equal(text.length, longTextLength)
  t.ok(text.isWellFormed())
  t.match(searchText({ name: '甲', code: 'KH7', people }), /^kh7\|甲\|/, 'the code is not cut')
})

t.test('tokens are pairs, closed triples, characters and facets', async (t) => {
  const tokens = searchTokens('甲乙a1|kh07', { level_id: 3, owner_id: null })
  t.strictSame(
    tokens.split(' ').sort(),
    [
      '甲',
      '乙',
      'a',
      '1',
      'k',
      'h',
      '0',
      '7',
      '甲乙',
      '乙a',
      'a1',
      'a1_',
      'kh0',
      'h07',
      '07_',
      'level_id=3',
      'owner_id=',
    ].sort(),
  )
})

t.test('four of one character in a row are a token, for their triples are one', async (t) => {
  t.strictSame(searchTokens('138888').split(' '), ['138', '388', '888', '888', '88_', '8888', '1', '3', '8'])
  t.strictSame(tokenExpressions({ parts: ['1388888'] }), ['("138") AND ("388") AND ("8888")'])
  t.strictSame(tokenExpressions({ parts: ['888'] }), ['("888")'])
})

t.test('a facet with several values has a token for each, and one of its own for none', async (t) => {
  const tokens = (tag_id: number[]) => searchTokens('', { tag_id }).split(' ')
  t.strictSame(tokens([3, 12]), ['tag_id=3', 'tag_id=12'])
  t.strictSame(tokens([]), ['tag_id='])
})

t.test('a facet that would break a query is refused', async (t) => {
  t.throws(() => facetToken('level_id', '1" OR "a'), RangeError)
  t.throws(() => facetToken('Level id', 1), RangeError)
})

t.test('what holds a part of a text is among what its tokens allow for', async (t) => {
  const alphabet = [...'王芳长春0123aZ-·@ （）é', '0000', '1111', '𠮷', 'e\u0301', '"', '|', '=', '\0']
  let seed = 7
  const below = (limit: number) => {
    seed = (seed * 48271) % 2147483647
    return seed % limit
  }
  const allows = (tokens: string[], expression: string) =>
    expression.split(' AND ').every((gram) =>
      gram
        .slice(1, -1)
        .split(' OR ')
        .some((token) => tokens.includes(token.slice(1, -1))),
    )
  for (let round = 0; round < 2_000; round++) {
    const text = Array.from({ length: 1 + below(20) }, () => alphabet[below(alphabet.length)]).join('')
    const signs = [...text]
    const from = below(signs.length)
    const part = signs.slice(from, from + 1 + below(signs.length - from)).join('')
    const tokens = tokensOfTexts({ notes: text, name: null }).split(' ')
    const asked = [part, part.toUpperCase()].map((one) => partsExpression([{ name: 'notes', part: one }]) ?? '')
    t.ok(allows(tokens, asked[0] as string), JSON.stringify([text, part]))
    if (/^[ -~]*$/.test(part)) t.ok(allows(tokens, asked[1] as string), `${text} has ${part}, whatever its case`)
    t.notOk(allows(tokens, partsExpression([{ name: 'notes', part: '鲲' }]) ?? ''))
  }
  t.strictSame(partsExpression([]), undefined)
  t.strictSame(tokensOfTexts({ name: 'A王', code: '' }), 'name=a王 name=a name=王')
})
