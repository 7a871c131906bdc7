import type { Knex } from 'knex'
import type { Config } from '../config.ts'
import { currentRevision } from '../kernel/db/cache-revision.ts'
import { settleRepeatedKeys } from '../kernel/db/repeated-keys.ts'
import { refreshStatistics } from '../kernel/db/statistics.ts'
import { removePurged } from '../kernel/files/file.ts'
import { fileFolder, removeUnfinished } from '../kernel/files/storage.ts'
import { madeFolder, removeOldMadeFiles } from '../kernel/made-files/made-file.ts'
import { forgetActs } from '../kernel/selections/act.ts'
import { forgetSelections } from '../kernel/selections/selection.ts'
import { settingsAt } from '../kernel/settings/settings.ts'
import { forgetOldDrafts } from '../kernel/web/form-drafts.ts'
import { endOldSessions } from '../kernel/web/session.ts'
import { removeUnfinished as removeUnfinishedBackups } from '../operation/backups/place.ts'
import { removeOldStaged } from '../operation/backups/staging.ts'
import { removeOldFiles } from '../operation/imports/reading/old-files.ts'
import { longestPending } from '../people/sign-in/pending.ts'

const day = 86_400_000
const before = (ago: number) => new Date(Date.now() - ago).toISOString()

/** What a program that was killed left half done; nobody else works with a file of SQLite, so nothing of it is needed. */
export async function clearUnfinished(config: Config) {
  if (config.database.client === 'mssql') return
  const whateverItsAge = Number.NEGATIVE_INFINITY
  await removeOldStaged(config, whateverItsAge)
  await removeUnfinishedBackups(config.dataDir, whateverItsAge)
  await removeUnfinished(fileFolder(config.dataDir), whateverItsAge)
}

/**
 * Removes what is of no use any more: sessions and sign-ins past their time, what was typed and not saved, the ids of forms sent and what was selected days ago, batch acts nobody can take back any more, the content of
 * files that went for good, uploads that never came to an end, files that were imported a month ago and those that were
 * made a week ago. The operation log grows most, so the database is told anew how it is made up. Texts that stood twice and
 * no longer do are forgotten.
 */
export async function tidy(db: Knex, dataDir: string) {
  await endOldSessions(db, await settingsAt(db, await currentRevision(db)))
  await db('sign_ins').where('created_at', '<', before(longestPending)).delete()
  await db('sender_failures')
    .where('failed_at', '<', before(2 * day))
    .delete()
  await db('submissions')
    .where('created_at', '<', before(2 * day))
    .delete()
  await forgetOldDrafts(db)
  await forgetSelections(db, before(2 * day))
  await forgetActs(db)
  await removePurged(db, fileFolder(dataDir))
  await removeUnfinished(fileFolder(dataDir))
  await removeOldFiles(db, dataDir)
  await removeOldMadeFiles(db, dataDir)
  await removeUnfinished(madeFolder(dataDir))
  await removeUnfinishedBackups(dataDir)
  await settleRepeatedKeys(db)
  await refreshStatistics(db, 'events')
}
