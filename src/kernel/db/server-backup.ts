import type { Knex } from 'knex'
import { type Database, openDatabase, withPatience } from './open.ts'

type Server = Extract<Database, { client: 'mssql' }>

/** What the account of the program may do on its SQL Server. */
export type ServerRights = { mayBackUp: boolean; mayRestore: boolean; folder: string | null }

/** Asks a SQL Server what this account may; `folder` is where the server puts backups by itself. */
export async function serverRights(db: Knex): Promise<ServerRights> {
  const [row] = await db.raw(`select has_perms_by_name(db_name(), 'DATABASE', 'BACKUP DATABASE') as may_back_up,
    case when is_srvrolemember('sysadmin') = 1 or is_srvrolemember('dbcreator') = 1 then 1 else 0 end as may_restore,
    convert(nvarchar(400), serverproperty('InstanceDefaultBackupPath')) as folder`)
  return { mayBackUp: row?.may_back_up === 1, mayRestore: row?.may_restore === 1, folder: row?.folder ?? null }
}

/** The statement that makes a backup, as a database administrator may type it too. */
export const backupStatement = (database: string, file: string) =>
  `backup database ${bracketed(database)} to disk = ${quoted(file)} with copy_only, checksum, init`

/** The statements that restore one; nobody else is connected meanwhile. */
export const restoreStatements = (database: string, file: string) => [
  `alter database ${bracketed(database)} set single_user with rollback immediate`,
  `restore database ${bracketed(database)} from disk = ${quoted(file)} with replace, checksum`,
  `alter database ${bracketed(database)} set multi_user`,
]

const bracketed = (name: string) => `[${name.replaceAll(']', ']]')}]`
const quoted = (text: string) => `N'${text.replaceAll("'", "''")}'`

/** Has the server make a backup in a file of its own disk and read it through, however long that takes. */
export const backUpOnServer = (db: Knex, database: string, file: string) =>
  withPatience(db, async (patient) => {
    await patient.raw(backupStatement(database, file))
    await patient.raw(`restore verifyonly from disk = ${quoted(file)} with checksum`)
  })

/** Restores the database from a file of the server's disk, over a connection to `master`; the program's own are closed. */
export async function restoreOnServer(server: Server, file: string, open = openDatabase) {
  const master = open({ ...server, database: 'master' }, { isPatient: true })
  try {
    const [alone = '', restore = '', together = ''] = restoreStatements(server.database, file)
    await master.raw(alone)
    await master.raw(restore).finally(() => master.raw(together))
  } finally {
    await master.destroy()
  }
}
