import type { Knex } from 'knex'
import { eventsBy } from '../../kernel/history/history.ts'
import { showInstant } from '../../kernel/web/formatting.ts'
import { text } from '../../texts/index.ts'

/** Long enough for who comes back after a long weekend. */
const shownMs = 4 * 86_400_000

/** What the sign-in says for some days after the data were set back: to when, by whom and when. */
export async function restorationNotice(db: Knex): Promise<string | undefined> {
  const [event] = await eventsBy(db, { record_type: 'backups', action: 'restore-backup' }, 1)
  if (!event || Date.now() - Date.parse(event.occurred_at) > shownMs) return undefined
  const madeAt = event.changes.find(({ field }) => field === 'made_at')?.afterText ?? ''
  return text.sessions.restored(madeAt, event.user_name ?? '', showInstant(event.occurred_at))
}
