/**
 * Each count's share of all as a part of 1 with three decimals (one decimal of a percent), by largest remainders, so
 * that the shares add to exactly 100.0 %. Equal remainders are settled in the order given; nothing of nothing is 0. Sums may be
 * below nothing: no part of a whole then, ''.
 */
export function sharesOf(counts: number[]): (number | '')[] {
  if (counts.some((count) => count < 0)) return counts.map(() => '')
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return counts.map(() => 0)
  const whole = counts.map((count) => Math.floor((count * 1000) / total))
  const missing = 1000 - whole.reduce((sum, part) => sum + part, 0)
  const byRemainder = counts.map((count, at) => ({ at, remainder: (count * 1000) % total }))
  byRemainder.sort((a, b) => b.remainder - a.remainder || a.at - b.at)
  for (const { at } of byRemainder.slice(0, missing)) whole[at] = (whole[at] as number) + 1
  return whole.map((part) => part / 1000)
}
