import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import { startOfDay } from '../china/clock.ts'
import { parseDay } from '../china/day.ts'
import { singleLine } from '../china/text.ts'
import { contains, isText } from '../db/dialect.ts'
import { foldKey } from '../db/fold-key.ts'
import { keyColumn } from '../db/keyed-texts.ts'
import type { MaskGroup } from '../permissions.ts'
import type { Reference } from '../reference.ts'
import type { Field } from './fields.ts'
import { shownLink } from './link-kind.ts'
import type { Option } from './options.ts'
import type { Viewer } from './viewer.ts'

export type Operator = 'is' | 'in' | 'contains' | 'between' | 'empty' | 'filled'

/** A field of a list that a condition can be about. */
export type ConditionField = {
  name: string
  label: string
  /** Of the table of the list, with its name; conditions about something else bring their own `apply`. */
  column?: string
  operators: Operator[]
  /** Those who must not read the field whole must not find anybody by it either. */
  mask?: MaskGroup
  control: 'text' | 'choice' | 'day' | 'number'
  /** The field where it points at records: its values are codes, names, or `id:17`. */
  link?: Field
  options?(reference: Reference): Option[]
  /** What is compared for what stands in the address; undefined when it makes no sense. */
  parse(typed: string, reference: Reference): unknown
  apply?(query: Knex.QueryBuilder, condition: Condition, asking?: Asking): Knex.QueryBuilder
}

/** Who asks for a list: what is found by something else must be theirs to see. */
export type Asking = { db: Knex; viewer: Viewer }

/** `values` are compared; `said` are their texts in the address, where an open end of a span is ''. */
export type Condition = { field: ConditionField; operator: Operator; said: string[]; values: unknown[] }

export const most = { conditions: 10, values: 100, characters: 50 }
const withValues: Operator[] = ['is', 'in', 'contains', 'between']
export const takesValues = (operator: Operator) => withValues.includes(operator)

const operatorsOf: Record<ConditionField['control'], Operator[]> = {
  text: ['contains', 'is', 'empty', 'filled'],
  choice: ['is', 'in', 'empty', 'filled'],
  day: ['between', 'is', 'empty', 'filled'],
  number: ['between', 'is', 'empty', 'filled'],
}

/** The condition about a declared field; its operators follow from the kind of the field. */
export function conditionField(table: string, field: Field, more: Partial<ConditionField> = {}): ConditionField {
  if (field.kind.control === 'check') return checkCondition(table, field)
  if (field.kind.control === 'instant') return instantCondition(table, field)
  const { name, label, options } = field
  const control = options ? 'choice' : controlOf(field)
  const operators = operatorsOf[control].filter((operator) => !field.isRequired || takesValues(operator))
  return {
    name,
    label,
    column: `${table}.${name}`,
    operators,
    mask: field.mask,
    control,
    options,
    parse: (typed, reference) => parsed(field, control, typed, reference),
    ...more,
  }
}

/** About a field that is ticked or not; there is no third state. */
const checkCondition = (table: string, { name, label }: Field): ConditionField => ({
  name,
  label,
  column: `${table}.${name}`,
  operators: ['in'],
  control: 'choice',
  options: () => [
    { value: 'true', label: text.form.yes },
    { value: 'false', label: text.form.no },
  ],
  parse: (typed) => (['true', 'false'].includes(typed) ? typed === 'true' : undefined),
})

function controlOf({ kind: { control } }: Field): ConditionField['control'] {
  if (control === 'day') return 'day'
  return control === 'money' || control === 'number' || control === 'decimal' ? 'number' : 'text'
}

/** A text that is no proper telephone number or address is looked for as it was typed. */
function parsed(field: Field, control: ConditionField['control'], typed: string, reference: Reference): unknown {
  try {
    return field.kind.parse(typed, field, reference)
  } catch (sentence) {
    if (typeof sentence !== 'string') throw sentence
    return control === 'text' ? singleLine(typed) : undefined
  }
}

/** A condition about an instant, by days in China. */
export const instantField = (name: string, label: string, column: string): ConditionField => ({
  name,
  label,
  column,
  operators: ['between', 'is'],
  control: 'day',
  parse: (typed) => parseDay(typed),
  apply: (query, { operator, values: [from, to = operator === 'is' ? from : null] }) =>
    inDays(query, column, from as string | null, to as string | null),
})

/** Narrows to the instants between two days in China, both of them included; either may be open. */
export function inDays(query: Knex.QueryBuilder, column: string, from?: string | null, to?: string | null) {
  if (from) query.where(column, '>=', startOfDay(from))
  if (to) query.where(column, '<', startOfDay(to, 1))
  return query
}

/** The same about a declared field, in which there may be none. */
function instantCondition(table: string, { name, label, mask, isRequired }: Field): ConditionField {
  const days = instantField(name, label, `${table}.${name}`)
  const { column = '' } = days
  return {
    ...days,
    mask,
    operators: [...days.operators, ...(isRequired ? [] : (['empty', 'filled'] as const))],
    apply: (query, condition) =>
      takesValues(condition.operator) ? (days.apply?.(query, condition) ?? query) : compare(query, column, condition),
  }
}

/** A condition of texts as they are typed; undefined when they say nothing. */
export function makeCondition(
  field: ConditionField,
  operator: Operator,
  typed: string[],
  reference: Reference,
): Condition | undefined {
  if (!takesValues(operator)) return { field, operator, said: [], values: [] }
  const clean = typed.map((one) => cleaned(field, one))
  if (operator === 'between') return span(field, clean, reference)
  const said = [...new Set(clean)].filter((one) => one !== '')
  if (operator === 'contains') return said[0] === undefined ? undefined : { field, operator, said, values: said }
  const values = said.map((one) => field.parse(one, reference))
  return said.length === 0 || values.includes(undefined) ? undefined : { field, operator, said, values }
}

/** The comma parts the values in an address, so numbers lose theirs. */
const cleaned = ({ control }: ConditionField, typed: string) =>
  [...singleLine(control === 'number' ? typed.replace(/[,\uff0c]/g, '') : typed)].slice(0, most.characters).join('')

function span(field: ConditionField, [from = '', to = '']: string[], reference: Reference): Condition | undefined {
  const values = [from, to].map((one) => (one === '' ? null : field.parse(one, reference)))
  const isSaid = values.some((value) => value !== null) && !values.includes(undefined)
  return isSaid ? { field, operator: 'between', said: [from, to], values } : undefined
}

/** How a person reads it: the operator, and the values by their names. */
export function conditionText(
  { field, operator, said }: Condition,
  reference: Reference,
  links?: ReadonlyMap<string, Field>,
): string {
  const words = text.list.operators[operator]
  if (!takesValues(operator)) return words
  if (operator === 'between') return text.list.between(said[0] ?? '', said[1] ?? '')
  const options = field.options?.(reference)
  const link = field.link && links?.get(field.name)
  const shown = (one: string) =>
    link ? shownLink(link, one) : (options?.find(({ value }) => value === one)?.label ?? one)
  return `${words} ${text.common.listed(said.map(shown))}`
}

/** Narrows a query to the rows that meet every condition. */
export function applyConditions(query: Knex.QueryBuilder, conditions: Condition[], asking?: Asking): Knex.QueryBuilder {
  for (const condition of conditions)
    if (condition.field.apply) condition.field.apply(query, condition, asking)
    else if (condition.field.column) compare(query, condition.field.column, condition)
  return query
}

export function compare(query: Knex.QueryBuilder, column: string, { field, operator, values }: Condition) {
  const [first, last] = values as (string | number | null)[]
  const key = keyColumn(column)
  if (key && operator === 'contains') return contains(query, [key], foldKey(String(first)))
  if (key && operator === 'is') return query.whereIn(key, values.map(String).map(foldKey))
  if (operator === 'empty') return query.whereNull(column)
  if (operator === 'filled') return query.whereNotNull(column)
  if (operator === 'contains') return contains(query, [column], String(first))
  if (operator !== 'between' && field.control === 'text') return isText(query, column, values.map(String))
  if (operator !== 'between') return query.whereIn(column, values as string[])
  if (first !== null && first !== undefined) query.where(column, '>=', first)
  if (last !== null && last !== undefined) query.where(column, '<=', last)
  return query
}
