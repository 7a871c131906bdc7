/** What stands for the signs that are not shown. */
export const maskSigns = '****'

export const isMaskedText = (text: string) => text.includes(maskSigns)

/** Telephone numbers as they are shown to those who must not read them whole (china.md §2): 138****8000, 0431-****8981. */
export const maskPhones = (text: string): string => text.split(' / ').map(maskPhone).join(' / ')

function maskPhone(number: string): string {
  const [, mobile, mobileEnd] = /^(1\d{2})\d{4}(\d{4})/.exec(number) ?? []
  if (mobile) return `${mobile}${maskSigns}${mobileEnd}`
  const [, area, fixedEnd] = /^(0\d{2,3})-\d{3,4}(\d{4})/.exec(number) ?? []
  if (area) return `${area}-${maskSigns}${fixedEnd}`
  return maskToEnd(number)
}

/** The last four signs of a number of some length, like that of an account. */
export const maskToEnd = (number: string): string => (number.length >= 10 ? maskSigns + number.slice(-4) : maskSigns)

/** A mail address with its first sign and its domain. */
export function maskMail(address: string): string {
  const at = address.lastIndexOf('@')
  return at < 1 ? maskSigns : `${[...address][0]}${maskSigns}${address.slice(at)}`
}

/** An identity number with its region and nothing of the birthday. */
export const maskIdentity = (number: string): string =>
  number.length >= 15 ? `${number.slice(0, 3)}${maskSigns}${number.slice(-2)}` : maskSigns
