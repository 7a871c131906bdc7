import { chmodSync, existsSync, lstatSync } from 'node:fs'
import { chmod, lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config.ts'

const others = 0o077
const [ownFolder, ownFile] = [0o700, 0o600]

/**
 * Makes all that this process and its threads write from now on readable for its own account only: database and log,
 * backups, files, exports, keys. Windows knows no such thing; there the folder hands its rights on (README).
 */
export const writePrivately = () => void process.umask(others)

/** Closes the data of an earlier version: the folder at once, and with it all that lies in it; and what lies elsewhere. */
export function closeData({ dataDir, database, secretKeyFile }: Config) {
  const file = database.client === 'better-sqlite3' ? database.file : null
  const databaseFiles = file && file !== ':memory:' ? [file, `${file}-wal`, `${file}-shm`] : []
  closeOne(dataDir, ownFolder)
  for (const each of [...databaseFiles, secretKeyFile]) closeOne(each, ownFile)
}

/** What belongs to another account, or lies on a disk that takes nothing, stays as it is. */
function closeOne(path: string, mode: number) {
  try {
    if (existsSync(path) && (lstatSync(path).mode & others) !== 0) chmodSync(path, mode)
  } catch {
    // The database says it where that keeps the program from working.
  }
}

/** Closes each file in a folder of an earlier version, likewise. */
export async function closeFilesIn(folder: string) {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() && !entry.isDirectory()) continue
    const path = join(entry.parentPath, entry.name)
    const { mode } = await lstat(path).catch(() => ({ mode: 0 }))
    if ((mode & others) !== 0) await chmod(path, entry.isFile() ? ownFile : ownFolder).catch(() => {})
  }
}
