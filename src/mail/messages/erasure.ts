import type { Knex } from 'knex'
import { purgeFiles } from '../../kernel/files/file.ts'

/** What was written at records that go for good goes with them; what was written to those that hang on others stays there. */
export async function eraseMail(trx: Knex, record_type: string, ids: number[]) {
  const at = (table: string) => trx(table).where({ record_type }).whereIn('record_id', ids)
  await at('mail_messages').delete()
  const drafts: number[] = await at('mailings').pluck('id')
  for (const record_id of drafts) await purgeFiles(trx, { record_type: 'mailings', record_id })
  await at('mailings').update({ record_type: null, record_id: null, recipient_type: null, recipient_id: null })
  for (const table of ['mail_messages', 'mailings'])
    await trx(table)
      .where({ recipient_type: record_type })
      .whereIn('recipient_id', ids)
      .update({ recipient_type: trx.ref('record_type'), recipient_id: trx.ref('record_id') })
}
