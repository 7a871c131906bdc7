import t from 'tap'
import { decimalText, groupedDecimal, readDecimal } from '../../../src/kernel/china/decimal.ts'
import { readInstant } from '../../../src/kernel/china/instant.ts'
import { decimal } from '../../../src/kernel/web/decimal-kind.ts'
import type { Field } from '../../../src/kernel/web/fields.ts'
import { readForm } from '../../../src/kernel/web/form.ts'
import { instant } from '../../../src/kernel/web/instant-kind.ts'
import { noReference } from '../../fixtures/things.ts'

t.test('a decimal is read to its millionth, and nothing is guessed', async (t) => {
  for (const [typed, micros] of [
    ['0', 0],
    ['-0', 0],
    ['1.005', 1_005_000],
    ['0.1', 100_000],
    ['.5', 500_000],
    ['5.', 5_000_000],
    ['0.000001', 1],
    ['-2.5', -2_500_000],
    ['−2.5', -2_500_000],
    ['＋３．２５', 3_250_000],
    ['1,234.50', 1_234_500_000],
    ['1，234，567', 1_234_567_000_000],
    ['1,0000', 10_000_000_000],
    ['1 234', 1_234_000_000],
    ['007', 7_000_000],
    ['1.50000000', 1_500_000],
    ['12.5公斤', 12_500_000],
    ['12.5 公斤', 12_500_000],
    ['9,000,000,000', 9_000_000_000_000_000],
    ['8999999999.999999', 8_999_999_999_999_999],
  ] as const) {
    t.strictSame(readDecimal(typed, '公斤'), { micros }, typed)
    t.ok(Number.isSafeInteger(micros))
  }
  for (const [typed, problem] of [
    ['1,5', 'commas'],
    ['12,34.5', 'commas'],
    ['1.0000001', 'places'],
    ['9000000000.000001', 'size'],
    ['99999999999', 'size'],
    ['9'.repeat(400), 'size'],
    ['1e3', 'form'],
    ['0x10', 'form'],
    ['1.2.3', 'form'],
    ['--1', 'form'],
    ['1-', 'form'],
    ['.', 'form'],
    ['很多', 'form'],
    ['Infinity', 'form'],
    ['1.5,000', 'form'],
    ['公斤', 'form'],
  ] as const)
    t.strictSame(readDecimal(typed, '公斤'), { problem }, typed)
})

t.test('a decimal is written without a float between', async (t) => {
  for (const [micros, plain, grouped] of [
    [8_999_999_999_999_999, '8999999999.999999', '8,999,999,999.999999'],
    [-1, '-0.000001', '-0.000001'],
    [1_234_500_000, '1234.5', '1,234.5'],
    [0, '0', '0'],
  ] as const)
    t.strictSame([decimalText(micros), groupedDecimal(micros)], [plain, grouped])
  t.equal(decimalText(1.5), undefined)
  t.equal(decimalText(null), undefined)
})

t.test('places and bounds are told in words; what stood before may stay', async (t) => {
  const weight = {
    name: 'x_micros',
    label: '重量',
    kind: decimal,
    places: 2,
    least: '0',
    greatest: '1000',
    unit: '公斤',
  }
  const read = (typed: string, before = {}) => readForm([weight as Field], { x_micros: typed }, noReference, before)
  t.strictSame(read('1.25').values, { x_micros: 1_250_000 })
  for (const [typed, sentence] of [
    ['1.255', /最多 2 位小数/],
    ['-0.01', /不能小于 0 公斤/],
    ['1000.01', /不能大于 1,000 公斤/],
    ['1,5', /小数用点/],
  ] as const)
    t.match(read(typed).errors[0]?.message, sentence)
  t.strictSame(read('1.255', { x_micros: 1_255_000 }).errors, [])
  t.equal(decimal.show(5_500_000, { ...weight, unit: '%' }, noReference), '5.5%')
})

t.test('an instant is read in China’s time', async (t) => {
  for (const typed of [
    '2026-11-23T14:30',
    '2026-11-23 14:30',
    '2026/11/23 14:30:00',
    '２０２６年１１月２３日 14：30',
    '2026年11月23日 下午2:30',
    '2026年11月23日 下午2点30分',
    '2026-11-23 2:30 PM',
    '2026-11-23 星期一 14:30',
    '2026-11-23T06:30:00Z',
    '2026-11-23T06:30:00.000Z',
    '2026-11-23 15:30 +09:00',
    '2026-11-23T06:30 GMT',
  ])
    t.strictSame(readInstant(typed), { instant: '2026-11-23T06:30:00.000Z' }, typed)
  t.strictSame(readInstant('2026-11-23 0:05'), { instant: '2026-11-22T16:05:00.000Z' })
  t.strictSame(readInstant('2026-11-23 上午12:05'), { instant: '2026-11-22T16:05:00.000Z' })
  t.strictSame(readInstant('2026-11-23 24:00'), { instant: '2026-11-23T16:00:00.000Z' })
  t.strictSame(readInstant('2026-11-23'), { problem: 'time' })
  for (const typed of ['2026-02-30 10:00', '14:30', '2026-11-23 25:00', '2026-11-23 24:01', '2026-11-23 10:60', 'x'])
    t.strictSame(readInstant(typed), { problem: 'none' }, typed)
  t.equal(instant.write('2026-11-23T06:30:00.000Z'), '2026-11-23T14:30')
  t.equal(instant.show('2026-11-23T06:30:00.000Z', {} as Field, noReference), '2026-11-23 14:30')
})
