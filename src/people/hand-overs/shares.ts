import type { Knex } from 'knex'
import { customerField } from '../../customers/customers/fields.ts'
import type { Reference } from '../../kernel/reference.ts'
import type { Field } from '../../kernel/web/fields.ts'
import { type Body, type FieldError, fieldError, readForm, switchedOffErrors } from '../../kernel/web/form.ts'
import { showCount } from '../../kernel/web/formatting.ts'
import { text } from '../../texts/index.ts'

const t = text.handovers

/** How records are dealt out: to one person, in turns to several, or by what stands in a field of each. */
export type Way = 'one' | 'even' | 'level_id' | 'region_id'
export type Shares = {
  way: Way
  receivers: { value: number | null; receiver: number }[]
  /** What moves, by the names of its tables; customers where it says nothing. */
  modules?: string[]
}

export const ways = Object.keys(t.ways) as Way[]

const mostReceivers = 6

/** The fields in which the receivers are chosen; where it goes by a field, one for each value that occurs. */
export async function shareFields(
  db: Knex,
  { id: giverId, receiver: receiverField }: { id: number; receiver: Field },
  way: Way,
  reference: Reference,
): Promise<Field[]> {
  if (way === 'one') return [{ ...receiverField, name: 'receiver_1' }]
  if (way === 'even')
    return Array.from({ length: mostReceivers }, (_, at) => ({
      ...receiverField,
      name: `receiver_${at + 1}`,
      label: t.receivers(at + 1),
      isRequired: false,
      hint: at === 0 ? t.evenHint : undefined,
    }))
  const field = customerField(way)
  const rows: { value: number | null; customer_count: number }[] = await db('customers')
    .where({ owner_id: giverId })
    .groupBy(way)
    .orderBy(way)
    .select(`${way} as value`)
    .count({ customer_count: '*' })
  return rows.map(({ value, customer_count }) => ({
    ...receiverField,
    name: `receiver_of_${value ?? 0}`,
    label: field.kind.show(value, field, reference) || t.none(field.label),
    hint: t.share(showCount(customer_count)),
  }))
}

/** Reads who receives what; the giver, those who left and those who see no customers receive nothing. */
export function readShares(
  fields: Field[],
  typed: Body,
  { way, reference }: { way: Way; reference: Reference },
): { shares: Shares; errors: FieldError[] } {
  const { values, errors } = readForm(fields, typed, reference)
  errors.push(...switchedOffErrors(fields, values, reference))
  const receivers = fields.flatMap(({ name }) => {
    const receiver = values[name] as number | null
    return receiver ? [{ value: Number(name.replace(/^receiver_(of_)?/, '')) || null, receiver }] : []
  })
  const [first] = fields
  if (first && receivers.length === 0 && errors.length === 0) errors.push(fieldError(first, t.receiverMissing))
  return { shares: { way, receivers: way === 'even' ? once(receivers) : receivers }, errors }
}

/** A receiver chosen twice gets one share all the same. */
const once = (receivers: Shares['receivers']) =>
  receivers.filter(({ receiver }, at) => receivers.findIndex((other) => other.receiver === receiver) === at)

/** Who gets a record; `at` counts those that moved before. What fits no share, since it has no such field or changed meanwhile, goes to the first. */
export function receiverOf({ way, receivers }: Shares, record: Record<string, unknown>, at: number): number {
  const [first] = receivers as [Shares['receivers'][number]]
  if (way === 'even') return (receivers[at % receivers.length] ?? first).receiver
  if (way === 'one') return first.receiver
  return (receivers.find(({ value }) => value === (record[way] ?? null)) ?? first).receiver
}
