import { singleLine } from './text.ts'

// 公民身份号码, GB 11643-1999: region, day of birth, order, check; the old ones of 15 digits have no century and no check.
const form = /^[1-9]\d{5}(\d{4})(\d{2})(\d{2})\d{3}[\dX]$/
const oldForm = /^[1-9]\d{5}(\d{2})(\d{2})(\d{2})\d{3}$/
const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const checks = '10X98765432'

/** Half-width, upper case, without blanks. Does not check. */
export const normaliseIdentityNumber = (text: string): string => singleLine(text).replaceAll(' ', '').toUpperCase()

/** What is wrong with a normalised number: 'form' (no identity number, as that of a passport), 'check', null (right). */
export function identityNumberProblem(number: string): null | 'form' | 'check' {
  const [, year = '', month = '', day = ''] = form.exec(number) ?? oldForm.exec(number) ?? []
  if (!isDay(year.length === 2 ? `19${year}` : year, month, day)) return 'form'
  return number.length === 15 || identityCheck(number) === number[17] ? null : 'check'
}

/** The check character that belongs to the first 17 digits. */
const identityCheck = (number: string): string =>
  checks[weights.reduce((sum, weight, at) => sum + weight * Number(number[at]), 0) % 11] as string

function isDay(year: string, month: string, day: string): boolean {
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.getUTCDate() === Number(day)
}
