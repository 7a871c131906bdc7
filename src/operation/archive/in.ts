import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Knex } from 'knex'
import type { Config } from '../../config.ts'
import { currentRevision } from '../../kernel/db/cache-revision.ts'
import { keyedTexts } from '../../kernel/db/keyed-texts.ts'
import { knownMigrations } from '../../kernel/db/migrate.ts'
import { withPatience } from '../../kernel/db/open.ts'
import { setLastId, type Table, withoutReferences } from '../../kernel/db/schema.ts'
import { fact } from '../../kernel/history/history.ts'
import { keyedTextsOf } from '../../kernel/modules/catalogue.ts'
import type { Module } from '../../kernel/modules/module.ts'
import { ownDefinitions } from '../../kernel/modules/own.ts'
import { makeOwnTables, modulesWithRecords, tablesOf } from '../../kernel/modules/own-table.ts'
import { reindexRecords } from '../../kernel/modules/search-text.ts'
import { reindexTexts } from '../../kernel/modules/text-index.ts'
import { openSecrets } from '../../kernel/secrets.ts'
import { showCount, showInstant } from '../../kernel/web/formatting.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { beginNewKey } from '../../people/users/restore.ts'
import { text } from '../../texts/index.ts'
import { bringInEntries } from '../audit-log/carry-over.ts'
import { goOnWithLog, takeOutLog } from '../backups/carried-log.ts'
import { putFiles } from '../backups/exchange.ts'
import { diskProblem, incomingPath, refuseWithoutSpace } from '../backups/place.ts'
import type { Origin } from '../backups/seal.ts'
import { forgetMoment, noteRestoration } from '../backups/staging.ts'
import { openBackup } from '../backups/unpack.ts'
import { presetInstallation } from '../setup/installation.ts'
import { type ArchiveManifest, archivedTables, format, isArchive, isUnused } from './archive.ts'
import { refuseRepeated } from './repeated.ts'
import { readTable, sumOf } from './rows.ts'

const t = text.archive

type How = { actor: Actor; withoutKey?: boolean; tell?: (done: number) => void }

/**
 * Brings an archive into an installation nobody has worked with yet: in one transaction, at the end of which every table
 * is read again and compared with what the archive says of it. Nobody else may be at work meanwhile.
 */
export async function readArchive(config: Config, db: Knex, path: string, how: How): Promise<ArchiveManifest> {
  const folder = await incomingPath(config.dataDir, '')
  const backup = await openBackup(path, { secretKeyFile: config.secretKeyFile, expected: format })
  const { manifest, origin } = backup
  try {
    if (!isArchive(manifest)) throw new Refusal({ message: t.problems.foreign })
    refuseOtherSchema(manifest)
    if (!(await isUnused(db))) throw new Refusal({ status: 409, message: t.problems.used })
    const { keyIds } = openSecrets(config.secretKeyFile)
    const isWithoutKey = manifest.keys.some((id) => !keyIds.includes(id))
    if (isWithoutKey && !how.withoutKey)
      throw new Refusal({ message: text.backups.problems.otherKey(manifest.keys.join(' ')) })
    await refuseWithoutSpace(
      folder,
      manifest.files.reduce((sum, { bytes }) => sum + bytes, 0),
    )
    for (const file of manifest.files) await backup.read(file, join(folder, file.path))
    await refuseRepeated((await archivedTables()).tables, folder, keyedTexts())
    await putFiles(folder, config.dataDir)
    const carried = await takeOutLog(db, config, manifest)
    const brought = { manifest, folder, origin, carried }
    await withPatience(db, (patient) => patient.transaction((trx) => takeIn(trx, brought, how)))
    if (isWithoutKey) await beginNewKey(db)
    await presetInstallation(db, null)
    await goOnWithLog(db, config, carried)
    return manifest
  } catch (error) {
    throw diskProblem(error)
  } finally {
    backup.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Both sides must be of one schema: the older program is brought up to date first. */
function refuseOtherSchema({ migrations, program }: ArchiveManifest) {
  const known = knownMigrations()
  const isSame = migrations.length === known.length && migrations.every((name) => known.includes(name))
  if (!isSame) throw new Refusal({ message: t.problems.otherVersion(program) })
}

type Taken = { manifest: ArchiveManifest; folder: string; origin: Origin; carried: string | undefined }

async function takeIn(trx: Knex, taken: Taken, { actor, tell = () => {} }: How) {
  const { manifest, folder, carried } = taken
  const { tables, left } = await archivedTables()
  const revision = await currentRevision(trx)
  const total = Object.values(manifest.tables).reduce((sum, { rows }) => sum + rows, 0) || 1
  let done = 0
  const names = [...tables.map(({ name }) => name), ...left]
  await withoutReferences(trx, names, async () => {
    for (const name of names) await trx(name).delete()
    const read = (table: Table) =>
      readTable(trx, table, join(folder, 'tables', `${table.name}.csv`), (rows) => {
        done += rows
        tell((done * 60) / total)
      })
    for (const table of tables) await read(table)
    for (const module of await makeTables(trx, manifest)) {
      const own = tablesOf(module)
      await refuseRepeated(own, folder, keyedTextsOf(module))
      for (const table of own) await read(table)
      tables.push(...own)
    }
    await compare(trx, manifest, tables)
  })
  for (const { name, isNumbered } of tables)
    if (isNumbered) await setLastId(trx, name, manifest.tables[name]?.lastId ?? 0)
  tell(70)
  await makeSearch(trx)
  await forgetMoment(trx)
  if (carried) await bringInEntries(trx, carried)
  await noteArchive(trx, taken, actor)
  const own = await currentRevision(trx)
  await trx('revisions')
    .where({ name: 'reference' })
    .update({ number: Math.max(own, revision) + 1 })
}

/** Makes the tables of modules that the rows define which were just taken in, where the archive has rows of them. */
async function makeTables(trx: Knex, { tables }: ArchiveManifest): Promise<Module[]> {
  const own = (await ownDefinitions(trx)).map(({ module }) => module).filter(({ name }) => tables[name])
  for (const module of own) await makeOwnTables(trx, module)
  return own
}

/** Throws, so that nothing of it stays, where a table does not say what it said where it came from. */
async function compare(trx: Knex, manifest: ArchiveManifest, tables: Table[]) {
  for (const table of tables) {
    const { rows, checksum } = await sumOf(trx, table)
    const said = manifest.tables[table.name]
    if (said?.rows !== rows || said.checksum !== checksum)
      throw new Refusal({ message: t.problems.different(table.name, showCount(said?.rows ?? 0), showCount(rows)) })
  }
}

async function makeSearch(trx: Knex) {
  for (const module of await modulesWithRecords(trx)) {
    await reindexRecords(trx, module)
    if (module.isTextIndexed) await reindexTexts(trx, module)
  }
}

async function noteArchive(trx: Knex, { manifest, origin }: Taken, actor: Actor) {
  const { createdAt, createdBy, tables } = manifest
  const rows = Object.values(tables).reduce((sum, table) => sum + table.rows, 0)
  const changes = [
    fact('made_at', createdAt, showInstant(createdAt)),
    fact('made_by', createdBy),
    fact('row_count', rows, showCount(rows)),
    fact('origin', origin, text.backups.origins[origin]),
  ]
  await noteRestoration(trx, actor, { action: 'import', record_type: 'archive', changes })
}
