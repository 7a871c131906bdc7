import { text } from '../../texts/index.ts'
import { cleanText } from '../china/text.ts'
import type { Reference } from '../reference.ts'
import { mistakeOf } from './field-rules.ts'
import type { Field } from './fields.ts'

export type Body = Record<string, unknown>
export type Values = Record<string, unknown>
/** `isMistake`: by a rule of the field's kind, which what stood in the record before may break. */
export type FieldError = { field: string; label: string; message: string; isMistake?: true }
/** Fields under one heading; `only` stand there where this option is chosen in the form (public/css/8-form.css). */
export type FieldGroup = { title: string; fields: Field[]; only?: string }

/** What was typed into a field, as one clean text (kernel/china/text.ts), trimmed. */
export const typedIn = (body: Body, name: string): string => cleanText(lastIn(body, name)).trim()

/** A password is what its keys said, every sign of it. */
const passwordIn = (body: Body, name: string): string => lastIn(body, name).trim()

function lastIn(body: Body, name: string): string {
  const value = body[name]
  return String((Array.isArray(value) ? value.at(-1) : value) ?? '')
}

/** All that was chosen in a field with many values, joined by commas. */
const chosenIn = (body: Body, name: string): string => cleanText([body[name] ?? []].flat().map(String).join(','))

/**
 * Reads declared fields out of a form; empty becomes null. Everything not declared is left out. What stood in the record
 * `before` is not refused.
 */
export function readForm(
  fields: Field[],
  body: Body,
  reference: Reference,
  before: Values = {},
): { values: Values; errors: FieldError[] } {
  const values: Values = {}
  const errors: FieldError[] = []
  for (const field of fields) {
    // Of sixty fields a row of a file has twenty.
    if (body[field.name] === undefined && !field.isRequired && field.kind.control !== 'check') {
      values[field.name] = null
      continue
    }
    try {
      const value = readField(field, readerOf(field)(body, field.name), reference)
      values[field.name] = value
      const mistake = field.kind.mistake && mistakeOf(field, value, { typed: body, before })
      if (mistake) errors.push({ ...fieldError(field, mistake), isMistake: true })
    } catch (sentence) {
      if (typeof sentence !== 'string') throw sentence
      const kept = (isFree(field) && typedIn(body, field.name)) || undefined
      if (kept !== undefined) values[field.name] = kept
      if (kept === undefined) errors.push(fieldError(field, sentence))
      else if (kept !== before[field.name]) errors.push({ ...fieldError(field, sentence), isMistake: true })
    }
  }
  return { values, errors }
}

/** Whether a text stood in such a field that its kind does not read any more. */
const isFree = ({ kind, options }: Field) => !options && ['text', 'email', 'url'].includes(kind.control)

const readerOf = ({ kind }: Field) => (kind.isMany ? chosenIn : kind.control === 'password' ? passwordIn : typedIn)

/** What is wrong with values that were newly chosen although they are switched off; what is stored already may stay. */
export const switchedOffErrors = (
  fields: Field[],
  values: Values,
  reference: Reference,
  before: Values = {},
): FieldError[] =>
  fields.flatMap((field) => {
    const value = values[field.name]
    if ((value ?? null) === null || value === before[field.name]) return []
    const chosen = field.options?.(reference).find((option) => option.value === String(value))
    if (chosen?.isActive !== false) return []
    const say = chosen.isPerson ? text.form.left : text.form.switchedOff
    return [fieldError(field, chosen.refusal ?? say(chosen.label))]
  })

/** The stored value of one field; throws the sentence that says what is wrong. */
export function readField(field: Field, typed: string, reference: Reference): unknown {
  const value = typed === '' && field.kind.control !== 'check' ? null : field.kind.parse(typed, field, reference)
  if ((value === null || value === '') && field.isRequired) throw text.form.required(field.label)
  if (typeof value === 'string' && field.max && lengthOf(value, field) > field.max) throw text.form.tooLong(field.max)
  return value === '' ? null : value
}

const lengthOf = (value: string, { kind }: Field) => (kind.isCountedInUnits ? value.length : [...value].length)

export const fieldError = (field: { name: string; label: string }, message: string): FieldError => ({
  field: field.name,
  label: field.label,
  message,
})

/** What stands in the fields of a form: of a stored record, or of what was just typed. */
export const written = (fields: Field[], values: Values): Record<string, string> =>
  Object.fromEntries(fields.map((field) => [field.name, field.kind.write(values[field.name])]))

/** Groups without some of their fields, by name. */
export const withoutFields = (groups: FieldGroup[], names: ReadonlySet<string>): FieldGroup[] =>
  groups.map((group) => ({ ...group, fields: group.fields.filter(({ name }) => !names.has(name)) }))
