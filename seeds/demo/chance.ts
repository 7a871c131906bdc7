/** Repeatable random numbers (mulberry32): the same seed always makes the same demonstration company. */
export function makeChance(seed: number) {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const whole = (from: number, to: number) => from + Math.floor(next() * (to - from + 1))
  const digits = (count: number) => Array.from({ length: count }, () => whole(0, 9)).join('')
  const oneOf = <Item>(items: readonly Item[]): Item => items[whole(0, items.length - 1)] as Item
  const weighted = <Item>(pairs: readonly (readonly [Item, number])[]): Item => {
    let left = next() * pairs.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [item, weight] of pairs) {
      left -= weight
      if (left < 0) return item
    }
    return (pairs[0] as readonly [Item, number])[0]
  }
  return { next, whole, digits, oneOf, weighted, happens: (share: number) => next() < share }
}

export type Chance = ReturnType<typeof makeChance>
