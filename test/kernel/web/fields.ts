import t, { type Test } from 'tap'
import * as fields from '../../../src/kernel/web/fields.ts'
import { readField, readForm, typedIn, written } from '../../../src/kernel/web/form.ts'
import { text } from '../../../src/texts/index.ts'
import { noReference } from '../../fixtures/things.ts'

const field = (kind: fields.FieldKind, more: Partial<fields.Field> = {}): fields.Field => ({
  name: 'x',
  label: '项',
  kind,
  ...more,
})

/** What is stored for what was typed, or the sentence that refuses it. */
function read(kind: fields.FieldKind, typed: string, more: Partial<fields.Field> = {}) {
  try {
    return readField(field(kind, more), typedIn({ x: typed }, 'x'), noReference)
  } catch (sentence) {
    if (typeof sentence !== 'string') throw sentence
    return sentence
  }
}

const table = (t: Test, kind: fields.FieldKind, refused: string, good: [string, unknown][], bad: string[]) => {
  for (const [typed, stored] of good) t.strictSame(read(kind, typed), stored, typed)
  for (const typed of bad) t.equal(read(kind, typed), refused, typed)
}

t.test('days', async (t) => {
  const typed = [
    '2026-11-05',
    '2026/11/5',
    '2026.11.05',
    '20261105',
    '2026年11月5日',
    ' 2026-11-05 ',
    '２０２６－１１－０５',
    '2026-11-05T00:00',
  ]
  const bad = [
    '2026-02-30',
    '2025-02-29',
    '2026-13-01',
    '2026-00-10',
    '1899-12-31',
    '2200-01-01',
    '26-11-05',
    'x',
    '0000-00-00',
  ]
  table(
    t,
    fields.day,
    text.form.days.none,
    [...typed.map((one): [string, string] => [one, '2026-11-05']), ['2024-02-29', '2024-02-29']],
    bad,
  )
})

t.test('money', async (t) => {
  const good: [string, number][] = [
    ['7000', 700_000],
    ['7,000.50', 700_050],
    ['7000.5', 700_050],
    ['¥7000', 700_000],
    ['￥7,000元', 700_000],
    ['７，０００．５０', 700_050],
    ['-0.01', -1],
    ['0.29', 29],
    ['999999999999.99', 99_999_999_999_999],
    ['0', 0],
  ]
  table(t, fields.money, text.form.money, good, ['7000.505', '1e9', '1000000000000', 'x', '--1', '.5', 'NaN', '1.'])
  for (const [, cents] of good) t.equal(read(fields.money, fields.money.write(cents)), cents, 'written and read again')
  t.equal(fields.money.show(123_450, field(fields.money), noReference), '1,234.50')
  t.equal(fields.money.show(null, field(fields.money), noReference), '')
})

t.test('whole numbers, mail, web, postcodes', async (t) => {
  table(
    t,
    fields.integer,
    text.form.whole,
    [
      ['1,024', 1024],
      ['-3', -3],
      ['１２', 12],
    ],
    ['1.5', '1e3', '1234567890', 'x'],
  )
  table(
    t,
    fields.email,
    text.form.email,
    [
      ['a.b@example.com', 'a.b@example.com'],
      ['ａ@example.com', 'a@example.com'],
    ],
    ['a@b', 'a b', 'a@@b.cn', '<a@b.cn>', '"a"@b.cn'],
  )
  const refused = ['javascript:alert(1)', 'data:text/html,x', 'ftp://a.cn', 'intranet', 'http://']
  table(
    t,
    fields.website,
    text.form.website,
    [
      ['www.example.com', 'www.example.com'],
      ['https://a.cn/x?y=1', 'https://a.cn/x?y=1'],
    ],
    refused,
  )
  table(
    t,
    fields.postcode,
    text.form.postcode,
    [
      ['130000', '130000'],
      ['１３００００', '130000'],
    ],
    ['13000', '1300000', 'abcdef'],
  )
})

t.test('choices are only those there are', async (t) => {
  const options = () => [
    { value: '3', label: '甲' },
    { value: 'x', label: '乙' },
  ]
  t.equal(read(fields.choice, '3', { options }), 3)
  t.equal(read(fields.code, 'x', { options }), 'x')
  for (const typed of ['4', '3 or 1=1', '03', '3.0'])
    t.equal(read(fields.choice, typed, { options }), text.form.choice, typed)
  t.equal(fields.choice.show(3, field(fields.choice, { options }), noReference), '甲')
  t.equal(fields.code.show('gone', field(fields.code, { options }), noReference), '')
})

t.test('lengths are in characters as people count them; what is too long is said, not cut', async (t) => {
  t.equal(read(fields.line, '𠮷'.repeat(100), { max: 100 }), '𠮷'.repeat(100))
  t.equal(read(fields.line, '𠮷'.repeat(101), { max: 100 }), text.form.tooLong(100))
  t.equal(read(fields.line, '字'.repeat(4000), { max: 100 }), text.form.tooLong(100))
  t.equal(read(fields.narrowLine, '𠮷'.repeat(50), { max: 100 }), '𠮷'.repeat(50))
  for (const kind of [fields.narrowLine, fields.phone])
    t.equal(read(kind, '𠮷'.repeat(51), { max: 100 }), text.form.tooLong(100), 'the column holds no more')
  t.equal(read(fields.long, '字'.repeat(4000), { max: 4000 }), '字'.repeat(4000))
})

t.test('empty is null, spaces are empty, and what is required is asked for', async (t) => {
  for (const typed of ['', '   ', '\u3000', '\u200b']) {
    t.equal(read(fields.line, typed), null, JSON.stringify(typed))
    t.equal(read(fields.line, typed, { isRequired: true }), text.form.required('项'))
  }
  t.equal(read(fields.check, ''), false)
  t.equal(read(fields.check, 'true'), true)
})

t.test('a form gives the declared fields and every mistake at once', async (t) => {
  const declared = [
    field(fields.line, { name: 'name', isRequired: true }),
    field(fields.day, { name: 'on' }),
    field(fields.money, { name: 'sum_cents' }),
  ]
  const { values, errors } = readForm(
    declared,
    { name: ' ', on: '2026-02-30', sum_cents: '7', evil: '1', version: '9' },
    noReference,
  )
  t.strictSame(values, { sum_cents: 700 })
  t.strictSame(
    errors.map((error) => error.field),
    ['name', 'on'],
  )
  t.strictSame(readForm(declared, {}, noReference).errors.length, 1)
  t.strictSame(written(declared, { name: 'a', on: null, sum_cents: 750 }), { name: 'a', on: '', sum_cents: '7.50' })
  t.equal(typedIn({ x: ['', ' true '] }, 'x'), 'true', 'the last of several')
  t.equal(typedIn({ x: undefined }, 'x'), '')
})
