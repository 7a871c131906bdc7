import t from 'tap'
import { readRows } from '../../../src/kernel/db/rows.ts'

t.test('rows of both drivers become the same', async (t) => {
  const server = {
    id: 7,
    seen_at: new Date('2026-05-04T01:02:03.456Z'),
    joined_on: new Date('2026-05-04T00:00:00.000Z'),
    left_on: null,
    is_main: true,
    has_notes: false,
    sum_cents: '9007199254740991',
    weight_micros: '8999999999999999',
    row_count: '12',
    text: '12',
  }
  const file = {
    id: 7,
    seen_at: '2026-05-04T01:02:03.456Z',
    joined_on: '2026-05-04',
    left_on: null,
    is_main: 1,
    has_notes: 0,
    sum_cents: 9007199254740991,
    weight_micros: 8999999999999999,
    row_count: 12,
    text: '12',
  }
  t.strictSame(
    readRows([server]),
    [file].map((row) => ({ ...row, is_main: true, has_notes: false })),
  )
  t.strictSame(readRows([file]), [server])
})

t.test('what is no row is left alone', async (t) => {
  for (const response of [undefined, null, 3, 'x', [], [1, 'a', null], [[1]]])
    t.strictSame(readRows(structuredClone(response)), response)
  t.strictSame(readRows({ is_main: null, sum_cents: null }), { is_main: null, sum_cents: null })
})
