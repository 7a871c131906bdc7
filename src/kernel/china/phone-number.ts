const areaCode = '(?:010|02[0-57-9]|0[3-9]\\d\\d)'
const fixedLine = new RegExp(`^(${areaCode})([2-9]\\d{6,7})$`)
// Area codes in use, without their zero: a table that takes numbers for sums loses it.
const bareArea = new RegExp(
  `^(?:10|2[0-57-9]|3(?:1\\d|35|49|5\\d|7\\d|9[1-8])|4(?:1\\d|2[179]|3[1-9]|40|5[1-9]|6[4789]|7\\d|8[23])|` +
    `5(?:1\\d|2[37]|3\\d|4[36]|5\\d|6[1-6]|7\\d|80|9\\d)|6(?:3[1-5]|6[0238]|9[12])|` +
    `7(?:01|1\\d|2[248]|3\\d|4[3-6]|5\\d|6\\d|7\\d|9\\d)|8(?:1[23678]|2[5-7]|3\\d|5\\d|7\\d|8[3678]|9[1-8])|` +
    `9(?:0[1-36-9]|1\\d|3\\d|4[13]|5[1-5]|7\\d|9\\d))[2-9]\\d{6,7}$`,
)
const extensionMark = /^(.*[\d)])\s*(?:转接|转分机|转|分机号?|extension|ext\.?|x|#|-)\s*:?\s*(\d{1,6})$/i

export type PhoneKind = 'mobile' | 'fixed' | 'bare' | 'service' | 'foreign'

/** One read number. `number` is national (0431…, 138…) or, when foreign, with +; `shown` is how the product writes it. */
export type PhoneNumber = {
  kind: PhoneKind
  area: string
  number: string
  extension: string
  shown: string
  key: string
}

/**
 * Reads one number that is already half-width with plain dashes; null when it is none. Numbering: area codes of three
 * digits 010 and 02x, of four digits 03xx-09xx; mobile 13x-19x; 400, 800, 95xxx, 96xxx(x) as service numbers.
 */
export function readPhoneNumber(text: string, homeArea = ''): PhoneNumber | null {
  const whole = readWithoutExtension(text, homeArea)
  if (whole) return whole
  const [, head, extension = ''] = extensionMark.exec(text) ?? []
  const number = head === undefined ? null : readWithoutExtension(head, homeArea)
  return number && { ...number, extension, shown: `${number.shown}-${extension}` }
}

function readWithoutExtension(text: string, homeArea: string): PhoneNumber | null {
  if (!/^\(?\+?[\d\s().-]+$/.test(text)) return null
  const compact = text.replace(/[\s().-]/g, '')
  return readForeign(text, compact) ?? readChinese(withoutCountry(compact), homeArea)
}

function readForeign(text: string, compact: string): PhoneNumber | null {
  const [, digits] = /^(?:\+|00)((?!86)[1-9]\d{6,14})$/.exec(compact) ?? []
  if (!digits) return null
  return { kind: 'foreign', area: '', number: `+${digits}`, extension: '', shown: text.trim(), key: `+${digits}` }
}

function withoutCountry(compact: string): string {
  const [, national] = /^(?:\+|00|0)?86(\d{5,})$/.exec(compact) ?? []
  if (!national || (!/^[+0]/.test(compact) && national.length < 10)) return compact
  const isWithoutZero = !/^(?:0|1[3-9]\d{9}$|[48]00\d{7}$|9[56]\d{3,4}$)/.test(national)
  return isWithoutZero ? `0${national}` : national
}

function readChinese(digits: string, homeArea: string): PhoneNumber | null {
  const [, mobile] = /^0?(1[3-9]\d{9})$/.exec(digits) ?? []
  if (mobile) return chinese('mobile', '', mobile, mobile)
  if (/^[48]00\d{7}$/.test(digits)) return chinese('service', '', digits, digits.replace(/^(...)(...)/, '$1-$2-'))
  if (/^9[56]\d{3,4}$/.test(digits)) return chinese('service', '', digits, digits)
  const [, area, local] = fixedLine.exec(bareArea.test(digits) ? `0${digits}` : digits) ?? []
  if (area) return chinese('fixed', area, area + local, `${area}-${local}`)
  if (!/^[2-9]\d{6,7}$/.test(digits)) return null
  return homeArea
    ? chinese('bare', homeArea, homeArea + digits, digits)
    : { ...chinese('bare', '', digits, digits), key: digits }
}

function chinese(kind: PhoneKind, area: string, number: string, shown: string): PhoneNumber {
  return { kind, area, number, extension: '', shown, key: `+86${number.replace(/^0/, '')}` }
}
