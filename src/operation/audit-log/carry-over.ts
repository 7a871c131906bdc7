import { createReadStream, createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Knex } from 'knex'
import { insertAll } from '../../kernel/db/dialect.ts'
import { insertWithIds, lastId, setLastId, tablesOfProgram } from '../../kernel/db/schema.ts'
import { contentColumns, contentHash, type StoredContent } from '../../kernel/history/chain.ts'
import { ownTables } from '../../kernel/modules/own-table.ts'
import type { LogEnd } from './anchor.ts'
import { type Chain, findChain } from './chain.ts'

/*
 * The log is never set back by a restoration: what was done since the backup was made is written behind what the backup
 * holds. Where the backup is one of this very database, its log is the beginning of the present one, and entries and
 * links come as they are, so that the chain stays one. Entries of another database come with new numbers and links; what
 * they say of people and records by number, which may be others there, is kept in `origin`, for the hash of their content.
 */

type Row = StoredContent & {
  id: number
  hash: string | null
  origin: string | null
  sequence: number | null
  link_hash: string | null
}

/** What stands before the entries that were taken out. */
type Head = {
  /** Whether the backup holds the beginning of this log. */
  isSame: boolean
  chain: Chain
  /** Who everybody is: the user name by number. */
  people: Record<string, string>
  /** The last number each table has given: none may come a second time, its history is that of another record. */
  lastIds: Record<string, number>
}

const rowsAtOnce = 500

/** Takes the entries that a backup cannot hold out of a database, into a file; `end` is where the log of the backup ends. */
export async function takeOutEntries(db: Knex, end: LogEnd | undefined, file: string) {
  const head = await headOf(db, end)
  const lines = async function* () {
    yield `${JSON.stringify(head)}\n`
    for (let last = head.isSame ? (end as LogEnd).sequence : 0; ; ) {
      const rows = await linkedRows(db, last)
      for (const row of rows) yield `${JSON.stringify(row)}\n`
      if (rows.length < rowsAtOnce) return
      last = rows.at(-1)?.sequence as number
    }
  }
  await pipeline(Readable.from(lines()), createWriteStream(file, { flags: 'wx', mode: 0o600 }))
}

async function headOf(db: Knex, end: LogEnd | undefined): Promise<Head> {
  const chain = await findChain(db)
  const link = end?.sequence ? await db('event_links').where({ sequence: end.sequence }).first('hash') : undefined
  const users: { id: number; username_key: string }[] = await db('users').select('id', 'username_key')
  const lastIds: Record<string, number> = {}
  const own = (await ownTables(db)).flatMap(({ tables }) => tables)
  for (const { name, isNumbered } of [...(await tablesOfProgram()), ...own])
    if (isNumbered && name !== 'events') lastIds[name] = await lastId(db, name)
  const people = Object.fromEntries(users.map(({ id, username_key }) => [String(id), username_key]))
  return { isSame: link !== undefined && link.hash === end?.hash, chain, people, lastIds }
}

const linkedRows = (db: Knex, last: number): Promise<Row[]> =>
  db('event_links')
    .join('events', 'events.id', 'event_links.event_id')
    .where('event_links.sequence', '>', last)
    .orderBy('event_links.sequence')
    .limit(rowsAtOnce)
    .select(
      'events.id',
      'events.hash',
      'events.origin',
      'event_links.sequence',
      'event_links.hash as link_hash',
      ...contentColumns.map((column) => `events.${column}`),
    )

/** Writes what was taken out behind the log of the restored database, in its transaction; answers how many entries came. */
export async function bringInEntries(trx: Knex, file: string): Promise<number> {
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })
  let bringing: Bringing | undefined
  const rows: Row[] = []
  for await (const line of lines) {
    if (!bringing) bringing = await beginBringing(trx, JSON.parse(line))
    else rows.push(JSON.parse(line))
    if (rows.length === rowsAtOnce) await bring(trx, bringing, rows.splice(0))
  }
  if (!bringing) return 0
  await bring(trx, bringing, rows)
  await endBringing(trx, bringing)
  return bringing.count
}

type Bringing = {
  head: Head
  /** Where the log of the restored database ended by itself. */
  end: LogEnd
  people: Map<number, string>
  /** Entries that the restored database made by itself under numbers that are taken. */
  displaced: Row[]
  count: number
}

async function beginBringing(trx: Knex, head: Head): Promise<Bringing> {
  const end = await findChain(trx)
  const users: { id: number; username_key: string }[] = await trx('users').select('id', 'username_key')
  const people = new Map(users.map(({ id, username_key }) => [id, username_key]))
  return { head, end, people, displaced: [], count: 0 }
}

async function bring(trx: Knex, bringing: Bringing, rows: Row[]) {
  const held = await heldRows(trx, rows)
  const isThere = ({ id, hash }: Row) => held.has(id) && held.get(id)?.hash === hash
  const fresh = rows.filter((row) => !isThere(row))
  bringing.count += fresh.length
  const events = fresh.map((row) => eventOf(bringing, row))
  if (!bringing.head.isSame) {
    await insertAll(
      trx,
      'events',
      events.map(({ id: _, ...event }) => event),
    )
    return
  }
  const displaced = fresh.flatMap(({ id }) => held.get(id) ?? [])
  bringing.displaced.push(...displaced)
  for (const { id } of displaced) await trx('events').where({ id }).delete()
  await insertWithIds(trx, { name: 'events', isNumbered: true }, events)
  const links = rows.filter(({ sequence }) => (sequence ?? 0) > bringing.end.sequence)
  await insertAll(
    trx,
    'event_links',
    links.map(({ sequence, id, link_hash }) => ({ sequence, event_id: id, hash: link_hash })),
  )
}

async function heldRows(trx: Knex, rows: Row[]): Promise<Map<number, Row>> {
  const ids = rows.map(({ id }) => id)
  const held: Row[] = await trx('events')
    .whereIn('id', ids)
    .select('id', 'hash', 'origin', ...contentColumns)
  return new Map(held.map((row) => [row.id, row]))
}

/** The row as the restored database can hold it: people it does not know, and records of another database, only by name. */
function eventOf({ head, people }: Bringing, row: Row) {
  const { sequence: _, link_hash: __, ...event } = row
  const isKnown = row.user_id === null || people.get(row.user_id) === head.people[String(row.user_id)]
  const isRecordKnown = row.record_id === null || head.isSame
  if (isKnown && isRecordKnown) return { ...event, hash: row.hash ?? contentHash(row) }
  const kept = {
    ...JSON.parse(row.origin ?? '{}'),
    ...(!isKnown && { user_id: row.user_id }),
    ...(!isRecordKnown && { record_id: row.record_id }),
  }
  return {
    ...event,
    hash: row.hash ?? contentHash(row),
    origin: JSON.stringify(kept),
    user_id: isKnown ? row.user_id : null,
    record_id: isRecordKnown ? row.record_id : null,
  }
}

async function endBringing(trx: Knex, { head, displaced }: Bringing) {
  if (head.isSame) {
    const { adopted_id, seen_id, settled_id, sequence, hash, sealed_at } = head.chain
    await trx('event_chain').update({ adopted_id, seen_id, settled_id, sequence, hash, sealed_at })
    // A module that was made since has no table in what was restored.
    for (const [name, last] of Object.entries(head.lastIds))
      if ((await trx.schema.hasTable(name)) && last > (await lastId(trx, name))) await setLastId(trx, name, last)
  }
  await insertAll(
    trx,
    'events',
    displaced.map(({ id: _, ...event }) => event),
  )
}
