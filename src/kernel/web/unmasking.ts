import type { FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import { maskGroups, type Permission } from '../permissions.ts'
import type { Field } from './fields.ts'
import { hiddenIn } from './masks.ts'
import type { Viewer } from './viewer.ts'

const minutes = 10

/** A person who asked to see a record whole sees it so for ten minutes; the entry in the log that says it is what counts. */
export async function seeing(
  db: Knex,
  { viewer }: FastifyRequest,
  record: { table: string; id: number; permission: Permission },
): Promise<Viewer> {
  if (!viewer.can(record.permission) || !maskGroups.some(viewer.isMasked)) return viewer
  const since = new Date(Date.now() - minutes * 60_000).toISOString()
  const asked = await db('events')
    .where({ record_type: record.table, record_id: record.id, user_id: viewer.id, action: 'unmask' })
    .where('occurred_at', '>', since)
    .first('id')
  return asked ? { ...viewer, isMasked: () => false } : viewer
}

/** The button of a card that shows what is masked, as views/shared/_card.eta wants it; null where nothing is. */
export function unmaskButton(
  row: Record<string, unknown>,
  fields: Field[],
  { viewer, permission, path }: { viewer: Viewer; permission: Permission; path: string },
) {
  const isMasked = hiddenIn(row, fields, viewer).size > 0
  if (!isMasked || !viewer.can(permission)) return null
  return { action: `${path}/unmasking`, label: text.actions.unmask, hint: text.record.unmaskHint(minutes) }
}
