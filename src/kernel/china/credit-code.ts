// 统一社会信用代码, GB 32100-2015; its inner body code, GB 11714.
const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
const innerWeights = [3, 7, 9, 10, 5, 8, 4, 2]
const form = /^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/

/** Half-width, upper case, without blanks, dashes and invisible characters. Does not check. */
export function normaliseCreditCode(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\s\p{Pd}\p{Cc}\p{Cf}]/gu, '')
    .toUpperCase()
}

/** What is wrong with a normalised code: 'form' (not 18 fitting characters), 'check' (last character does not fit), null (right). */
export function creditCodeProblem(code: string): null | 'form' | 'check' {
  if (!form.test(code)) return 'form'
  return creditCodeCheck(code) === code[17] ? null : 'check'
}

/** Old registration (15), organisation (9) and tax numbers (15, 20) stay valid in files that have them (china.md §1). */
const oldNumber = /^(\d{15}|[0-9A-Z]{9}|[0-9A-Z]{15}|[0-9A-Z]{20})$/

/** The same of a field that may also hold one of the old numbers. */
export const taxNumberProblem = (number: string) => (oldNumber.test(number) ? null : creditCodeProblem(number))

/** The check character that belongs to the first 17 characters of a code in the right form. */
export function creditCodeCheck(code: string): string {
  const sum = weights.reduce((total, weight, i) => total + alphabet.indexOf(code.charAt(i)) * weight, 0)
  return alphabet.charAt((31 - (sum % 31)) % 31)
}

/** The check character of an eight-character body code: 0–9 or X. */
export function innerCheck(body: string): string {
  const sum = innerWeights.reduce((total, weight, i) => total + Number.parseInt(body.charAt(i), 36) * weight, 0)
  const value = (11 - (sum % 11)) % 11
  return value === 10 ? 'X' : String(value)
}
