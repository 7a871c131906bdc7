import type { Database as Sqlite } from 'better-sqlite3'
import type { Knex } from 'knex'
import knex from 'knex'
import { registerPairCounts } from './pair-counts.ts'
import { readRows } from './rows.ts'
import { SqliteClient, type SqliteConfig } from './sqlite-client.ts'
import { keepStatements } from './statements.ts'
import type { Writing } from './write-queue.ts'

/** Where the data lives: a file of SQLite (or ':memory:'), or a SQL Server. */
export type Database =
  | { client: 'better-sqlite3'; file: string }
  | {
      client: 'mssql'
      host: string
      port: number
      user: string
      password: string
      database: string
      encrypt: boolean
      trustCertificate: boolean
    }

type Options = { foreignKeys?: boolean; writing?: Writing; isRepeatable?: boolean; isPatient?: boolean }

/** Whoever gets the error that a database cannot be opened says so; Knex would print its stack beside that. */
const warn = (message: string) =>
  void (message.startsWith('Acquire connection error:') || process.stderr.write(`${message}\n`))

const opened = new WeakMap<object, Database>()

/**
 * Opens either database, the only place that knows the drivers. `foreignKeys: false` is for migrations (house rule 8);
 * `writing` is for a file of SQLite that other threads of this program write to as well, and that is kept up by
 * kernel/db/upkeep.ts; `isRepeatable` for one whose last steps are done again when the power fails; `isPatient` for work that may
 * take SQL Server hours.
 */
export function openDatabase(database: Database, options: Options = {}): Knex {
  const { client } = database
  const settings = client === 'mssql' ? serverSettings(database, options) : fileSettings(database.file, options)
  const db = knex({ ...settings, log: { warn }, compileSqlOnError: false, postProcessResponse: readRows })
  db.client.config.client = client
  opened.set(db.client, database)
  return db
}

/**
 * Does what may take SQL Server longer than any page waits for (backups, building of indexes, checks of whole tables), on
 * a handle that waits without end. SQLite has no such bound.
 */
export async function withPatience<T>(db: Knex, work: (patient: Knex) => Promise<T>): Promise<T> {
  const database = opened.get(db.client)
  if (database?.client !== 'mssql') return work(db)
  const patient = openDatabase(database, { isPatient: true })
  try {
    return await work(patient)
  } finally {
    await patient.destroy()
  }
}

/** In pages of 4 KB: so much that only a thread that died leaves it to those who save. */
const leftToUpkeep = 100_000

function fileSettings(file: string, { foreignKeys = true, writing, isRepeatable = false }: Options): SqliteConfig {
  return {
    client: SqliteClient as never,
    writing,
    connection: { filename: file },
    useNullAsDefault: true,
    pool: {
      min: 1,
      max: 1,
      afterCreate: (connection: Sqlite, done: (error: Error | null, connection: unknown) => void) => {
        registerPairCounts(connection)
        connection.pragma('journal_mode = WAL')
        connection.pragma(`synchronous = ${isRepeatable ? 'NORMAL' : 'FULL'}`)
        connection.pragma('busy_timeout = 10000')
        connection.pragma(`foreign_keys = ${foreignKeys ? 'ON' : 'OFF'}`)
        // Most of what one step of a job changes fits in; a smaller one would write its pages out and read them again.
        connection.pragma(`cache_size = ${isRepeatable ? -10_000 : -8_000}`)
        connection.pragma(`mmap_size = ${isRepeatable ? 0 : 2_000_000_000}`)
        connection.pragma('temp_store = MEMORY')
        connection.pragma(`wal_autocheckpoint = ${writing ? leftToUpkeep : 4000}`)
        keepStatements(connection)
        done(null, connection)
      },
    },
  }
}

/** A page that a query holds up longer than this says that the database is busy. */
const patienceMs = 60_000

function serverSettings(database: Database & { client: 'mssql' }, { isPatient }: Options): Knex.Config {
  return {
    client: 'mssql',
    connection: {
      server: database.host,
      port: database.port,
      user: database.user,
      password: database.password,
      database: database.database,
      requestTimeout: isPatient ? 0 : patienceMs,
      options: { encrypt: database.encrypt, trustServerCertificate: database.trustCertificate },
    } as Knex.MsSqlConnectionConfig,
    pool: { min: 0, max: 10 },
  }
}
