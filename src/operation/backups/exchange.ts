import { existsSync } from 'node:fs'
import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Knex } from 'knex'
import type { Config } from '../../config.ts'
import { currentRevision } from '../../kernel/db/cache-revision.ts'
import { inspectSqlite } from '../../kernel/db/inspect.ts'
import { migrateDatabase } from '../../kernel/db/migrate.ts'
import { openDatabase } from '../../kernel/db/open.ts'
import { restoreOnServer } from '../../kernel/db/server-backup.ts'
import { fileFolder, moveInto, storedPath } from '../../kernel/files/storage.ts'
import { fact } from '../../kernel/history/history.ts'
import { fitSecrets } from '../../kernel/secrets.ts'
import { readSettings } from '../../kernel/settings/settings.ts'
import { showCount, showInstant } from '../../kernel/web/formatting.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { text } from '../../texts/index.ts'
import { bringInEntries } from '../audit-log/carry-over.ts'
import { importFolder } from '../imports/work.ts'
import { goOnWithLog, takeOutLog } from './carried-log.ts'
import { recordType } from './jobs.ts'
import { databaseFile, packed } from './making.ts'
import { diskProblem, ifMissing, keepNewest, settle } from './place.ts'
import { backUpServer } from './server.ts'
import { type Found, forgetMoment, noteRestoration, removeStaged } from './staging.ts'

const t = text.backups

type Exchange = { found: Found; name: string; actor: Actor }

/**
 * Puts a prepared backup in the place of the present data while nobody is inside: first the present data becomes a backup
 * of its own, then one rename exchanges the database. What fails before it leaves everything as it was; a crash too.
 */
export async function restoreBackup(app: FastifyInstance, exchange: Exchange) {
  const { config, db, door } = app
  let carried: string | undefined
  await door.close(t.closed.saving)
  try {
    const { companyName, backupsKept } = await readSettings(db)
    const failed = (error: unknown) => app.log.error({ err: error }, 'log before a restoration')
    carried = await takeOutLog(db, config, exchange.found, failed)
    const present = {
      revision: await currentRevision(db),
      company: companyName,
      account: await accountOf(app, exchange),
    }
    const offline = { ...exchange, ...present, carried }
    await (exchange.found.serverFile ? exchangeOnServer : exchangeFile)(app, offline)
    await fitSecrets(db, config.secretKeyFile, app.secrets)
    await goOnWithLog(db, config, carried)
    await keepNewest(config.dataDir, backupsKept)
    await removeUnknownFiles(db, config.dataDir).catch((error) => app.log.error({ err: error }, 'files of before'))
  } finally {
    if (carried) await rm(carried, { force: true })
    door.open()
  }
}

const accountOf = async ({ db }: FastifyInstance, { actor }: Exchange): Promise<string | undefined> =>
  actor.id ? (await db('users').where({ id: actor.id }).first('username_key'))?.username_key : undefined

const beginExchange = ({ door }: FastifyInstance) => door.say(t.closed.exchanging)

async function exchangeFile(app: FastifyInstance, offline: Offline) {
  await app.db.destroy()
  try {
    await exchangeFiles(app.config, offline, () => beginExchange(app))
  } finally {
    app.db.initialize()
  }
}

/** SQL Server exchanges its database by itself; either it is the restored one afterwards, or the one of before. */
async function exchangeOnServer(app: FastifyInstance, offline: Offline) {
  const { config, db } = app
  const { found, actor, company, account } = offline
  const safety = await backUpServer(db, config, { way: 'safety', by: actor.name, company, account })
  beginExchange(app)
  await putFiles(found.folder, config.dataDir)
  await db.destroy()
  try {
    if (config.database.client === 'mssql') await restoreOnServer(config.database, found.serverFile as string)
    await migrateDatabase(config.database)
  } finally {
    db.initialize()
  }
  await db.transaction(async (trx) => {
    await forgetMoment(trx)
    await noteInside(trx, { ...offline, safety })
  })
  await removeStaged(found)
}

type Offline = Exchange & {
  revision: number
  company: string
  /** The user name of whoever ordered it, and the entries of the present log that the backup does not hold. */
  account?: string
  carried?: string
}

/** The exchange on a database that is closed; also for the command line. Answers the name of the backup made first. */
export async function exchangeFiles(config: Config, offline: Offline, tell = () => {}) {
  const { found, actor, company, account } = offline
  try {
    const file = databaseFile(config)
    if (existsSync(`${file}-wal`)) throw new Refusal({ status: 409, message: t.otherProgram })
    const safety = existsSync(file) ? await keepPresent(config, file, { by: actor.name, company, account }) : ''
    tell()
    await inStaged(found, (trx) => noteInside(trx, { ...offline, safety }))
    await putFiles(found.folder, config.dataDir)
    await settle(found.database)
    await rename(found.database, file)
    await settle(file)
    return safety
  } catch (error) {
    throw diskProblem(error)
  } finally {
    await removeStaged(found)
  }
}

type Ordered = { by: string; company: string; account?: string }

/** However damaged the present database is, it is kept as it lies there. */
async function keepPresent(config: Config, database: string, said: Ordered): Promise<string> {
  const { migrations, counts, keys, log } = await inspectSqlite(database, 'counts')
  return packed(config, { ...said, way: 'safety', migrations, counts, keys, log, database })
}

async function inStaged({ database }: Found, work: (trx: Knex) => Promise<void>) {
  const db = openDatabase({ client: 'better-sqlite3', file: database })
  try {
    await db.transaction(work)
  } finally {
    await db.destroy()
  }
}

/**
 * The log of the restored database goes on with the present one and says so, and nothing that is held in memory of the
 * present one is taken for its own.
 */
async function noteInside(trx: Knex, { found, name, actor, revision, carried, safety }: Offline & { safety: string }) {
  const count = carried && (await bringInEntries(trx, carried))
  const changes = [
    fact('made_at', found.createdAt, showInstant(found.createdAt)),
    fact('made_by', found.createdBy),
    fact('safety', safety),
    fact('origin', found.origin, t.origins[found.origin]),
    ...(count === undefined ? [] : [fact('carried_count', count, showCount(Number(count)))]),
  ]
  await noteRestoration(trx, actor, { action: 'restore-backup', record_type: recordType, record_name: name, changes })
  const own = await currentRevision(trx)
  await trx('revisions')
    .where({ name: 'reference' })
    .update({ number: Math.max(own, revision) + 1 })
}

/** Stored files have names of their own that never come again, so those of the backup go beside the present ones. */
export async function putFiles(folder: string, dataDir: string) {
  for (const [name, place] of [
    ['files', fileFolder(dataDir)],
    ['imports', importFolder(dataDir)],
  ] as const) {
    const from = join(folder, name)
    for (const entry of await readdir(from, { recursive: true, withFileTypes: true }).catch(ifMissing([]))) {
      const source = join(entry.parentPath, entry.name)
      if (entry.isFile()) await moveInto(join(place, source.slice(from.length)), source)
    }
  }
}

/** Removes stored files that the restored database does not know; they are in the backup that was made first. */
async function removeUnknownFiles(db: Knex, dataDir: string) {
  const known = new Set<string>(await db('files').pluck('storage_name'))
  const folder = fileFolder(dataDir)
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])) {
    const name = entry.name.replace(/\.thumbnail$/, '')
    const isStored = entry.isFile() && join(entry.parentPath, name) === storedPath(folder, name)
    if (isStored && !known.has(name)) await rm(join(entry.parentPath, entry.name), { force: true })
  }
}
