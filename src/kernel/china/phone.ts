import { isMaskedText } from './masking.ts'
import { type PhoneNumber, readPhoneNumber } from './phone-number.ts'
import { singleLine } from './text.ts'

/** `text` to store and show, `keys` to compare with (+86… without extension, one per number), `isParsed` false when a part was not understood. */
export type Phone = { text: string; keys: string[]; isParsed: boolean }

const label =
  /(?:(?:联系|办公|公司|移动)?(?:电话|手机|传真|座机|固话)(?:号码)?|telephone|tel|phone|mobile|mob|fax)\s*[.:：]?/gi
const dashes = /[‐‑‒–—―−﹣－ー─]/g

/**
 * Reads a telephone or fax field, which may hold several numbers split by / , ; 、 | or blanks. Text that is no number is
 * kept as it was typed, never refused. `areaCode` (0431) is the company's own, for the key of a number written without
 * one; without it such a key is the bare digits. The shown text never gets an area code that was not typed.
 */
export function parsePhone(text: string, areaCode = ''): Phone {
  const plain = singleLine(text)
  const numbers = readNumbers(plain, areaCode)
  if (numbers.every((number) => number !== null)) {
    return { text: numbers.map((number) => number.shown).join(' / '), keys: keysOf(numbers), isParsed: true }
  }
  const found = (plain.replace(dashes, '-').match(/\+?\(?\d[\d() -]{4,}\d/g) ?? []).flatMap((run) =>
    readNumbers(run, areaCode),
  )
  return { text: plain, keys: keysOf([...numbers, ...found].filter((number) => number !== null)), isParsed: false }
}

function readNumbers(plain: string, areaCode: string): (PhoneNumber | null)[] {
  const parts = plain
    .replace(dashes, '-')
    .replace(label, '/')
    .split(/[/,，;；、|\n]/)
  const numbers: (PhoneNumber | null)[] = []
  for (const part of parts.map(bare).filter((part) => part !== '')) {
    numbers.push(...readPart(part, areaCode, numbers.at(-1) ?? null))
  }
  return numbers
}

/** Without what tables put around a number: '138…, 138….0, 1.3800138000E+10 with all its digits. */
function bare(part: string): string {
  const text = part.trim().replace(/^['’‘`]+/, '')
  if (!/[.'’‘`]|e/i.test(part)) return text
  if (hasLostDigits(text)) return text
  const [, whole = '', rest = ''] = /^(\d)\.(\d+)e\+?\d+$/i.exec(text) ?? []
  return whole ? whole + rest : text.replace(/^(\d{7,})\.0+$/, '$1')
}

/** Whether a table made a sum of a number and dropped digits of it: 1.38E+10. */
export function hasLostDigits(text: string): boolean {
  if (!/e/i.test(text)) return false
  const [, rest = '', power] = /^\d(?:\.(\d+))?e\+?(\d{1,3})$/i.exec(singleLine(text)) ?? []
  return power !== undefined && rest.length !== Number(power)
}

/** The numbers of a text as `parsePhone` writes them, with whether each is a mobile; null where one is not understood. */
export function phonesIn(text: string): { shown: string; isMobile: boolean }[] | null {
  const numbers = readNumbers(singleLine(text), '')
  return numbers.every((number) => number !== null)
    ? numbers.map(({ shown, kind }) => ({ shown, isMobile: kind === 'mobile' }))
    : null
}

/** What a click on a text of telephones dials, the first of them; undefined where it is masked or none. */
export function dialled(text: string): string | undefined {
  if (isMaskedText(text)) return undefined
  const [number] = (/^[\d -]+$/.test(text) ? [{ shown: text }] : phonesIn(text)) ?? []
  return number?.shown.replace(/[^\d+-]/g, '') || undefined
}

function readPart(part: string, areaCode: string, previous: PhoneNumber | null): (PhoneNumber | null)[] {
  const one = readPhoneNumber(part, areaCode) ?? readTail(part, areaCode, previous)
  if (one) return [one]
  const several = part.split(' ').map((word) => readPhoneNumber(word, areaCode))
  return several.every((number) => number !== null) ? several : [null]
}

// 0431-84978981/82: the second number differs from the first in its last digits only.
function readTail(part: string, areaCode: string, previous: PhoneNumber | null): PhoneNumber | null {
  if (!previous || previous.extension || !/^\d{1,4}$/.test(part) || !['fixed', 'bare'].includes(previous.kind))
    return null
  return readPhoneNumber(previous.shown.slice(0, -part.length) + part, areaCode)
}

function keysOf(numbers: PhoneNumber[]): string[] {
  return [...new Set(numbers.map((number) => number.key))]
}
