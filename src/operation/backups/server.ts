import type { Knex } from 'knex'
import type { Config } from '../../config.ts'
import { knownMigrations } from '../../kernel/db/migrate.ts'
import { backUpOnServer, backupStatement, restoreStatements, serverRights } from '../../kernel/db/server-backup.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { text } from '../../texts/index.ts'
import { findChain } from '../audit-log/chain.ts'
import { packed } from './making.ts'
import { freeName, type Way } from './place.ts'

const t = text.backups.server

type Made = { way: Way; by: string; company: string; account?: string }

/** The name of the database on its SQL Server; undefined on SQLite. */
export const serverDatabase = ({ database }: Config) => (database.client === 'mssql' ? database.database : undefined)

/**
 * Has SQL Server make its own backup, and packs the stored files with a note of where it lies. A Refusal with what to ask
 * the database administrator for where the account of the program may not.
 */
export async function backUpServer(db: Knex, config: Config, made: Made): Promise<string> {
  const database = serverDatabase(config) as string
  const { mayBackUp, folder } = await serverRights(db)
  const name = await freeName(config.dataDir, made.way)
  const serverFile = `${folder ?? ''}${separatorOf(folder)}${name.replace(/\.zip$/, '.bak')}`
  if (!mayBackUp) throw new Refusal({ status: 409, message: t.mayNotBackUp(backupStatement(database, serverFile)) })
  const { sequence, hash } = await findChain(db)
  await backUpOnServer(db, database, serverFile)
  const keys: string[] = await db('secret_keys').pluck('id')
  return packed(config, {
    ...made,
    migrations: knownMigrations(),
    counts: {},
    keys,
    log: { sequence, hash },
    serverFile,
    name,
  })
}

/** The folder of a server on Windows or on Linux, with its sign at the end. */
const separatorOf = (folder: string | null) =>
  !folder || /[\\/]$/.test(folder) ? '' : folder.includes('\\') ? '\\' : '/'

/** What the page says about SQL Server: what the account may, and what to ask for where it may not. */
export async function serverFacts(db: Knex, config: Config): Promise<string[]> {
  const database = serverDatabase(config)
  if (!database) return []
  const { mayBackUp, mayRestore, folder } = await serverRights(db)
  const sample = `${folder ?? ''}${separatorOf(folder)}kehu.bak`
  return [
    t.place(folder ?? ''),
    mayBackUp ? t.mayBackUp : t.mayNotBackUp(backupStatement(database, sample)),
    mayRestore ? t.mayRestore : t.mayNotRestore(restoreStatements(database, sample).join('; ')),
    t.severalServers,
  ]
}
