import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { readConfig } from '../config.ts'
import { migrateDatabase } from '../db/migrate.ts'
import { openDatabase } from '../db/open.ts'
import { operator, runCommand, say } from '../operator.ts'
import { presetInstallation } from '../preset.ts'
import { text } from '../texts/index.ts'
import { Refusal } from '../web/refusal.ts'
import { showCount } from '../web/show.ts'
import type { ArchiveManifest } from './archive.ts'
import { readArchive } from './in.ts'
import { writeArchive } from './out.ts'

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
  await mkdir(dirname(target), { recursive: true })
  sayTables(await writeArchive(config, target, `${target}.unfinished`, { by: operator.name }))
}

async function takeIn(source: string) {
  if (!existsSync(source)) throw new Refusal({ message: t.missing(source) })
  const config = readConfig(process.env)
  await mkdir(config.dataDir, { recursive: true })
  await migrateDatabase(config.database)
  const db = openDatabase(config.database)
  try {
    await presetInstallation(db, config.initialPassword)
    sayTables(await readArchive(config, db, source, { actor: operator, withoutKey }))
  } finally {
    await db.destroy()
  }
}

await runCommand(async () => {
  if (way === 'out' && file) await out(resolve(file))
  else if (way === 'in' && file) await takeIn(resolve(file))
  else throw new Refusal({ message: t.usage })
})
