import { parentPort, workerData } from 'node:worker_threads'
import Sqlite from 'better-sqlite3'
import type { Depth, Inspection } from './inspect.ts'
import { outsideTokens } from './search-tables.ts'

const { file, depth } = workerData as { file: string; depth: Depth }
const mostFaults = 20

function inspect(): Inspection {
  const nothing: Inspection = { faults: [], migrations: [], counts: {}, company: null, keys: [] }
  let sqlite: Sqlite.Database
  try {
    sqlite = new Sqlite(file, { fileMustExist: true })
    sqlite.pragma('journal_mode = delete')
  } catch (error) {
    return { ...nothing, faults: [(error as Error).message] }
  }
  try {
    sqlite.pragma('cache_size = -16000')
    const faults = faultsOf(sqlite)
    if (faults.length > 0) return { ...nothing, faults }
    const tables = namesOf(sqlite)
    if (!tables.includes('knex_migrations')) return nothing
    return {
      faults,
      migrations: sqlite.prepare('select name from knex_migrations order by name').pluck().all() as string[],
      counts: Object.fromEntries(tables.map((name) => [name, countOf(sqlite, name)])),
      company: tables.includes('settings') ? companyOf(sqlite) : null,
      keys: tables.includes('secret_keys')
        ? (sqlite.prepare('select id from secret_keys').pluck().all() as string[])
        : [],
      ...(tables.includes('event_chain') && { log: logOf(sqlite) }),
    }
  } catch (error) {
    return { ...nothing, faults: [(error as Error).message] }
  } finally {
    sqlite.close()
  }
}

function faultsOf(sqlite: Sqlite.Database): string[] {
  if (depth === 'counts') return []
  const found = sqlite.prepare(`pragma quick_check(${mostFaults})`).pluck().all() as string[]
  if (found[0] !== 'ok') return found
  if (depth === 'file') return []
  const broken = sqlite.pragma('foreign_key_check') as { table: string; parent: string }[]
  return broken.slice(0, mostFaults).map(({ table, parent }) => `${table} -> ${parent}`)
}

/** The tables of the program; those of the search index hold what it makes by itself. */
const namesOf = (sqlite: Sqlite.Database) =>
  sqlite
    .prepare(`select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and ${outsideTokens}`)
    .pluck()
    .all() as string[]

const countOf = (sqlite: Sqlite.Database, name: string) =>
  sqlite
    .prepare(`select count(*) from "${name.replaceAll('"', '""')}"`)
    .pluck()
    .get() as number

function logOf(sqlite: Sqlite.Database): Inspection['log'] {
  return sqlite.prepare('select sequence, hash from event_chain').get() as Inspection['log']
}

function companyOf(sqlite: Sqlite.Database): string | null {
  const stored = sqlite.prepare("select value from settings where name = 'companyName'").pluck().get()
  return typeof stored === 'string' ? String(JSON.parse(stored)) : null
}

parentPort?.postMessage(inspect())
