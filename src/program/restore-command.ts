import '../modules.ts'
import { existsSync, renameSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import type { Knex } from 'knex'
import { type Config, readConfig } from '../config.ts'
import { inspectSqlite } from '../kernel/db/inspect.ts'
import { openDatabase } from '../kernel/db/open.ts'
import { operator, runCommand, say } from '../kernel/operator.ts'
import { showInstant } from '../kernel/web/formatting.ts'
import { Refusal } from '../kernel/web/refusal.ts'
import { readAnchor } from '../operation/audit-log/anchor.ts'
import { type Access, readAccess } from '../operation/backups/access.ts'
import { accessChanges, changeLines } from '../operation/backups/access-change.ts'
import { beginWithLog, goOnWithLog, takeOutLog } from '../operation/backups/carried-log.ts'
import { exchangeFiles } from '../operation/backups/exchange.ts'
import { preparedAccess } from '../operation/backups/judgement.ts'
import { databaseFile } from '../operation/backups/making.ts'
import { withPlainFile } from '../operation/backups/passphrase.ts'
import { type Found, stage } from '../operation/backups/staging.ts'
import { text } from '../texts/index.ts'

/** `npm run backup:restore -- FILE [--without-key]`, for when the program does not start or a machine is new. */
const [source] = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const withoutKey = process.argv.includes('--without-key')
const t = text.backups.command
const nobody: Access = { people: new Map(), roles: new Map() }

async function onFile<T>(file: string, work: (db: Knex) => Promise<T>): Promise<T> {
  const db = openDatabase({ client: 'better-sqlite3', file })
  return work(db).finally(() => db.destroy())
}

/** Lets SQLite bring what a crash left in its log into the file; a database that cannot even do that is set aside. */
async function tidyPresent(file: string) {
  if (!existsSync(file)) return
  await onFile(file, (db) =>
    db('knex_migrations')
      .first()
      .catch(() => {}),
  )
  const isWhole = !existsSync(`${file}-wal`) && (await inspectSqlite(file)).faults.length === 0
  if (isWhole) return
  const aside = `${file}.damaged-${Date.now()}`
  for (const ending of ['', '-wal', '-shm', '-journal'])
    if (existsSync(file + ending)) renameSync(file + ending, aside + ending)
  say(t.aside(aside))
}

/** Says what changes in people and rights, as the page does; what an older program left may not be readable. */
async function sayChanges(found: Found, file: string) {
  if (found.origin !== 'own') say(text.backups.foreign.warning(text.backups.origins[found.origin]))
  const now = existsSync(file) ? await onFile(file, readAccess).catch(() => nobody) : nobody
  const after = await preparedAccess(found)
  for (const line of changeLines(accessChanges(now, after ?? nobody))) say(line)
}

/** The entries of the present log that the backup does not hold; undefined where there is none that could be read. */
const presentLog = (config: Config, found: Found, file: string) =>
  existsSync(file) ? onFile(file, (db) => takeOutLog(db, config, found)) : Promise.resolve(undefined)

async function restore(path: string) {
  if (!existsSync(path)) throw new Refusal({ message: t.missing(path) })
  const config = readConfig(process.env)
  for (const folder of [config.dataDir, dirname(databaseFile(config))]) await mkdir(folder, { recursive: true })
  await withPlainFile(path, config.dataDir, (plain) => exchange(config, plain, basename(path)))
}

async function exchange(config: Config, path: string, name: string) {
  const file = databaseFile(config)
  const found = await stage(config, path, { withoutKey })
  const isNew = !existsSync(file) && (await readAnchor(config)) === undefined
  await tidyPresent(file)
  await sayChanges(found, file)
  const carried = await presentLog(config, found, file)
  const said = { actor: operator, revision: 0, company: found.company, carried }
  const safety = await exchangeFiles(config, { found, name, ...said })
  await onFile(file, (db) => (isNew ? beginWithLog(db, config) : goOnWithLog(db, config, carried)))
  if (safety) say(t.kept(safety))
  say(t.done(showInstant(found.createdAt)))
}

await runCommand(async () => {
  if (!source) throw new Refusal({ message: t.usage })
  await restore(resolve(source))
})
