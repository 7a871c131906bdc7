import t from 'tap'
import { numbered, reserveNumbers } from '../../src/kernel/numbers.ts'
import { openTestDatabase } from '../fixtures/database.ts'

t.test('a pattern writes numbers and the day', async (t) => {
  const written: [pattern: string, number: number, result: string][] = [
    ['KH{000000}', 7, 'KH000007'],
    ['KH{yyyy}{0000}', 7, 'KH20260007'],
    ['{yy}{mm}{dd}-{00}', 123, '261105-123'],
    ['{0}', 10, '10'],
    ['KH', 7, 'KH7'],
    ['{x}{00000}{}', 42, '{x}00042{}'],
  ]
  for (const [pattern, number, result] of written) t.equal(numbered(pattern, number, '2026-11-05'), result, pattern)
})

t.test('numbers follow each other, by kind, and go back with their transaction', async (t) => {
  const { db, drop } = await openTestDatabase()
  t.teardown(drop)
  const reserve = (kind: string, count?: number) => db.transaction((trx) => reserveNumbers(trx, kind, count))
  t.equal(await reserve('customers'), 1)
  t.equal(await reserve('customers', 5), 2)
  t.equal(await reserve('customers'), 7)
  t.equal(await reserve('contacts'), 1)
  const failed = db.transaction(async (trx) => {
    await reserveNumbers(trx, 'customers', 100)
    throw new Error('undone')
  })
  await t.rejects(failed, /undone/)
  t.equal(await reserve('customers'), 8)
})

t.test('reserved at the same time, no number comes twice', async (t) => {
  const { db, drop } = await openTestDatabase()
  t.teardown(drop)
  const taken = await Promise.all(
    Array.from({ length: 20 }, () => db.transaction((trx) => reserveNumbers(trx, 'customers', 3))),
  )
  t.strictSame(
    taken.sort((a, b) => a - b),
    Array.from({ length: 20 }, (_, index) => 1 + index * 3),
  )
})
