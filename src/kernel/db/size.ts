import { stat } from 'node:fs/promises'
import type { Knex } from 'knex'
import type { Database } from './open.ts'

/** Kind and version of a database, and how many bytes it takes; undefined where that is not to be told. */
export async function describeDatabase(db: Knex, database: Database) {
  if (database.client === 'mssql') {
    const [row] = await db.raw(`select convert(nvarchar(60), serverproperty('ProductVersion')) as version,
      (select sum(convert(bigint, size)) * 8192 from sys.database_files) as byte_count`)
    return { kind: 'SQL Server', version: String(row?.version ?? ''), bytes: Number(row?.byte_count ?? 0) }
  }
  const [row] = await db.raw('select sqlite_version() as version')
  return { kind: 'SQLite', version: String(row.version), bytes: await bytesOf(database.file) }
}

async function bytesOf(file: string): Promise<number> {
  if (file === ':memory:') return 0
  const sizes = await Promise.all([file, `${file}-wal`].map((path) => stat(path).catch(() => ({ size: 0 }))))
  return sizes.reduce((sum, { size }) => sum + size, 0)
}
