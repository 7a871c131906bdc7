import { isMaskedText } from '../../kernel/china/masking.ts'
import { nameParts } from '../../kernel/china/surnames.ts'

const longestLine = 75

/**
 * A contact as a vCard 3.0 (RFC 2426), which telephones and Outlook read: lines end in CRLF and are folded at 75 octets
 * of UTF-8 between characters. `contact` has the columns of contacts and `customer_name`.
 */
export function vcard(contact: Record<string, unknown>): string {
  const of = (name: string) => String(contact[name] ?? '').trim()
  const { surname, given } = nameParts(of('name'))
  const lines = [
    'BEGIN:VCARD',
    'VERSION:3.0',
    `N:${[surname, given, '', '', ''].map(escaped).join(';')}`,
    `FN:${escaped(of('name'))}`,
    ...filled('NICKNAME', of('nickname')),
    `ORG:${[of('customer_name'), of('department')].filter(Boolean).map(escaped).join(';')}`,
    ...filled('TITLE', of('position')),
    ...numbers('CELL', of('mobile')),
    ...numbers('WORK', of('office_phone')),
    ...numbers('HOME', of('home_phone')),
    ...filled('EMAIL;TYPE=INTERNET', of('email')),
    ...address(of('address'), of('postcode')),
    ...filled('BDAY', of('birthday_on')),
    ...filled('NOTE', of('notes')),
    'END:VCARD',
  ]
  return lines.map((line) => `${folded(line)}\r\n`).join('')
}

const escaped = (text: string) => text.replace(/[\\,;]/g, '\\$&').replace(/\r\n?|\n/g, '\\n')

/** What is masked would be no number and no address. */
const filled = (name: string, value: string) => (value && !isMaskedText(value) ? [`${name}:${escaped(value)}`] : [])

/** A field may hold several numbers, parted by ` / ` (kernel/china/phone.ts). */
const numbers = (type: string, field: string) =>
  field.split(' / ').flatMap((number) => filled(`TEL;TYPE=${type},VOICE`, number))

const address = (street: string, postcode: string) =>
  street || postcode ? [`ADR;TYPE=WORK:;;${escaped(street)};;;${escaped(postcode)};`] : []

/** Breaks a line so that no part is longer than allowed; every part but the first begins with a blank. */
function folded(line: string): string {
  if (Buffer.byteLength(line) <= longestLine) return line
  let text = ''
  let length = 0
  for (const sign of line) {
    const bytes = Buffer.byteLength(sign)
    if (length + bytes > longestLine) {
      text += '\r\n '
      length = 1
    }
    text += sign
    length += bytes
  }
  return text
}
