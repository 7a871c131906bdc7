import { randomUUID } from 'node:crypto'
import { readdir, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Knex } from 'knex'
import type { Config } from '../../config.ts'
import { type Inspection, inspectSqlite } from '../../kernel/db/inspect.ts'
import { checkForeignKeys, knownMigrations, migrateDatabase } from '../../kernel/db/migrate.ts'
import { openDatabase } from '../../kernel/db/open.ts'
import { type RecordEvent, recordEvent } from '../../kernel/history/history.ts'
import { activeStates } from '../../kernel/jobs/job.ts'
import { openSecrets } from '../../kernel/secrets.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { doubtUnsent } from '../../mail/mailings/progress.ts'
import { beginNewKey } from '../../people/users/restore.ts'
import { text } from '../../texts/index.ts'
import { presetInstallation } from '../setup/installation.ts'
import { databaseFile } from './making.ts'
import { databasePath, type Manifest } from './manifest.ts'
import { backupFolder, incomingPath, refuseWithoutSpace, settle } from './place.ts'
import type { Origin } from './seal.ts'
import { openBackup } from './unpack.ts'

const t = text.backups

/** What was found in a backup that is ready to take the place of the present data. */
export type Found = Pick<Manifest, 'createdAt' | 'createdBy' | 'company' | 'program' | 'way' | 'log'> & {
  origin: Origin
  /** The counts of rows in it, and of the files beside the database. */
  counts: Record<string, number>
  fileCount: number
  /** How many migrations it was behind. */
  migrated: number
  withoutKey: boolean
  /** The database, beside the present one so that one step exchanges them, and the folder of the files. */
  database: string
  folder: string
  /** Where SQL Server keeps the database instead. */
  serverFile?: string
}

type Watch = { tell?: (done: number) => void; signal?: AbortSignal }
type How = Watch & { withoutKey: boolean }

/** Unpacks, checks and prepares a backup; a Refusal with a sentence where it cannot be used. Leaves nothing behind then. */
export async function stage(
  config: Config,
  path: string,
  { withoutKey, tell = () => {}, signal }: How,
): Promise<Found> {
  if (config.database.client === 'mssql') return stageForServer(config, path, { tell, signal })
  const present = databaseFile(config)
  const database = join(dirname(present), `.${basename(present)}.staged-${randomUUID()}`)
  const folder = await incomingPath(config.dataDir, '')
  const backup = await openBackup(path, config)
  try {
    const { manifest, origin } = backup
    const total = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0)
    if (manifest.serverFile) throw new Refusal({ message: t.problems.otherEngine })
    refuseUnknown(manifest.migrations)
    // Once for the unpacked files, once for the backup of the present data that comes before the exchange.
    await refuseWithoutSpace(backupFolder(config.dataDir), total + (await sizeOf(present)))
    let done = 0
    for (const file of manifest.files) {
      await backup.read(file, file.path === databasePath ? database : join(folder, file.path), signal)
      done += file.bytes
      tell((done * 50) / total)
    }
    const inspection = await inspectSqlite(database, 'references')
    refuseUnlike(manifest, inspection)
    tell(80)
    const isWithoutKey = lacksKey(config, inspection)
    if (isWithoutKey && !withoutKey) throw new Refusal({ message: t.problems.otherKey(inspection.keys.join(' ')) })
    const migrated = knownMigrations().length - inspection.migrations.length
    await prepare(database, { withoutKey: isWithoutKey })
    await settle(database)
    const { createdAt, createdBy, company, program, way } = manifest
    const said = { createdAt, createdBy, company, program, way, counts: inspection.counts, log: inspection.log, origin }
    return { ...said, fileCount: manifest.files.length - 1, migrated, withoutKey: isWithoutKey, database, folder }
  } catch (error) {
    await removeStaged({ database, folder })
    throw error
  } finally {
    backup.close()
  }
}

/** Unpacks the stored files; the database is restored by SQL Server from its own file. */
async function stageForServer(config: Config, path: string, { tell = () => {}, signal }: Watch): Promise<Found> {
  const folder = await incomingPath(config.dataDir, '')
  const backup = await openBackup(path, config)
  try {
    const { files, migrations, serverFile, ...said } = backup.manifest
    const { origin } = backup
    if (!serverFile) throw new Refusal({ message: t.problems.otherEngine })
    refuseUnknown(migrations)
    await refuseWithoutSpace(folder, 2 * files.reduce((sum, { bytes }) => sum + bytes, 0))
    for (const [index, file] of files.entries()) {
      await backup.read(file, join(folder, file.path), signal)
      tell((index * 100) / files.length)
    }
    const migrated = knownMigrations().length - migrations.length
    return { ...said, origin, fileCount: files.length, migrated, withoutKey: false, database: '', folder, serverFile }
  } catch (error) {
    await removeStaged({ database: '', folder })
    throw error
  } finally {
    backup.close()
  }
}

/** Removes what was unpacked. */
export async function removeStaged({ database, folder }: Pick<Found, 'database' | 'folder'>) {
  for (const ending of database ? ['', '-wal', '-shm', '-journal'] : []) await rm(database + ending, { force: true })
  await rm(folder, { recursive: true, force: true })
}

/** Removes unpacked databases that nobody put into their place within a day, or whatever their age. */
export async function removeOldStaged(config: Config, keptForMs = 86_400_000) {
  if (config.database.client !== 'better-sqlite3' || config.database.file === ':memory:') return
  const folder = dirname(config.database.file)
  for (const name of await readdir(folder)) {
    if (!name.startsWith(`.${basename(config.database.file)}.staged-`)) continue
    const { mtimeMs } = await stat(join(folder, name))
    if (Date.now() - mtimeMs > keptForMs) await rm(join(folder, name), { force: true })
  }
}

/** Nothing, where a new machine has no database yet. */
const sizeOf = (file: string) =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  )

function refuseUnknown(migrations: string[]) {
  const known = new Set(knownMigrations())
  if (migrations.length === 0) throw new Refusal({ message: t.problems.foreign })
  if (migrations.some((name) => !known.has(name))) throw new Refusal({ message: t.problems.newerSchema })
}

/** The database is whole, one of this program, and holds what the manifest says. */
function refuseUnlike({ counts }: Manifest, inspection: Inspection) {
  if (inspection.faults.length > 0) throw new Refusal({ message: t.problems.damaged })
  refuseUnknown(inspection.migrations)
  const isSame = Object.entries(counts).every(([table, count]) => inspection.counts[table] === count)
  if (!isSame) throw new Refusal({ message: t.problems.damaged })
}

/** Whether something in it was encrypted with a key that is not here. */
function lacksKey({ secretKeyFile }: Config, { keys }: Inspection): boolean {
  const { keyIds } = openSecrets(secretKeyFile)
  return keys.some((id) => !keyIds.includes(id))
}

/**
 * Brings a restored database to the present schema and takes out what belongs to the moment it was made at: who was
 * signed in, and work that was under way and would now be done a second time.
 */
async function prepare(file: string, { withoutKey }: { withoutKey: boolean }) {
  await migrateDatabase({ client: 'better-sqlite3', file })
  const db = openDatabase({ client: 'better-sqlite3', file })
  try {
    await presetInstallation(db, null)
    await db.transaction(forgetMoment)
    if (withoutKey) await beginNewKey(db)
    await checkForeignKeys(db)
  } finally {
    await db.destroy()
  }
}

/** Takes out of a restored database what belongs to the moment it was made at. */
export async function forgetMoment(trx: Knex) {
  for (const table of ['sign_ins', 'sessions', 'submissions', 'form_drafts', 'made_files']) await trx(table).delete()
  const ended = { state: 'cancelled', outcome: t.jobEnded, finished_at: new Date().toISOString() }
  await trx('jobs')
    .whereIn('state', activeStates)
    .update({ ...ended, leased_by: null, lease_until_at: null })
  await doubtUnsent(trx)
}

/** Notes down in a restored database that it was restored; its people may be others than those here. */
export async function noteRestoration(db: Knex, actor: Actor, event: RecordEvent) {
  const same = actor.id && (await db('users').where({ id: actor.id, name: actor.name }).first('id'))
  await recordEvent(db, { ...actor, id: same ? actor.id : null }, event)
}
