import t from 'tap'
import { everyone, talliesOf, tally, tallyOf } from '../../../src/customers/customers/tallies.ts'
import { openTestDatabase } from '../../fixtures/database.ts'

t.test('thousands of different values are counted at once', async (t) => {
  const { db, drop } = await openTestDatabase()
  t.teardown(drop)
  const customers = Array.from({ length: 3000 }, (_, at) => ({ kind: 'company', district_code: String(100_000 + at) }))
  await db.transaction(async (trx) => {
    await tally(trx, { added: customers })
    await tally(trx, { added: customers.slice(0, 1500) })
    await tally(trx, { removed: customers.slice(1000, 2000) })
  })
  t.equal(await tallyOf(db, everyone), 3500)
  const counts = await talliesOf(db, 'district_code', ['100000', '101499', '101500', '102999'])
  t.same([...counts.values()].sort(), [0, 1, 1, 2])
})
