import type { Knex } from 'knex'
import { text } from '../texts/index.ts'
import { addReason, type ReadRow } from './row.ts'

type Holder = { id: number; customer_id: number; code: string }

/** Gives a reason to rows whose contact has the code of another one; `isOwn` says whether it is the row's own. */
export async function refuseTakenCodes(db: Knex, rows: ReadRow[], isOwn: (row: ReadRow, holder: Holder) => boolean) {
  const codes = rows.flatMap(({ contact }) => (contact?.code ? [String(contact.code)] : []))
  if (codes.length === 0) return
  const taken: Holder[] = await db('contacts').whereIn('code', codes).select('id', 'customer_id', 'code')
  const byCode = new Map(taken.map((holder) => [holder.code.toLowerCase(), holder]))
  for (const row of rows) {
    const holder = row.contact?.code ? byCode.get(String(row.contact.code).toLowerCase()) : undefined
    if (holder && !isOwn(row, holder))
      addReason(row, text.contacts.fields.code, String(row.contact?.code), text.contacts.codeTaken)
  }
}
