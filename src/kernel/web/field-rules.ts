import { text } from '../../texts/index.ts'
import { isMaskedText } from '../china/masking.ts'
import type { Reference } from '../reference.ts'
import { check, creditCode, email, type Field, type FieldKind, phone, postcode, website } from './fields.ts'
import type { Body, FieldError, FieldGroup, Values } from './form.ts'
import { amount, bankAccount, birthday, comingDay, identityNumber, pastDay, points } from './ruled-kinds.ts'

const isNothing = (value: unknown) => value === null || value === undefined || value === ''

/**
 * What is wrong with one value. What was stored before may stay, and what has a box to keep it on purpose may be kept.
 * Form, import and batch act ask here (through readForm).
 */
export function mistakeOf(
  field: Field,
  value: unknown,
  { typed = {}, before = {} }: { typed?: Body; before?: Values },
) {
  if (isNothing(value) || value === before[field.name]) return undefined
  if (field.keep && [typed[field.keep.name]].flat().at(-1) === 'true') return undefined
  const mistake = field.kind.mistake?.(value, field)
  return mistake && field.keep ? mistake + text.form.rules.mayBeKept(field.keep.label) : mistake
}

/** What is wrong with a value that is stored, where it is shown whole. */
export const mistakeShown = (field: Field, value: unknown): string | undefined =>
  isNothing(value) || isMaskedText(String(value)) ? undefined : field.kind.mistake?.(value, field)

/** What is odd about a value that is kept all the same. */
export const doubtOf = ({ kind }: Field, value: unknown): string | undefined =>
  isNothing(value) ? undefined : kind.doubt?.(value)

/** The same on a card, where nothing is said of what is not shown whole. */
export const doubtShown = (field: Field, value: unknown): string | undefined =>
  isMaskedText(String(value ?? '')) ? undefined : doubtOf(field, value)

/** The same of all fields of a record that are new in it. */
export const doubtsIn = (fields: Field[], values: Values, before: Values = {}): FieldError[] =>
  fields.flatMap((field) => {
    const value = values[field.name]
    const message = value === before[field.name] ? undefined : doubtOf(field, value)
    return message ? [{ field: field.name, label: field.label, message }] : []
  })

/** The box that keeps a value although it is wrong, as a field of its own. */
const keepBox = ({ keep }: Field): Field[] => (keep ? [{ ...keep, kind: check }] : [])
export const keepBoxes = (fields: Field[]): Field[] => fields.flatMap(keepBox)

/** Groups with the boxes that keep what is wrong, behind the fields where something is. */
export const withKeepBoxes = (groups: FieldGroup[], typed: Body, errors: FieldError[]): FieldGroup[] =>
  groups.map((group) => ({
    ...group,
    fields: group.fields.flatMap((field) => {
      const isWrong = errors.some(({ field: name }) => name === field.name)
      return field.keep && (isWrong || typed[field.keep.name] === 'true') ? [field, ...keepBox(field)] : [field]
    }),
  }))

/** The kinds that are looked at while one types, by the names the pages call them. */
const ruled: Record<string, FieldKind> = {
  phone,
  email,
  website,
  postcode,
  credit_code: creditCode,
  identity_number: identityNumber,
  bank_account: bankAccount,
  amount,
  points,
  past_day: pastDay,
  birthday,
  coming_day: comingDay,
}

export const ruleName = ({ kind }: Field): string | undefined => Object.keys(ruled).find((name) => ruled[name] === kind)

export type Remark = { level: 'error' | 'doubt' | ''; sentence: string }

/** What a rule says to something typed; '' where there is nothing to say. */
export function remarkOn(rule: string, typed: string, reference: Reference): Remark {
  const kind = Object.hasOwn(ruled, rule) ? ruled[rule] : undefined
  if (!kind || typed === '') return { level: '', sentence: '' }
  try {
    const field = { name: '', label: '', kind }
    const value = kind.parse(typed, field, reference)
    const mistake = kind.mistake?.(value, field)
    return mistake ? { level: 'error', sentence: mistake } : doubtful(kind.doubt?.(value))
  } catch (sentence) {
    if (typeof sentence !== 'string') throw sentence
    return { level: 'error', sentence }
  }
}

const doubtful = (sentence = ''): Remark => ({ level: sentence && 'doubt', sentence })
