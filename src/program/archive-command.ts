import '../modules.ts'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Knex } from 'knex'
import { type Config, readConfig } from '../config.ts'
import { migrateDatabase } from '../kernel/db/migrate.ts'
import { openDatabase } from '../kernel/db/open.ts'
import { operator, runCommand, say } from '../kernel/operator.ts'
import { refuseGoneKey } from '../kernel/secrets.ts'
import { showCount } from '../kernel/web/formatting.ts'
import { Refusal } from '../kernel/web/refusal.ts'
import { readArchiveAccess } from '../operation/archive/access.ts'
import type { ArchiveManifest } from '../operation/archive/archive.ts'
import { readArchive } from '../operation/archive/in.ts'
import { writeArchive } from '../operation/archive/out.ts'
import { readAccess } from '../operation/backups/access.ts'
import { accessChanges, changeLines } from '../operation/backups/access-change.ts'
import { withPlainFile } from '../operation/backups/passphrase.ts'
import { presetInstallation } from '../operation/setup/installation.ts'
import { text } from '../texts/index.ts'

/** `npm run archive -- out FILE` and `-- in FILE [--without-key]`, on the database that the environment names. */
const [way, file] = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const withoutKey = process.argv.includes('--without-key')
const t = text.archive.command

function sayTables({ tables, files }: ArchiveManifest) {
  for (const [name, { rows, checksum }] of Object.entries(tables))
    say(`${name.padEnd(28)}${showCount(rows).padStart(12)}  ${checksum.slice(0, 16)}`)
  say(t.done(showCount(Object.keys(tables).length), showCount(files.length - Object.keys(tables).length)))
}

async function out(target: string) {
  if (existsSync(target)) throw new Refusal({ message: t.exists(target) })
  const config = readConfig(process.env)
  for (const folder of [dirname(target), config.dataDir]) await mkdir(folder, { recursive: true })
  await onDatabase(config, (db) => refuseGoneKey(db, config.secretKeyFile))
  sayTables(await writeArchive(config, target, `${target}.unfinished`, { by: operator.name }))
}

async function takeIn(source: string) {
  if (!existsSync(source)) throw new Refusal({ message: t.missing(source) })
  const config = readConfig(process.env)
  await mkdir(config.dataDir, { recursive: true })
  await migrateDatabase(config.database)
  await onDatabase(config, async (db) => {
    await presetInstallation(db, config.initialPassword)
    await withPlainFile(source, config.dataDir, (plain) => takeFrom(config, db, plain))
  })
}

async function takeFrom(config: Config, db: Knex, source: string) {
  const { access, origin } = await readArchiveAccess(config, source)
  if (origin !== 'own') say(text.backups.foreign.warning(text.backups.origins[origin]))
  for (const line of changeLines(accessChanges(await readAccess(db), access))) say(line)
  sayTables(await readArchive(config, db, source, { actor: operator, withoutKey }))
}

async function onDatabase({ database }: Config, work: (db: Knex) => Promise<void>) {
  const db = openDatabase(database)
  await work(db).finally(() => db.destroy())
}

await runCommand(async () => {
  if (way === 'out' && file) await out(resolve(file))
  else if (way === 'in' && file) await takeIn(resolve(file))
  else throw new Refusal({ message: t.usage })
})
