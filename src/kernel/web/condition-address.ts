import { text } from '../../texts/index.ts'
import type { Reference } from '../reference.ts'
import { type Condition, type ConditionField, makeCondition, most, type Operator } from './conditions.ts'

/** Something in an address that nobody understands: the parameter, what it is about, what it says of it, and why that is nothing. */
export type Unread = { name: string; label: string; written: string; why?: string | undefined }

/** Reads `field:operator:values` out of an address, and tells apart what is not declared or makes no sense. */
export function readConditions(
  fields: ConditionField[],
  typed: unknown,
  reference: Reference,
): { conditions: Condition[]; unread: Unread[] } {
  const texts = [...new Set([typed ?? []].flat().map(String))].filter(Boolean).slice(0, most.conditions)
  const read = texts.map((text) => ({ text, condition: readCondition(fields, text, reference) }))
  return {
    conditions: read.flatMap(({ condition }) => condition ?? []),
    unread: read.flatMap(({ text, condition }) => (condition ? [] : unreadOf(fields, text))),
  }
}

function unreadOf(fields: ConditionField[], typed: string): Unread[] {
  const [name = '', , ...values] = typed.split(':')
  const field = fields.find((one) => one.name === name)
  return [
    { name: 'f', label: field?.label ?? text.list.condition, written: shortened(field ? values.join(':') : typed) },
  ]
}

/** As much of it as a sentence bears. */
export const shortened = (written: string) => [...written].slice(0, most.characters).join('')

function readCondition(fields: ConditionField[], typed: string, reference: Reference): Condition | undefined {
  const [, name, operator, rest = ''] = /^(\w+):(\w+)(?::(.*))?$/s.exec(typed) ?? []
  const field = fields.find((field) => field.name === name)
  if (!field?.operators.includes(operator as Operator)) return undefined
  return makeCondition(field, operator as Operator, partsOf(operator as Operator, rest), reference)
}

const partsOf = (operator: Operator, rest: string) =>
  operator === 'in' || operator === 'between' ? rest.split(',').slice(0, most.values) : [rest]

/** How a condition stands in an address. */
export const conditionAddress = ({ field, operator, said }: Condition) =>
  [field.name, operator, ...(said.length > 0 ? [said.join(',')] : [])].join(':')
