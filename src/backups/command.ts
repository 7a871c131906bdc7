import { existsSync, renameSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { readConfig } from '../config.ts'
import { inspectSqlite } from '../db/inspect.ts'
import { openDatabase } from '../db/open.ts'
import { operator, runCommand, say } from '../operator.ts'
import { text } from '../texts/index.ts'
import { Refusal } from '../web/refusal.ts'
import { showInstant } from '../web/show.ts'
import { exchangeFiles } from './exchange.ts'
import { databaseFile } from './making.ts'
import { stage } from './staging.ts'

/** `npm run backup:restore -- FILE [--without-key]`, for when the program does not start or a machine is new. */
const [source] = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const withoutKey = process.argv.includes('--without-key')
const t = text.backups.command

/** Lets SQLite bring what a crash left in its log into the file; a database that cannot even do that is set aside. */
async function tidyPresent(file: string) {
  if (!existsSync(file)) return
  const db = openDatabase({ client: 'better-sqlite3', file })
  await db('knex_migrations')
    .first()
    .catch(() => {})
  await db.destroy()
  const isWhole = !existsSync(`${file}-wal`) && (await inspectSqlite(file)).faults.length === 0
  if (isWhole) return
  const aside = `${file}.damaged-${Date.now()}`
  for (const ending of ['', '-wal', '-shm', '-journal'])
    if (existsSync(file + ending)) renameSync(file + ending, aside + ending)
  say(t.aside(aside))
}

async function restore(path: string) {
  if (!existsSync(path)) throw new Refusal({ message: t.missing(path) })
  const config = readConfig(process.env)
  const file = databaseFile(config)
  for (const folder of [config.dataDir, dirname(file)]) await mkdir(folder, { recursive: true })
  const found = await stage(config, path, { withoutKey })
  await tidyPresent(file)
  const said = { actor: operator, revision: 0, company: found.company }
  const safety = await exchangeFiles(config, { found, name: basename(path), ...said })
  if (safety) say(t.kept(safety))
  say(t.done(showInstant(found.createdAt)))
}

await runCommand(async () => {
  if (!source) throw new Refusal({ message: t.usage })
  await restore(resolve(source))
})
