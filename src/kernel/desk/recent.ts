import type { Knex } from 'knex'
import { upsert } from '../db/dialect.ts'

/** A record that somebody looked at, by the name of its module. */
export type Opened = { module: string; id: number }

/** So many are remembered of each person. */
const most = 10
/** They are written down this much later, all of a while at once: opening a card writes nothing by itself. */
const laterMs = 3_000

type Memory = { records: Map<number, Opened[]>; unwritten: Set<number>; timer?: NodeJS.Timeout | undefined }
const memories = new WeakMap<Knex, Memory>()

function memoryOf(db: Knex): Memory {
  const memory = memories.get(db) ?? { records: new Map(), unwritten: new Set() }
  memories.set(db, memory)
  return memory
}

/** What a person opened last, the latest first. */
export async function recentlyOpened(db: Knex, userId: number): Promise<Opened[]> {
  const { records } = memoryOf(db)
  const known = records.get(userId)
  if (known) return known
  const row = await db('desks').where({ user_id: userId }).first('recent_records')
  const stored = records.get(userId) ?? storedRecords(row?.recent_records)
  records.set(userId, stored)
  return stored
}

function storedRecords(stored: string | null | undefined): Opened[] {
  try {
    const records: unknown = JSON.parse(stored ?? '[]')
    return Array.isArray(records) ? records.filter((one) => typeof one?.module === 'string' && one.id > 0) : []
  } catch {
    return []
  }
}

/** Remembers that a person opened a record. */
export async function noteOpened(db: Knex, userId: number, opened: Opened): Promise<void> {
  const before = await recentlyOpened(db, userId)
  const isSame = (one: Opened | undefined) => one?.id === opened.id && one.module === opened.module
  if (isSame(before[0])) return
  const memory = memoryOf(db)
  memory.records.set(userId, [opened, ...before.filter((one) => !isSame(one))].slice(0, most))
  memory.unwritten.add(userId)
  memory.timer ??= setTimeout(() => writeRecent(db).catch(() => {}), laterMs).unref()
}

/** Writes down what is not yet; when the program ends, at once. */
export async function writeRecent(db: Knex): Promise<void> {
  const { records, unwritten, ...memory } = memoryOf(db)
  clearTimeout(memory.timer)
  memoryOf(db).timer = undefined
  const users = [...unwritten]
  unwritten.clear()
  for (const user_id of users)
    await upsert(db, 'desks', { user_id }, { recent_records: JSON.stringify(records.get(user_id) ?? []) })
}
