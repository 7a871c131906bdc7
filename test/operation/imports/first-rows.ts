import t from 'tap'
import { firstRows } from '../../../src/operation/imports/reading/first-rows.ts'

t.test('the row in which a text came first is known with its mark, of very many texts', async (t) => {
  const first = firstRows()
  const many = 100_000
  let isNew = true
  for (let row = 1; row <= many; row++) isNew &&= first(`KH${row}`, row, row * 40_000) === undefined
  t.ok(isNew, 'none of them was taken for another one')
  let isKnown = true
  for (let row = 1; row <= many; row++) {
    const known = first(`KH${row}`, many + row, 7)
    isKnown &&= known?.row === row && known.mark === (row * 40_000) % 2 ** 32
  }
  t.ok(isKnown, 'nothing is lost as the table grows, and what comes later changes nothing')
})
