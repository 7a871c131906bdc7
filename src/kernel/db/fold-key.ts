import { hash } from 'node:crypto'

/** In UTF-16 units: the length of every column of such keys (kernel/db/columns.ts), but for the older ones, which are longer. */
export const longestKey = 120

/** Hanzi, small letters, digits and signs of ASCII are their own key: most codes and names are nothing else but for capitals. */
const plain = /^[\x21-\x7E\u4E00-\u9FFF]+$/
/** Blanks, control characters and what is not to be seen: zero-width signs, soft hyphens, fillers, variation selectors. */
const unseen = /[\s\p{Cc}\p{Default_Ignorable_Code_Point}]+/gu
const kept = { head: 80, digest: 40 }

/**
 * What two texts share that are one to a reader, the only rule of what may stand once: their width (NFKC), case, blanks
 * and signs that are not to be seen do not count. Never empty, and never longer than `longestKey`: NFKC makes some signs
 * eighteen times as long, so that a long one ends in its digest.
 */
export function foldKey(text: string): string {
  if (text.length <= longestKey && plain.test(text)) return text.toLowerCase()
  const folded = text.toWellFormed().normalize('NFKC').toLowerCase().replace(unseen, '') || text.toWellFormed()
  if (folded.length <= longestKey) return folded
  return folded.slice(0, kept.head).toWellFormed() + hash('sha256', folded).slice(0, kept.digest)
}

/**
 * The key of a row that has the same text as another from a time in which both could stand: a blank, which no key has,
 * and its id make it another one, so that both stay.
 */
export function repeatedKey(key: string, id: number, length = longestKey): string {
  const end = ` ${id}`
  return key.slice(0, length - end.length).toWellFormed() + end
}

export const isRepeatedKey = (key: unknown) => typeof key === 'string' && key.includes(' ')
