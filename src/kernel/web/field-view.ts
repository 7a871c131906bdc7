import { text } from '../../texts/index.ts'
import type { Reference } from '../reference.ts'
import { remarkOn, ruleName } from './field-rules.ts'
import type { Field } from './fields.ts'
import type { FieldError } from './form.ts'
import { linkedId, shownLink } from './link-kind.ts'
import { valuesIn } from './multi-value.ts'
import type { Option } from './options.ts'

/** A field of a form as views/shared/_field.eta wants it. */
export function fieldView(field: Field, typed: Record<string, unknown>, errors: FieldError[], reference: Reference) {
  const value = typed[field.name] === undefined || typed[field.name] === null ? '' : String(typed[field.name])
  return {
    name: field.name,
    label: field.label,
    kind: field.kind.control,
    value,
    isRequired: field.isRequired ?? false,
    hint: field.hint ?? field.kind.hint,
    rule: ruleName(field),
    help: field.kind.help,
    remark: remarkOf(field, value, reference),
    error: errors.find((error) => error.field === field.name)?.message,
    options: field.options && optionViews(field.options(reference), field.kind.isMany ? valuesIn(value) : value),
    maxLength: field.max,
    isWide: field.isWide,
    rows: field.rows,
    autocomplete: field.autocomplete,
    ...(field.kind.control === 'link' && linkParts(field, value)),
  }
}

/** What stands in the field of a link: the name of a record, or what was typed and is none or one of several. */
function linkParts(field: Field, written: string) {
  const { name, label, matches = [], hint, to = '' } = field
  const id = linkedId(written)
  const value = shownLink(field, written)
  return {
    value,
    hint: hint ?? text.form.link.hint,
    pick: id === undefined ? '' : `${id}|${value}`,
    matches: matches.map((match) => ({
      value: `${match.id}|${written}`,
      label: text.form.link.match(match.name, match.code),
    })),
    lookUp: { href: `/look-ups/${to}?field=${encodeURIComponent(name)}`, label: text.form.link.lookFor(label) },
  }
}

/** What is odd about what stands in a field; what is wrong is said as its error. */
function remarkOf(field: Field, value: string, reference: Reference) {
  const { level, sentence } = remarkOn(ruleName(field) ?? '', value, reference)
  return level === 'doubt' ? sentence : ''
}

/** Switched-off options are offered only where they are already chosen. */
export const optionViews = (options: Option[], chosen: string | string[]) =>
  options
    .map((option) => ({ ...option, isSelected: [chosen].flat().includes(option.value) }))
    .filter(({ isActive, isSelected }) => isActive !== false || isSelected)
    .map(({ value, label, depth = 0, isSelected }) => ({ value, label: '\u3000'.repeat(depth) + label, isSelected }))
