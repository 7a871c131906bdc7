import { readFileSync } from 'node:fs'
import type { Knex } from 'knex'
import { followUps } from '../../src/customers/follow-ups/follow-ups.ts'
import { addRecord } from '../../src/kernel/modules/records.ts'
import type { Reference } from '../../src/kernel/reference.ts'

type Said = { method: string; result: string; content: string; next: string | null }
const said: Said[] = JSON.parse(readFileSync(new URL('follow-ups.json', import.meta.url), 'utf8'))

const dayMs = 86_400_000
/** Of so many days back there are records, several a day. */
const days = 45

/** What was said with some customers in the last weeks, by those whose they are, in office hours of China. */
export async function addFollowUps(trx: Knex, reference: Reference, ids: number[]) {
  const entry = (dictionary: string, label: string) =>
    reference.dictionary(dictionary).find((one) => one.label === label)?.id ?? null
  const customers = await trx('customers').whereIn('id', ids).select('id', 'owner_id', 'next_contact_on')
  const midnight = Date.parse(`${new Date(Date.now() + dayMs / 3).toISOString().slice(0, 10)}T00:00:00+08:00`)
  for (const [at, { id, owner_id, next_contact_on }] of customers.entries()) {
    const { method, result, content, next } = said[at % said.length] as Said
    const back = 1 + Math.floor(((customers.length - at) * days) / customers.length)
    const main = await trx('contacts').where({ customer_id: id, is_main: true }).first('id')
    const person = reference.people.find((one) => one.id === owner_id)
    await addRecord(
      trx,
      followUps,
      {
        customer_id: id,
        contact_id: main?.id ?? null,
        content,
        contacted_at: new Date(
          midnight - back * dayMs + (9 + (at % 8)) * 3_600_000 + (at % 4) * 15 * 60_000,
        ).toISOString(),
        method_id: entry('follow-up-methods', method),
        result_id: entry('follow-up-results', result),
        next_contact_on,
        next_content: next_contact_on === null ? null : next,
        user_id: owner_id,
      },
      { id: owner_id, name: person?.name ?? '', address: null },
    )
  }
}
