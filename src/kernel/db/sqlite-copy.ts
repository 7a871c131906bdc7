import Sqlite from 'better-sqlite3'

const pagesAtOnce = 2_000

/**
 * Copies a file of SQLite as it stands at one moment, while others go on writing to it: the reading transaction keeps
 * that moment, without it every write would begin the copy anew. `progress` hears how much is done, of 1.
 */
export async function copySqlite(from: string, to: string, progress: (done: number) => void, signal?: AbortSignal) {
  const source = new Sqlite(from, { fileMustExist: true })
  try {
    source.pragma('busy_timeout = 10000')
    source.exec('begin')
    source.prepare('select count(*) from sqlite_master').get()
    await source.backup(to, {
      progress: ({ totalPages, remainingPages }) => {
        signal?.throwIfAborted()
        progress(totalPages > 0 ? 1 - remainingPages / totalPages : 0)
        return pagesAtOnce
      },
    })
  } finally {
    source.close()
  }
}
