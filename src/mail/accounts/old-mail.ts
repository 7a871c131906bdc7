import type { Knex } from 'knex'
import { whereIdIn } from '../../kernel/db/dialect.ts'
import { purgeFiles } from '../../kernel/files/file.ts'
import { activeStates } from '../../kernel/jobs/job.ts'

const mailingsAtOnce = 200

/** What was given to be sent before an instant, and nobody works at any more; drafts are their writers' own. */
const oldMailings = (db: Knex, before: string) =>
  db('mailings')
    .where('started_at', '<', before)
    .where((ended) =>
      ended.whereNull('job_id').orWhereNotIn('job_id', db('jobs').whereIn('state', activeStates).select('id')),
    )

/** How many messages a cleanup would remove. */
export async function countOldMail(db: Knex, before: string): Promise<number> {
  const row = await db('mail_messages')
    .whereIn('mailing_id', oldMailings(db, before).select('id'))
    .count({ row_count: '*' })
    .first()
  return Number(row?.row_count ?? 0)
}

/** Removes old mail with its attachments; the history of the customers goes on telling that it was sent. */
export async function removeOldMail(trx: Knex, before: string): Promise<number> {
  for (let removed = 0; ; ) {
    const ids: number[] = await oldMailings(trx, before).orderBy('id').limit(mailingsAtOnce).pluck('id')
    if (ids.length === 0) return removed
    for (const record_id of ids) await purgeFiles(trx, { record_type: 'mailings', record_id })
    removed += await whereIdIn(trx('mail_messages'), 'mailing_id', ids).delete()
    await whereIdIn(trx('mailings'), 'id', ids).delete()
  }
}
