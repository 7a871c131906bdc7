import t from 'tap'
import { sharesOf } from '../../../src/analysis/analyses/shares.ts'

const tenths = (counts: number[]) => sharesOf(counts).map((share) => Math.round(Number(share) * 1000))

t.test('shares add to 100.0 % whatever the counts are', async (t) => {
  t.same(tenths([1, 1, 1]), [334, 333, 333])
  t.same(tenths([2, 1]), [667, 333])
  t.same(tenths([1, 1, 1, 1, 1, 1]), [167, 167, 167, 167, 166, 166])
  t.same(tenths([999_999, 1]), [1000, 0])
  t.same(tenths([1, 5, 1]), [143, 714, 143], 'the largest remainders first, wherever they stand')
  for (const most of [3, 7, 200, 997]) {
    const counts = Array.from({ length: most }, (_, at) => (at * at * 31) % 1009)
    t.equal(
      tenths(counts).reduce((sum, share) => sum + share, 0),
      1000,
    )
  }
})

t.test('no share is further from the truth than a tenth of a percent', async (t) => {
  const counts = [13, 87, 421, 240, 0, 271]
  const total = counts.reduce((sum, count) => sum + count, 0)
  for (const [at, share] of sharesOf(counts).entries())
    t.ok(Math.abs(Number(share) - (counts[at] as number) / total) < 0.001, `${counts[at]}`)
})

t.test('nothing has shares of nothing', async (t) => {
  t.same(sharesOf([0, 0]), [0, 0])
  t.same(sharesOf([]), [])
  t.same(sharesOf([3, -1]), ['', ''], 'and of less than nothing there are no parts')
})
