import { randomUUID } from 'node:crypto'
import type { Knex } from 'knex'
import { isUniqueViolation } from '../db/dialect.ts'

/** A one-time id for a form that makes something new, so that a double click makes it once. */
export const newFormId = () => randomUUID()

/**
 * Does the work of a form once, in one transaction; a second sending of the same form answers the address of the first.
 * Forms without an id (from outside a page) are done as they come.
 */
export async function once(
  db: Knex,
  formId: unknown,
  work: (trx: Knex.Transaction) => Promise<string>,
): Promise<string> {
  const form_id = typeof formId === 'string' && /^[\w-]{8,64}$/.test(formId) ? formId : newFormId()
  try {
    return await db.transaction(async (trx) => {
      await trx('submissions').insert({ form_id, location: '', created_at: new Date().toISOString() })
      const location = await work(trx)
      await trx('submissions').where({ form_id }).update({ location })
      return location
    })
  } catch (error) {
    const earlier = isUniqueViolation(error) && (await db('submissions').where({ form_id }).first('location'))
    if (earlier) return earlier.location
    throw error
  }
}
