import { copyFileSync, existsSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Sqlite, { type Database } from 'better-sqlite3'
import { contentHash, type EventContent, linkHash } from '../src/kernel/history/chain.ts'
import type { Sealer } from '../src/kernel/secrets.ts'
import { type LogPlace, logSealer } from '../src/operation/audit-log/anchor.ts'
import { benchDatabase } from './database.ts'
import { inserter, takeIndexes } from './fill.ts'
import { type Random, randomFrom } from './random.ts'

const customers = 100_000
const twoYears = 730 * 86_400_000
const actions = 'update update update update create create sign-in sign-out export print'.split(' ')
const change = [{ field: 'level_id', before: 3, after: 4, beforeText: '普通客户', afterText: '重点客户' }]
const changes = JSON.stringify(change)

/** A database with customers and so many entries of the log, chained as the program does it. Made once; answers its file. */
export async function logDatabase(count: number): Promise<string> {
  const plain = await benchDatabase(customers)
  const file = plain.replace('.db', `-keyed-log-${count}.db`)
  if (existsSync(file)) return file
  new Sqlite(plain).pragma('wal_checkpoint(truncate)')
  copyFileSync(plain, `${file}.part`)
  const sqlite = new Sqlite(`${file}.part`)
  for (const pragma of ['journal_mode = off', 'synchronous = off', 'foreign_keys = off', 'cache_size = -500000'])
    sqlite.pragma(pragma)
  const indexes = takeIndexes(sqlite)
  fillLog(sqlite, count, logSealer(logPlace(file)))
  for (const sql of indexes) sqlite.exec(sql)
  sqlite.pragma('journal_mode = wal')
  sqlite.close()
  renameSync(`${file}.part`, file)
  return file
}

/** Where the key of its log lies. */
export const logPlace = (file: string): LogPlace => ({
  dataDir: dirname(file),
  secretKeyFile: join(dirname(file), 'secret.key'),
})

function fillLog(sqlite: Database, count: number, sealer: Sealer) {
  const names = sqlite.prepare('select name from customers order by id').pluck().all() as string[]
  const people = sqlite.prepare('select id from users order by id').pluck().all() as number[]
  const [event, link] = [inserter(sqlite, 'events'), inserter(sqlite, 'event_links')]
  const random = randomFrom(1)
  const began = Date.now() - twoYears
  let hash = ''
  sqlite.exec('delete from event_links; delete from events; begin')
  for (let id = 1; id <= count; id++) {
    const content = contentOf(random, { names, people }, new Date(began + (id * twoYears) / count))
    const own = contentHash(content)
    hash = linkHash(sealer, { previous: hash, sequence: id, event_id: id, content: own })
    event({ id, ...content, hash: own })
    link({ sequence: id, event_id: id, hash })
  }
  sqlite.exec('commit')
  const end = { adopted_id: 0, seen_id: count, settled_id: count, sequence: count, hash }
  sqlite.prepare(`update event_chain set ${Object.keys(end).map((name) => `${name} = ?`)}`).run(...Object.values(end))
}

/** Some people do most, most is about customers, and a few things are rare: purges, and changes of the settings. */
function contentOf(random: Random, { names, people }: { names: string[]; people: number[] }, at: Date): EventContent {
  const user_id = people[random.skewed(people.length) - 1] as number
  const isRare = random.below(100_000) === 0
  const action = isRare ? 'purge' : (actions[random.below(actions.length)] as string)
  const isAbout = !action.startsWith('sign')
  const record_id = isAbout ? 1 + random.below(names.length) : null
  const record_type = random.below(10_000) === 0 ? 'settings' : random.below(3) ? 'customers' : 'contacts'
  return {
    occurred_at: at.toISOString(),
    user_id,
    user_name: `用户${user_id}`,
    address: `10.0.0.${user_id}`,
    action,
    record_type: isAbout ? record_type : null,
    record_id,
    record_version: isAbout ? 2 : null,
    record_name: record_id ? (names[record_id - 1] as string) : null,
    changes: action === 'update' ? changes : null,
  }
}
