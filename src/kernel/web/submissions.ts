import { createHash, randomUUID } from 'node:crypto'
import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import { isUniqueViolation } from '../db/dialect.ts'
import type { Body } from './form.ts'

/** A one-time id for a form that makes something new, so that a double click makes it once. */
export const newFormId = () => randomUUID()

/**
 * Does the work of a form once, in one transaction; a second sending of the same form with the same content answers the
 * address of the first. With other content it is another record: somebody went back and typed the next one. Of uploads
 * `sent` says what the file is by its checksum. Forms without an id (from outside a page) are done as they come.
 */
export async function idempotent(
  db: Knex,
  sent: Body,
  work: (trx: Knex.Transaction) => Promise<string>,
): Promise<string> {
  const form_id = keyOf(sent)
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

/** The button that saves and then shows an empty form for the next one. */
export const nextButton = { name: 'and_new', value: 'true', label: text.common.saveAndNew }
export const isNextAsked = (sent: Body) => sent[nextButton.name] === nextButton.value

/**
 * What tells one sending from another: the random id keeps anybody from guessing what was typed, passwords too. By which
 * button it was sent makes no difference.
 */
function keyOf({ [nextButton.name]: _, ...sent }: Body): string {
  const { form_id } = sent
  if (typeof form_id !== 'string' || !/^[\w-]{8,64}$/.test(form_id)) return newFormId()
  const content = Object.entries(sent).sort(([one], [other]) => (one < other ? -1 : 1))
  return createHash('sha256').update(JSON.stringify(content)).digest('hex')
}
