import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { Knex } from 'knex'
import type { Config } from '../../config.ts'
import { knownMigrations } from '../../kernel/db/migrate.ts'
import { openDatabase } from '../../kernel/db/open.ts'
import { lastId } from '../../kernel/db/schema.ts'
import { openSecrets } from '../../kernel/secrets.ts'
import { readSettings } from '../../kernel/settings/settings.ts'
import { findChain } from '../audit-log/chain.ts'
import { readThrough } from '../backups/making.ts'
import { formatVersion, type PackedFile } from '../backups/manifest.ts'
import { pack, partsOf } from '../backups/pack.ts'
import { diskProblem, settle } from '../backups/place.ts'
import { program } from '../backups/program.ts'
import { type ArchiveManifest, allArchivedTables, format } from './archive.ts'
import { writeTable } from './rows.ts'

type Watch = { by: string; tell?: (done: number) => void; signal?: AbortSignal }

/**
 * Writes everything into a zip that the other kind of database understands as well: a csv file for each table and all
 * stored files, as it all stands at one moment. `unfinished` is where it is until it has been read through.
 */
export async function writeArchive(config: Config, target: string, unfinished: string, watch: Watch) {
  const db = openDatabase(config.database, { isPatient: true })
  try {
    const once = { readOnly: true, ...(config.database.client === 'mssql' && { isolationLevel: 'snapshot' as const }) }
    const manifest = await db.transaction((trx) => writeOut(trx, config, unfinished, watch), once)
    await readThrough(unfinished, { secretKeyFile: config.secretKeyFile, expected: format, signal: watch.signal })
    await rename(unfinished, target)
    await settle(target)
    return manifest
  } catch (error) {
    throw diskProblem(error)
  } finally {
    await rm(unfinished, { force: true })
    await db.destroy()
  }
}

async function writeOut(trx: Knex, config: Config, target: string, { by, tell = () => {}, signal }: Watch) {
  const tables = await allArchivedTables(trx)
  const { companyName } = await readSettings(trx)
  const keys: string[] = await trx('secret_keys').pluck('id')
  const { sequence, hash } = await findChain(trx)
  const log = { sequence, hash }
  const sums: ArchiveManifest['tables'] = {}
  const ids = new Map<string, number>()
  for (const { name, isNumbered } of tables) ids.set(name, isNumbered ? await lastId(trx, name) : 0)
  const files = await partsOf(undefined, config.dataDir)
  const parts = tables.map((table, index) => ({
    path: `tables/${table.name}.csv`,
    bytes: 0,
    source: () => {
      tell((index * 90) / tables.length)
      const lines = writeTable(trx, table, (sum) => {
        sums[table.name] = { ...sum, lastId: ids.get(table.name) ?? 0 }
      })
      return Readable.from(lines, { objectMode: false })
    },
  }))
  const about = { format, formatVersion, program, createdAt: new Date().toISOString(), createdBy: by } as const
  const describe = (files: PackedFile[]): ArchiveManifest => {
    const counts = Object.fromEntries(Object.entries(sums).map(([name, { rows }]) => [name, rows]))
    const said = { way: 'manual' as const, company: companyName, migrations: knownMigrations(), keys, counts, log }
    return { ...about, ...said, files, tables: sums }
  }
  const { seal } = openSecrets(config.secretKeyFile).sealer('backups')
  return pack<ArchiveManifest>(target, { parts: [...parts, ...files], describe, seal, signal: signal as AbortSignal })
}
