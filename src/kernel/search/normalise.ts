/**
 * Text as the search compares it: compatibility forms folded (full-width digits, ligatures), lower case, and only
 * letters, numbers and their marks; brackets, spaces, signs, emoji, control characters and the variants of a hanzi are gone.
 */
export function normalise(text: string): string {
  if (isAscii(text)) return text
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^[[\p{L}\p{N}\p{M}]--\p{DI}]]+/gv, '')
}

/** Whether a normalised text consists of a–z and 0–9 only. */
export function isAscii(text: string): boolean {
  return /^[a-z0-9]*$/.test(text)
}
