import { rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../../config.ts'
import { inspectSqlite } from '../../kernel/db/inspect.ts'
import { copySqlite } from '../../kernel/db/sqlite-copy.ts'
import { openSecrets } from '../../kernel/secrets.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { text } from '../../texts/index.ts'
import { format, formatVersion, type Manifest, type PackedFile } from './manifest.ts'
import { type Part, pack, partsOf } from './pack.ts'
import { backupFolder, diskProblem, freeName, incomingPath, refuseWithoutSpace, settle, type Way } from './place.ts'
import { program } from './program.ts'
import { openBackup } from './unpack.ts'

/** Why and by whom a backup is made; `account` is the user name of whoever orders a restoration. */
type Made = { way: Way; by: string; company: string; account?: string }
type Watch = { tell?: (done: number) => void; signal?: AbortSignal }

/** The file of the database; a Refusal where there is none that could be backed up or restored here. */
export function databaseFile({ database }: Config): string {
  if (database.client !== 'better-sqlite3') throw new Refusal({ status: 409, message: text.backups.onServer })
  if (database.file === ':memory:') throw new Refusal({ status: 409, message: text.backups.inMemory })
  return database.file
}

/**
 * Makes a backup while people work: copies the database as it stands, checks the copy, packs it with all files, reads
 * the result through once more, and only then gives it its name. Answers the name.
 */
export async function makeBackup(config: Config, made: Made, { tell = () => {}, signal }: Watch = {}): Promise<string> {
  const file = databaseFile(config)
  const { dataDir } = config
  const copy = await incomingPath(dataDir, '.db')
  try {
    const { size } = await stat(file)
    await refuseWithoutSpace(backupFolder(dataDir), 2 * size + (await filesBytes(dataDir)))
    await copySqlite(file, copy, (done) => tell(done * 30), signal)
    const inspection = await inspectSqlite(copy)
    if (inspection.faults.length > 0) throw new Refusal({ message: text.backups.databaseDamaged })
    tell(50)
    const { migrations, counts, keys, log } = inspection
    return await packed(config, {
      ...made,
      migrations,
      counts,
      keys,
      log,
      database: copy,
      tell: (done) => tell(50 + done / 2),
      signal,
    })
  } catch (error) {
    throw diskProblem(error)
  } finally {
    for (const ending of ['', '-wal', '-shm', '-journal']) await rm(copy + ending, { force: true })
  }
}

const filesBytes = async (dataDir: string) => bytesOf(await partsOf(undefined, dataDir))

const bytesOf = (parts: { bytes: number }[]) => parts.reduce((sum, { bytes }) => sum + bytes, 0)

type Packed = Made &
  Watch &
  Pick<Manifest, 'migrations' | 'counts' | 'keys' | 'log' | 'serverFile'> & { database?: string; name?: string }

/**
 * Packs a database that nobody writes to, where it is a file, with all stored files, seals it, reads the zip through and
 * puts it into its place.
 */
export async function packed(config: Config, packing: Packed): Promise<string> {
  const { dataDir, secretKeyFile } = config
  const { database, name: given, tell = () => {}, signal, ...about } = packing
  const zip = await incomingPath(dataDir, '.zip')
  try {
    const parts = await partsOf(database, dataDir)
    const progress = meter(parts, tell)
    const describe = (files: PackedFile[]) => manifestOf(about, files)
    const { seal } = openSecrets(secretKeyFile).sealer('backups')
    await pack(zip, { parts, describe, seal, progress, signal: signal as AbortSignal })
    await readThrough(zip, { secretKeyFile, progress, signal })
    const name = given ?? (await freeName(dataDir, about.way))
    const place = join(backupFolder(dataDir), name)
    await rename(zip, place)
    await settle(place)
    tell(100)
    return name
  } finally {
    await rm(zip, { force: true })
  }
}

/** Every byte goes through twice: into the zip and out of it. */
function meter(parts: Part[], tell: (done: number) => void) {
  const total = 2 * bytesOf(parts) || 1
  let sum = 0
  return (bytes: number) => {
    sum += bytes
    tell((sum * 100) / total)
  }
}

function manifestOf({ by, ...about }: Omit<Packed, 'database' | 'tell' | 'signal' | 'name'>, files: PackedFile[]) {
  const made = { format, formatVersion, program, createdAt: new Date().toISOString(), createdBy: by } as const
  return { ...made, ...about, files }
}

type Reading = { secretKeyFile: string; expected?: string; progress?(bytes: number): void; signal?: AbortSignal }

/** Reads every file of a backup; a Refusal when one is not what the manifest says. Answers the manifest and its origin. */
export async function readThrough(path: string, { secretKeyFile, expected, progress, signal }: Reading) {
  const { manifest, origin, read, close } = await openBackup(path, { secretKeyFile, expected })
  try {
    for (const file of manifest.files) {
      await read(file, undefined, signal)
      progress?.(file.bytes)
    }
    return { manifest, origin }
  } finally {
    close()
  }
}
