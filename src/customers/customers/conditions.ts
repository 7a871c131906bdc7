import type { Knex } from 'knex'
import type { Reference } from '../../kernel/reference.ts'
import { type ConditionField, conditionField, instantField } from '../../kernel/web/conditions.ts'
import { departmentConditions } from '../../kernel/web/department-conditions.ts'
import type { Field } from '../../kernel/web/fields.ts'
import { text } from '../../texts/index.ts'
import { customerFields } from './fields.ts'

const levels = { province_code: 1, city_code: 2, district_code: 3 } as const

/** Provinces are few enough to be chosen; cities and districts are typed, and those whose name begins so are meant. */
const provinces = (field: Field): ConditionField => ({
  ...conditionField('customers', { ...field, options: provinceOptions }),
  parse: (typed, reference) => provinceOptions(reference).find(({ value }) => value === typed)?.value,
})

const provinceOptions = (reference: Reference) =>
  reference.divisionsBelow(null).map(({ code, name }) => ({ value: code, label: name }))

const named = (field: Field): ConditionField => ({
  ...conditionField('customers', field),
  operators: ['is', 'empty', 'filled'],
  parse: (typed, reference) => divisionCodes(levels[field.name as keyof typeof levels], typed, reference),
  apply: (query, { operator, values }) => {
    const column = `customers.${field.name}`
    if (operator === 'empty') return query.whereNull(column)
    return operator === 'filled' ? query.whereNotNull(column) : query.whereIn(column, values.flat() as string[])
  },
})

function divisionCodes(level: number, typed: string, reference: Reference): string[] {
  const codes = (above: string | null, depth: number): string[] =>
    reference
      .divisionsBelow(above)
      .flatMap(({ code, name }) => (depth < level ? codes(code, depth + 1) : name.startsWith(typed) ? [code] : []))
  return codes(null, 1)
}

/** Tags stand in a table of their own. */
const tagged = (field: Field): ConditionField => ({
  ...conditionField('customers', field),
  column: undefined,
  operators: ['in', 'empty', 'filled'],
  parse: (typed, reference) => field.options?.(reference).find(({ value }) => value === typed) && Number(typed),
  apply: (query, { operator, values }) => {
    const has = (tags: Knex.QueryBuilder) => {
      tags.from('customer_tags').select('customer_id')
      if (operator === 'in') tags.whereIn('tag_id', values as number[])
    }
    return operator === 'empty' ? query.whereNotIn('customers.id', has) : query.whereIn('customers.id', has)
  },
})

const special: Record<string, (field: Field) => ConditionField> = {
  province_code: provinces,
  city_code: named,
  district_code: named,
  tag_ids: tagged,
}

/** What a condition can be about: every field of the customer file, its tags, and when it was written. */
export const customerConditions: ConditionField[] = [
  ...customerFields.map((field) => special[field.name]?.(field) ?? conditionField('customers', field)),
  ...departmentConditions('customers.owner_id', { within: 'department_id', itself: 'own_department_id' }),
  instantField('created_at', text.customers.createdAt, 'customers.created_at'),
  instantField('updated_at', text.customers.updatedAt, 'customers.updated_at'),
]
