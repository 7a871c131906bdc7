import t from 'tap'
import { cleanText, singleLine } from '../../src/china/text.ts'

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

t.test('one line', async (t) => {
  t.equal(singleLine('　长春市 \r\n 人民大街　１号 '), '长春市 人民大街 1号')
  t.equal(singleLine(' \u0000 '), '')
})
