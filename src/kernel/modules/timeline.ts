import type { FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { eventsOf, newestEvents } from '../history/history.ts'
import { entriesOf } from '../web/record.ts'
import type { Viewer } from '../web/viewer.ts'
import { addingTo } from './adding.ts'
import { maskOf, toldEvents } from './history.ts'
import type { Module, Stored } from './module.ts'
import { seenName } from './reading.ts'
import { placeOf } from './record-address.ts'
import { kindOf } from './records.ts'

/** So much of what happened stands on a card at once. */
const most = 12

/** Records of one module that hang on another or point at it, which this person may see. */
export type Hanging = { module: Module; rows: Stored[] }

type Of = { module: Module; stored: Stored; viewer: Viewer; hanging: Hanging[]; path: string }

/**
 * What happened to a record and to what hangs on it, the newest first, as this person may read it
 * (views/shared/_timeline.eta); what is older than the event that the address names by `before`, and where there is more.
 */
export async function timelineOf(db: Knex, request: FastifyRequest, of: Of) {
  const before = beforeIn(request)
  const own = await ownEntries(db, of, before)
  const others = await Promise.all(of.hanging.map((one) => entriesBelow(db, request.viewer, one, before)))
  const found = new Map([...others.flat(), ...own].map((entry) => [entry.id, entry]))
  const all = [...found.values()].sort((one, other) => other.id - one.id)
  const entries = all.slice(0, most)
  return {
    entries,
    adds: before === undefined ? await addingTo(db, of.module, of.viewer, of.stored) : [],
    isOlder: before !== undefined,
    moreHref: all.length > most ? `${of.path}?before=${entries.at(-1)?.id}` : null,
  }
}

function beforeIn({ query }: FastifyRequest): number | undefined {
  const { before } = query as { before?: unknown }
  return /^[1-9]\d{0,14}$/.test(String(before ?? '')) ? Number(before) : undefined
}

async function ownEntries(db: Knex, { module, stored, viewer }: Of, before: number | undefined) {
  const found = await eventsOf(db, module.name, stored.id, most + 1, before)
  const events = await toldEvents(db, module, viewer, stored, found)
  return entriesOf(kindOf(module), events, await maskOf(db, module, viewer, events))
}

async function entriesBelow(db: Knex, viewer: Viewer, { module, rows }: Hanging, before: number | undefined) {
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const events = await newestEvents(db, module.name, ids, most + 1, before)
  const entries = entriesOf(kindOf(module), events, await maskOf(db, module, viewer, events))
  const named = new Map(
    rows.map((row) => [
      row.id,
      { label: module.label, name: seenName(module, row, viewer), href: placeOf(module, row) },
    ]),
  )
  return entries.map((entry, at) => ({ ...entry, of: named.get(events[at]?.record_id as number) }))
}
