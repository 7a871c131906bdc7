import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { NewerDatabase } from '../kernel/db/migrate.ts'
import { text } from '../texts/index.ts'

const t = text.server

/** Why the program cannot start, as a sentence that says what to do. */
export class StartProblem extends Error {}

/**
 * Refuses a database whose log was taken away: SQLite would open it without a word, and what was saved last would be gone.
 * The index of the log goes with it when everything is closed; left alone, it says that there was one.
 */
export function refuseLostLog({ database }: Config) {
  if (database.client !== 'better-sqlite3' || !existsSync(database.file)) return
  const [log, index] = [`${database.file}-wal`, `${database.file}-shm`]
  if (existsSync(index) && !existsSync(log)) throw new StartProblem(t.logMissing(database.file, log, index))
}

/** What is wrong with the database or the disk, as a sentence; undefined for a fault of the program. */
export function startProblem(error: unknown, { database, dataDir }: Config): string | undefined {
  if (error instanceof StartProblem) return error.message
  if (error instanceof NewerDatabase) return t.databaseNewer(error.migrations.length)
  const { code = '', message = '' } = error as { code?: string; message?: string }
  if (database.client === 'mssql') return code ? t.databaseRefused(message) : undefined
  const { file } = database
  if (/^SQLITE_(NOTADB|CORRUPT)/.test(code)) return t.databaseDamaged(file, join(dataDir, 'backups'))
  if (/^(SQLITE_FULL|ENOSPC|EDQUOT)/.test(code)) return t.diskFull(dataDir)
  if (/^(SQLITE_(CANTOPEN|READONLY|PERM|AUTH)|EACCES|EPERM|EROFS)/.test(code)) return t.databaseClosed(file)
  if (/^(SQLITE_IOERR|EIO)/.test(code)) return t.diskFailing(file)
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) return t.databaseBusy(file)
  return code.startsWith('SQLITE_') ? t.databaseRefused(message) : undefined
}
