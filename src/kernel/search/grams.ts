/** Ends a run of ASCII characters inside its last gram; a character that normalised text cannot hold. */
export const runEnd = '_'

/** Overlapping pairs of code points: 长春市 → 长春, 春市. Empty below two characters. */
export function pairs(text: string): string[] {
  const found: string[] = []
  let first = ''
  for (const second of text) {
    if (first) found.push(first + second)
    first = second
  }
  return found
}

/** Four of one ASCII character in a row: 138888 → 8888. Their triples are one, and in many numbers. */
export const repeated = (text: string): string[] => [
  ...new Set((text.match(/([a-z0-9])\1{3,}/g) ?? []).map((run) => run.slice(0, 4))),
]

/** Overlapping triples of an ASCII text: abcd → abc, bcd. Empty below three characters. */
export function triples(text: string): string[] {
  const found: string[] = []
  for (let start = 0; start + 3 <= text.length; start++) found.push(text.slice(start, start + 3))
  return found
}
