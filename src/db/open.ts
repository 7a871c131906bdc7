import type { Database as Sqlite } from 'better-sqlite3'
import type { Knex } from 'knex'
import knex from 'knex'
import { readRows } from './rows.ts'
import { keepStatements } from './statements.ts'

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

/** Opens either database, the only place that knows the drivers. `foreignKeys: false` is for migrations (house rule 8). */
export function openDatabase(database: Database, { foreignKeys = true } = {}): Knex {
  return knex({
    ...(database.client === 'mssql' ? serverSettings(database) : fileSettings(database.file, foreignKeys)),
    compileSqlOnError: false,
    postProcessResponse: readRows,
  })
}

function fileSettings(file: string, foreignKeys: boolean): Knex.Config {
  return {
    client: 'better-sqlite3',
    connection: { filename: file },
    useNullAsDefault: true,
    pool: {
      min: 1,
      max: 1,
      afterCreate: (connection: Sqlite, done: (error: Error | null, connection: unknown) => void) => {
        connection.pragma('journal_mode = WAL')
        connection.pragma('synchronous = FULL')
        connection.pragma('busy_timeout = 10000')
        connection.pragma(`foreign_keys = ${foreignKeys ? 'ON' : 'OFF'}`)
        connection.pragma('cache_size = -32000')
        connection.pragma('mmap_size = 2000000000')
        connection.pragma('temp_store = MEMORY')
        // 16 MB instead of 4: an import of 100,000 customers changes the same index pages again and again.
        connection.pragma('wal_autocheckpoint = 4000')
        keepStatements(connection)
        done(null, connection)
      },
    },
  }
}

function serverSettings(database: Database & { client: 'mssql' }): Knex.Config {
  return {
    client: 'mssql',
    connection: {
      server: database.host,
      port: database.port,
      user: database.user,
      password: database.password,
      database: database.database,
      requestTimeout: 60_000,
      options: { encrypt: database.encrypt, trustServerCertificate: database.trustCertificate },
    } as Knex.MsSqlConnectionConfig,
    pool: { min: 0, max: 10 },
  }
}
