import type { FastifyInstance } from 'fastify'
import type { Knex } from 'knex'
import { contentColumns, isContentHash } from '../../kernel/history/chain.ts'
import { moduleNamed } from '../../kernel/modules/catalogue.ts'
import { editPathOf, placeOf } from '../../kernel/modules/record-address.ts'
import { livingRows } from '../../kernel/modules/records.ts'
import { maskFor } from '../../kernel/web/change-mask.ts'
import { showCount, showSecond } from '../../kernel/web/formatting.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { notFound } from '../../kernel/web/refusal.ts'
import { text } from '../../texts/index.ts'
import { findChain } from './chain.ts'
import { actionLabel, changesOf, type Entry, recordText } from './entry.ts'
import { kindLabel } from './kinds.ts'

const { fields: labels, ...texts } = text.auditLog

type Sealed = Entry & { content_hash: string | null; sequence: number | null; link_hash: string | null }

/** One entry with everything it says, and its place in the chain. */
export function entryRoutes(app: FastifyInstance) {
  const options = { config: { permission: 'audit_log.view' as const }, schema: { params: idParams } }

  app.get<IdParams>('/audit-log/:id', options, async (request, reply) => {
    const entry = await findEntry(app.db, request.params.id)
    const title = texts.entry(showSecond(entry.occurred_at))
    return reply.page('operation/audit-log/show', {
      title,
      card: {
        title,
        back: '/audit-log',
        groups: [
          { title: texts.one, items: await itemsOf(app.db, entry) },
          { title: texts.sealing, items: await sealOf(app.db, entry) },
        ],
      },
      changes: changesOf(entry, maskFor(request.viewer)),
    })
  })
}

async function findEntry(db: Knex, id: number): Promise<Sealed> {
  const entry = await db('events')
    .leftJoin('event_links', 'event_links.event_id', 'events.id')
    .where('events.id', id)
    .first(
      'events.id',
      'events.hash as content_hash',
      'event_links.sequence',
      'event_links.hash as link_hash',
      ...contentColumns.map((column) => `events.${column}`),
    )
  if (!entry) throw notFound()
  return entry
}

async function itemsOf(db: Knex, entry: Entry) {
  const { record_name } = entry
  const name = recordText(entry)
  return [
    { label: labels.occurred_at, text: showSecond(entry.occurred_at) },
    { label: labels.user_id, text: entry.user_name ?? '' },
    { label: labels.address, text: entry.address ?? '' },
    { label: labels.action, text: actionLabel(entry.action) },
    { label: labels.record_type, text: kindLabel(entry.record_type) },
    { label: labels.record, text: name, href: await addressOf(db, entry) },
    ...(record_name && record_name !== name ? [{ label: labels.changes, text: record_name, isWide: true }] : []),
  ]
}

async function sealOf(db: Knex, { id, content_hash, sequence, link_hash }: Sealed) {
  if (sequence !== null)
    return [
      { label: labels.sequence, text: showCount(sequence) },
      { label: labels.hash, text: link_hash ?? '', isWide: true },
    ]
  const { settled_id } = await findChain(db)
  const isFresh = isContentHash(content_hash) && id > settled_id
  return [{ label: labels.hash, text: isFresh ? texts.unsealed : texts.foreign, isWide: true }]
}

/** Where the record of an entry is shown; undefined when it has no page or is gone. */
async function addressOf(db: Knex, { record_type, record_id: id }: Entry): Promise<string | undefined> {
  if (id === null) return undefined
  const found = await (placesOf[record_type ?? ''] ?? declaredPlace(record_type))?.(db, id)
  return found ?? undefined
}

type Place = (db: Knex, id: number) => Promise<string | undefined>

const living =
  (table: string): Place =>
  async (db, id) =>
    (await db(table).where({ id }).first('id')) && `/${table}/${id}`

function declaredPlace(kind: string | null): Place | undefined {
  const module = moduleNamed(kind ?? '')
  if (!module) return undefined
  return async (db, id) => {
    const record = await livingRows(db, module).where({ id }).first()
    return record && (module.isCardless ? editPathOf(module, record) : placeOf(module, record))
  }
}

const placesOf: Record<string, Place> = {
  imports: living('imports'),
  jobs: living('jobs'),
  company: async () => '/company',
  settings: async () => '/settings',
}
