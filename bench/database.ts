import '../src/modules.ts'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import type { Knex } from 'knex'
import { bumpRevision } from '../src/kernel/db/cache-revision.ts'
import { migrateDatabase } from '../src/kernel/db/migrate.ts'
import { openDatabase } from '../src/kernel/db/open.ts'
import { presetInstallation } from '../src/operation/setup/installation.ts'
import { hashPassword } from '../src/people/users/password.ts'
import { insertUser, userRow } from '../src/people/users/user-row.ts'
import { type Choices, usualChoices } from './customer.ts'
import { fill } from './fill.ts'
import { readNames } from './names.ts'

/** The first account of the databases made here. */
export const account = { username: 'mr', password: 'bench password' }

const folder = join(tmpdir(), 'kehu-bench')
/** People who own the customers, if nobody says how many. */
const usualPeople = 50
const sources = ['bench', 'migrations', 'src/kernel/search', 'seeds/names']

/** The file of a database with so many generated customers; made anew only when its schema or the generator changed. */
export async function benchDatabase(count: number, people = usualPeople): Promise<string> {
  const file = join(folder, people === usualPeople ? `${count}.db` : `${count}-${people}.db`)
  const version = sourceVersion()
  if (existsSync(file) && versionOf(file) === version) return file
  mkdirSync(folder, { recursive: true })
  for (const ending of ['', '-wal', '-shm']) rmSync(file + ending, { force: true })
  await migrateDatabase({ client: 'better-sqlite3', file })
  const choices = await prepare(file, people)
  const sqlite = new Sqlite(file)
  for (const pragma of ['journal_mode = off', 'synchronous = off', 'foreign_keys = off', 'cache_size = -500000'])
    sqlite.pragma(pragma)
  fill(sqlite, count, choices)
  sqlite.pragma('journal_mode = wal')
  sqlite.pragma(`user_version = ${version}`)
  sqlite.close()
  return file
}

function versionOf(file: string) {
  const sqlite = new Sqlite(file)
  const version = sqlite.pragma('user_version', { simple: true })
  sqlite.close()
  return version
}

/** A number that changes with the files that say what is in the database. */
function sourceVersion(): number {
  const hash = createHash('sha256').update(String(usualPeople))
  for (const source of sources) {
    const directory = new URL(`../${source}/`, import.meta.url)
    for (const name of readdirSync(directory).sort())
      if (/\.(ts|txt)$/.test(name) && isMaker(source, name)) hash.update(readFileSync(new URL(name, directory)))
  }
  return hash.digest().readInt32BE()
}

const makers = new Set('contact customer database fill generate names random'.split(' ').map((name) => `${name}.ts`))
const isMaker = (source: string, name: string) => source !== 'bench' || makers.has(name)

async function prepare(file: string, people: number): Promise<Choices> {
  const db = openDatabase({ client: 'better-sqlite3', file })
  try {
    await presetInstallation(db, account.password)
    await addUsers(db, people)
    return await readChoices(db)
  } finally {
    await db.destroy()
  }
}

async function addUsers(db: Knex, people: number) {
  const names = readNames(new URL('../seeds/names/persons.txt', import.meta.url))
  const password_hash = await hashPassword(account.password, { memory: 1024, passes: 1, parallelism: 1 })
  const { id: role_id } = await db('roles').where({ code: 'user' }).first('id')
  for (let index = 1; index < people; index++) {
    const row = userRow({ username: `user${index}`, name: names[index] as string, password_hash })
    const user_id = await insertUser(db, row)
    await db('user_roles').insert({ user_id, role_id })
  }
  await bumpRevision(db)
}

const dictionaries = {
  level_id: 'customer-levels',
  source_id: 'customer-sources',
  type_id: 'customer-types',
  status_id: 'customer-states',
  industry_id: 'industries',
  ownership_id: 'ownerships',
  importance_id: 'importances',
  credit_rating_id: 'credit-ratings',
  region_id: 'sales-regions',
}

async function readChoices(db: Knex): Promise<Choices> {
  const choices = { ...usualChoices, owner_id: await db('users').pluck('id') }
  for (const [column, dictionary] of Object.entries(dictionaries))
    choices[column as keyof Choices] = await db('dictionary_entries').where({ dictionary }).orderBy('id').pluck('id')
  return choices
}
