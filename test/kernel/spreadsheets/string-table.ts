import t from 'tap'
import { READ_LIMITS } from '../../../src/kernel/spreadsheets/limits.ts'
import { createStringTable } from '../../../src/kernel/spreadsheets/string-table.ts'

t.test('strings over several blocks', async (t) => {
  const table = createStringTable(READ_LIMITS)
  const texts = Array.from({ length: 20_000 }, (_, i) => (i % 7 === 0 ? '' : `${i}客${'户'.repeat(i % 400)}`))
  for (const text of texts) table.add(text)
  t.equal(
    texts.every((text, index) => table.at(index) === text),
    true,
  )
  t.throws(() => table.at(20_000), { code: 'damaged' })
  t.throws(() => table.at(Number.NaN), { code: 'damaged' })
})

t.test('a string that fills a block to its end', async (t) => {
  const table = createStringTable(READ_LIMITS)
  const texts = ['', 'a'.repeat(4 * 1024 * 1024), '', 'b', 'c'.repeat(4 * 1024 * 1024), '']
  for (const text of texts) table.add(text)
  t.equal(
    texts.every((text, index) => table.at(index) === text),
    true,
  )
  t.throws(() => table.add('d'.repeat(4 * 1024 * 1024 + 1)), { code: 'too-large' })
})
