import { text } from '../../texts/index.ts'
import { normaliseCreditCode, taxNumberProblem } from '../china/credit-code.ts'
import { readDay } from '../china/day.ts'
import { readMailAddress } from '../china/mail-address.ts'
import { hasLostDigits, parsePhone } from '../china/phone.ts'
import { cleanText, singleLine } from '../china/text.ts'
import type { MaskGroup } from '../permissions.ts'
import type { Reference } from '../reference.ts'
import type { Control } from './control.ts'
import type { DecimalParts } from './decimal-kind.ts'
import { showMoney } from './formatting.ts'
import type { LinkParts } from './link-kind.ts'
import type { Option, Options } from './options.ts'

/** One field of a record, declared once for form, card, list, import, history and conflict screen. */
export type Field = {
  name: string
  label: string
  kind: FieldKind
  /** Longest text in characters (code points); the column holds twice as many UTF-16 units where rare hanzi may come. */
  max?: number
  isRequired?: boolean
  hint?: string
  options?: Options
  isWide?: boolean
  /** How many lines of a long text are seen at once. */
  rows?: number
  /** Those who must not read such fields whole see a part (kernel/web/masks.ts). */
  mask?: MaskGroup
  /** Kept in a table of its own, not in a column of the record. */
  isLinked?: boolean
  autocomplete?: string
  /** The box that keeps a value although it is wrong by its kind. */
  keep?: { name: string; label: string }
} & DecimalParts &
  LinkParts

export type FieldKind = {
  control: Control
  align?: 'end'
  /** Many of the options may be chosen; they are stored as one text, joined by commas. */
  isMany?: boolean
  /** Its column holds no more UTF-16 units than `max`: a rare hanzi counts for two. Others hold twice as many. */
  isCountedInUnits?: boolean
  /** What is stored for what was typed (trimmed, not empty); throws a sentence (string) when it cannot be. */
  parse(typed: string, field: Field, reference: Reference): unknown
  /** What is wrong with a value that is new in a record, as a sentence (kernel/web/field-rules.ts). */
  mistake?(value: unknown, field: Field): string | undefined
  /** What is odd about a value that is kept all the same, as a sentence. */
  doubt?(value: unknown): string | undefined
  /** An example, where the field has none of its own. */
  hint?: string
  /** The topic of help on how it is filled in (office/help), where that is not plain. */
  help?: string
  /** What stands in the form for what is stored. */
  write(value: unknown): string
  /** What of a change a person reads, where that is not all that stood there. */
  tell?(before: unknown, after: unknown, field: Field, reference: Reference): [before: string, after: string]
  /** What a person reads. */
  show(value: unknown, field: Field, reference: Reference): string
}

const plain = (value: unknown) => (value === null || value === undefined ? '' : String(value))
const base = { write: plain, show: plain }

function refuse(sentence: string): never {
  throw sentence
}

export const line: FieldKind = { ...base, control: 'text', parse: singleLine }
/** One line in a column that holds just so many UTF-16 units. */
export const narrowLine: FieldKind = { ...line, isCountedInUnits: true }
export const long: FieldKind = { ...base, control: 'textarea', parse: cleanText }
export const password: FieldKind = { ...base, control: 'password', parse: (typed) => typed }

/** Most numbers look like this; to read one whole takes much longer. */
const plainNumber = /^(?:1[3-9]\d{9}|(?:010|02[0-57-9]|0[3-9]\d\d)-[2-9]\d{6,7})$/
export const phone: FieldKind = {
  ...base,
  control: 'phone',
  isCountedInUnits: true,
  parse: (typed) => parsePhone(typed).text,
  mistake: (value) => (hasLostDigits(String(value)) ? text.form.rules.lostDigits : undefined),
  doubt: (value) =>
    plainNumber.test(String(value)) || parsePhone(String(value)).isParsed ? undefined : text.form.rules.phone,
}

export const email: FieldKind = {
  ...base,
  control: 'email',
  hint: text.form.hints.email,
  parse: (typed) => readMailAddress(typed) ?? refuse(text.form.email),
}

export const website: FieldKind = {
  ...base,
  control: 'url',
  hint: text.form.hints.website,
  parse: (typed) => {
    const address = singleLine(typed).replaceAll(' ', '')
    const whole = /^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `http://${address}`
    const isWeb =
      URL.canParse(whole) && /^https?:$/.test(new URL(whole).protocol) && new URL(whole).hostname.includes('.')
    return isWeb ? address : refuse(text.form.website)
  },
}

export const postcode: FieldKind = {
  ...base,
  control: 'text',
  isCountedInUnits: true,
  hint: text.form.hints.postcode,
  parse: (typed) => {
    const code = singleLine(typed).replaceAll(' ', '')
    return /^\d{6}$/.test(code) ? code : refuse(text.form.postcode)
  },
}

export const creditCode: FieldKind = {
  ...base,
  control: 'text',
  parse: normaliseCreditCode,
  mistake: (value) => {
    const problem = taxNumberProblem(String(value))
    return problem ? text.form.rules.creditCode[problem] : undefined
  },
}

/** A day that exists, as kernel/china/day.ts reads it. */
export const day: FieldKind = {
  ...base,
  control: 'day',
  parse: (typed) => {
    const read = readDay(typed)
    return 'day' in read ? read.day : refuse(text.form.days[read.problem])
  },
}

/** Fen from yuan as people type them: 7000, 7,000.50, ¥7000, 7000元. */
export const money: FieldKind = {
  control: 'money',
  align: 'end',
  parse: (typed) => {
    const amount = singleLine(typed).replace(/[,，\s¥￥元]/g, '')
    if (!/^-?\d{1,12}(\.\d{1,2})?$/.test(amount)) return refuse(text.form.money)
    const [whole = '0', part = ''] = amount.replace('-', '').split('.')
    const cents = Number(whole) * 100 + Number(part.padEnd(2, '0'))
    return amount.startsWith('-') ? -cents : cents
  },
  write: (value) =>
    value === null || value === undefined ? '' : (Number(value) / 100).toFixed(2).replace(/\.00$/, ''),
  show: (value) => showMoney(value as number | null),
}

export const integer: FieldKind = {
  ...base,
  control: 'number',
  align: 'end',
  parse: (typed) => {
    const digits = singleLine(typed).replace(/[,\s]/g, '')
    return /^-?\d{1,9}$/.test(digits) ? Number(digits) : refuse(text.form.whole)
  },
}

/** One of a few fixed codes, whose names stand in the catalogue. */
export const code: FieldKind = {
  ...base,
  control: 'choice',
  parse: (typed, field, reference) => chosen(typed, field, reference).value,
  show: (value, field, reference) => field.options?.(reference).find((option) => option.value === value)?.label ?? '',
}

/** The id of a dictionary entry, a person or a department. */
export const choice: FieldKind = {
  ...code,
  parse: (typed, field, reference) => Number(chosen(typed, field, reference).value),
  show: (value, field, reference) =>
    field.options?.(reference).find((option) => option.value === String(value))?.label ?? '',
}

function chosen(typed: string, field: Field, reference: Reference): Option {
  return field.options?.(reference).find((option) => option.value === typed) ?? refuse(text.form.choice)
}

export const check: FieldKind = {
  control: 'check',
  parse: (typed) => typed === 'true',
  write: (value) => (value ? 'true' : ''),
  show: (value) => (value ? text.form.yes : text.form.no),
}
