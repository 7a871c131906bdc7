import { readdirSync } from 'node:fs'
import type { Knex } from 'knex'
import { engine } from './dialect.ts'
import { type Database, openDatabase } from './open.ts'

const directory = new URL('../../../migrations/', import.meta.url)

const filesOfMigrations = () =>
  readdirSync(directory)
    .filter((file) => /^\d{14}_\w+\.ts$/.test(file))
    .sort()

function nameOf(file: string) {
  return file.replace(/\.ts$/, '')
}

/** The name of every migration of this program, in order. */
export const knownMigrations = () => filesOfMigrations().map(nameOf)

/** Names without ending, so that what the database remembers does not depend on how the program is started (knex #4037). */
const migrationSource: Knex.MigrationSource<string> = {
  getMigrations: async () => filesOfMigrations(),
  getMigrationName: nameOf,
  getMigration: (file) => import(new URL(file, directory).href),
}

/** A database that a later version of this program has worked with. */
export class NewerDatabase extends Error {
  readonly migrations: string[]

  constructor(migrations: string[]) {
    super(`migrations of a later version: ${migrations.join(', ')}`)
    this.migrations = migrations
  }
}

async function refuseNewer(db: Knex) {
  if (!(await db.schema.hasTable('knex_migrations'))) return
  const known = new Set(knownMigrations())
  const done: string[] = await db('knex_migrations').orderBy('id').pluck('name')
  const unknown = done.filter((name) => !known.has(name))
  if (unknown.length > 0) throw new NewerDatabase(unknown)
}

/** Brings a database to the newest schema, on a connection of its own without foreign keys (knex builds tables of SQLite anew), and however long it takes. */
export async function migrateDatabase(database: Database) {
  await onOwnConnection(database, migrate)
}

/** Takes back the last batch of migrations. */
export async function rollbackDatabase(database: Database) {
  await onOwnConnection(database, (db) => rollback(db, false))
}

/** The check reads every row (4 s at 1,000,000 records), so a start that changes nothing goes without. */
async function onOwnConnection(database: Database, work: (db: Knex) => Promise<string[]>) {
  const db = openDatabase(database, { foreignKeys: false, isPatient: true })
  try {
    const done = await work(db)
    if (done.length > 0) await checkForeignKeys(db)
  } finally {
    await db.destroy()
  }
}

/**
 * Runs what is missing on an open handle whose foreign keys are off, or whose tables are still empty. Answers the names
 * of what ran. A NewerDatabase where a later version was here before.
 */
export async function migrate(db: Knex): Promise<string[]> {
  await refuseNewer(db)
  const [, names] = await db.migrate.latest({ migrationSource })
  return names
}

/** Takes back the last batch, or `all` of them. Answers the names. */
export async function rollback(db: Knex, all: boolean): Promise<string[]> {
  const [, names] = await db.migrate.rollback({ migrationSource }, all)
  return names
}

/** Throws when a row points at one that is missing. SQL Server checks by itself. */
export async function checkForeignKeys(db: Knex) {
  if (engine(db) !== 'sqlite') return
  const broken = await db.raw('pragma foreign_key_check')
  if (broken.length > 0) throw new Error(`Broken references after migration: ${JSON.stringify(broken.slice(0, 5))}`)
}
