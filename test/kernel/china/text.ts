import t from 'tap'
import { cleanText, singleLine } from '../../../src/kernel/china/text.ts'

t.test('width of letters, digits, brackets, signs and spaces', async (t) => {
  t.equal(cleanText('Ａｂｃ１２３（深圳）［１］'), 'Abc123(深圳)[1]')
  t.equal(cleanText('ｚｈａｎｇ＠ｑｑ．ｃｏｍ　转８'), 'zhang@qq.com 转8')
  t.equal(cleanText('⽤⼈'), '用人', 'radicals out of PDF files become hanzi')
})

t.test('Chinese punctuation, signs and rare hanzi stay', async (t) => {
  const text = '你好，世界：甲；乙！丙？“丁”、～《戊》……①㎡℃½ 𠮷𬱖'
  t.equal(cleanText(text), text)
})

t.test('control and invisible characters go, lines and tabs stay', async (t) => {
  t.equal(cleanText('a\u0000b\u0007\u200Bc\uFEFF\u202Ed'), 'abcd')
  t.equal(cleanText('甲\r\n乙\r丙\t丁\n'), '甲\n乙\n丙\t丁\n')
  t.equal(cleanText('x\uD800y'), 'x\uFFFDy')
})

const unseen = ['\u00AD', '\u034F', '\u061C', '\u115F', '\u180E', '\u200B', '\u200C', '\u200D', '\u200E', '\u202E']
const more = [
  '\u2060',
  '\u2064',
  '\u2069',
  '\u206F',
  '\u3164',
  '\uFE0F',
  '\uFEFF',
  '\uFFA0',
  '\uFFFC',
  '\u{E0041}',
  '\u{E0100}',
]

t.test('what nobody sees is gone from wherever it stands', async (t) => {
  for (const one of [...unseen, ...more]) {
    const code = String(one.codePointAt(0)?.toString(16))
    t.equal(cleanText(`${one}A${one}138${one}00`), 'A13800', code)
    if (one !== '\uFE0F' && one !== '\u{E0100}') t.equal(cleanText(`长${one}春${one}`), '长春', `${code} between hanzi`)
  }
  for (const space of ['\u00A0', '\u2003', '\u2800', '\u3000'])
    t.equal(singleLine(`甲${space}${space}乙${space}`), '甲 乙')
})

t.test('what is a part of the character before it stays', async (t) => {
  for (const one of [
    '葛\u{E0100}城',
    '👨\u200D👩\u200D👧',
    '❤\uFE0F',
    '1\uFE0F\u20E3',
    '👍🏽\u200D♂\uFE0F',
    'ᠠ\u180B',
    'क\u094D\u200Dष',
  ])
    t.equal(cleanText(one), one)
  const scotland = '🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}'
  t.equal(cleanText(`${scotland}\u{E0067}`), `${scotland}`)
  t.equal(cleanText(`🏴${'\u{E0067}'.repeat(40)}`), `🏴${'\u{E0067}'.repeat(7)}`, 'a flag has an end')
})

t.test('one line', async (t) => {
  t.equal(singleLine('　长春市 \r\n 人民大街　１号 '), '长春市 人民大街 1号')
  t.equal(singleLine(' \u0000 '), '')
})
