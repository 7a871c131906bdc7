export type Random = {
  below: (limit: number) => number
  chance: (probability: number) => boolean
  skewed: (count: number) => number
  digits: (length: number) => string
}

/** A deterministic source of numbers (mulberry32): the same seed always gives the same sequence. */
export function randomFrom(seed: number): Random {
  let state = Math.imul(seed + 1, 0x9e3779b1)
  function next() {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    below,
    chance: (probability) => next() < probability,
    /** 1 to count, the first ones several times as frequent as the last. */
    skewed: (count) => 1 + Math.floor(next() ** 2 * count),
    digits: (length) => String(below(10 ** length)).padStart(length, '0'),
  }
}
