import { readPhoneNumber } from './phone-number.ts'

const dashes = /[‐‑‒–—―−﹣－ー─]/g
const marked = /^(.*[\d)])\s*(?:转接|转分机|转|分机号?|extension|ext\.?|x|#)\s*:?\s*\d{1,6}$/i
const begun = /^(?:\+|00)\s*86[\s-]*(\d[\d\s-]{2,})$/

/**
 * The digits by which a telephone number is found in whatever way it was typed and is stored: without country, zero of the
 * area and signs, an extension as a part of its own. Undefined for what is no number, or is found as it stands. `text` is
 * half-width already.
 */
export function numberParts(text: string): string[] | undefined {
  const plain = text.trim().replace(dashes, '-')
  const number = readPhoneNumber(plain)
  // Seven or eight digits may as well be a code, of which an extension with a dash is a part.
  if (number && (number.kind !== 'bare' || marked.test(plain))) {
    const digits = number.number.replace(/^(?:\+|0)/, '')
    return number.extension ? [digits, number.extension] : [digits]
  }
  const [, rest] = begun.exec(plain) ?? []
  return rest === undefined ? undefined : [rest.replace(/\D/g, '')]
}
