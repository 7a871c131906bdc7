import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse'
import type { Config } from '../../config.ts'
import { type Access, type AccessRows, accessOf, accessTables } from '../backups/access.ts'
import { incomingPath } from '../backups/place.ts'
import type { Origin } from '../backups/seal.ts'
import { openBackup } from '../backups/unpack.ts'
import { format } from './archive.ts'

/** Who may do what in an archive, and where it was made; a Refusal when it is damaged or forged. */
export async function readArchiveAccess(config: Config, path: string): Promise<{ access: Access; origin: Origin }> {
  const folder = await incomingPath(config.dataDir, '')
  const backup = await openBackup(path, { secretKeyFile: config.secretKeyFile, expected: format })
  try {
    const rows: Partial<AccessRows> = {}
    for (const table of Object.keys(accessTables) as (keyof AccessRows)[]) {
      const file = backup.manifest.files.find(({ path }) => path === `tables/${table}.csv`)
      if (file) await backup.read(file, join(folder, table))
      rows[table] = file ? await rowsOf(join(folder, table)) : []
    }
    return { access: accessOf(rows as AccessRows), origin: backup.origin }
  } finally {
    backup.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Few: people, roles and rights. */
async function rowsOf(path: string): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = []
  for await (const row of createReadStream(path).pipe(parse({ columns: true, record_delimiter: '\n' }))) rows.push(row)
  return rows
}
