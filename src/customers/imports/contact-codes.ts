import type { Knex } from 'knex'
import { foldKey } from '../../kernel/db/fold-key.ts'
import { addReason } from '../../operation/imports/reading/row.ts'
import { text } from '../../texts/index.ts'
import type { CustomerRow } from './row.ts'

type Holder = { id: number; customer_id: number; code_key: string }

/** Gives a reason to rows whose contact has the code of another one; `isOwn` says whether it is the row's own. */
export async function refuseTakenCodes(
  db: Knex,
  rows: CustomerRow[],
  isOwn: (row: CustomerRow, holder: Holder) => boolean,
) {
  const codes = rows.flatMap(({ values: { contact } }) => (contact?.code ? [foldKey(String(contact.code))] : []))
  if (codes.length === 0) return
  const taken: Holder[] = await db('contacts').whereIn('code_key', codes).select('id', 'customer_id', 'code_key')
  const byCode = new Map(taken.map((holder) => [holder.code_key, holder]))
  for (const row of rows) {
    const holder = row.values.contact?.code ? byCode.get(foldKey(String(row.values.contact.code))) : undefined
    if (holder && !isOwn(row, holder))
      addReason(row, text.contacts.fields.code, String(row.values.contact?.code), text.contacts.codeTaken)
  }
}
