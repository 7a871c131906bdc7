import type { Knex } from 'knex'
import { today } from '../../kernel/china/clock.ts'
import type { Hooks, Run, Stored } from '../../kernel/modules/module.ts'
import { findRecord } from '../../kernel/modules/records.ts'
import type { Values } from '../../kernel/web/form.ts'
import { everybody } from '../../kernel/web/viewers.ts'
import { text } from '../../texts/index.ts'
import { saveCustomer } from '../customers/customer.ts'
import { customers } from '../customers/customers.ts'
import { customerFields } from '../customers/fields.ts'
import { dayOf } from './follow-up.ts'

const t = text.followUps

/** What two people write within so long is written at once. */
const atOnceMs = 10 * 60_000

/** Brings the customer's next day to what a record says, and says so. */
export const tellCustomer: NonNullable<Hooks['saved']> = async (run, after, before) => {
  if (before && before.next_contact_on === after.next_contact_on) return
  const customer = await findRecord(run.trx, customers, everybody, after.customer_id as number)
  const settled = (customer.next_contact_on ?? null) as string | null
  const next = await nextFor(run, after, settled)
  if (next === settled) return
  await changeCustomer(run, customer, { next_contact_on: next })
  if (next === null) return say(run, t.done)
  say(run, t.next(next))
  if (settled !== null && settled >= today()) say(run, t.earlier(settled))
}

const say = ({ remarks }: Run, sentence: string) => void remarks?.push(sentence)

/** The day that holds from now on: what the record says, or a later one that somebody else wrote at the same time. */
async function nextFor(run: Run, after: Stored, settled: string | null): Promise<string | null> {
  const next = (after.next_contact_on ?? null) as string | null
  if (next === null) return settled !== null && settled <= dayOf(after.contacted_at) ? null : settled
  const other = await laterOne(run.trx, after, next)
  if (!other || other.next_contact_on !== settled) return next
  say(run, t.laterStays(other.name, other.next_contact_on))
  return settled
}

/** What another wrote about the same customer just now, with a later day. */
const laterOne = (trx: Knex, { id, customer_id, user_id }: Stored, next: string) =>
  trx('follow_ups')
    .join('users', 'users.id', 'follow_ups.user_id')
    .where('follow_ups.customer_id', customer_id as number)
    .whereNot('follow_ups.id', id)
    .whereNot('follow_ups.user_id', user_id as number)
    .where('follow_ups.created_at', '>=', new Date(Date.now() - atOnceMs).toISOString())
    .where('follow_ups.next_contact_on', '>', next)
    .whereNull('follow_ups.deleted_at')
    .orderBy('follow_ups.next_contact_on', 'desc')
    .first('users.name', 'follow_ups.next_contact_on') as Promise<{ name: string; next_contact_on: string } | undefined>

function changeCustomer({ trx, actor, reference }: Run, customer: Stored, changes: Values) {
  const whole = Object.fromEntries(customerFields.map(({ name }) => [name, customer[name] ?? null]))
  const save = { version: customer.version, values: { ...whole, ...changes }, actor, reference }
  return saveCustomer(trx, customer.id, save)
}
