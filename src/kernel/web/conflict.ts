import type { FastifyReply } from 'fastify'
import type { Knex } from 'knex'
import { type Conflicting, conflictView, type RecordKind } from './record.ts'

type Parts = Omit<Conflicting, 'action' | 'cancelHref'> & {
  /** Where the record is saved; one who gives up goes to `backHref`, there by default. */
  path: string
  backHref?: string
  /** What else stood in the form and must not be lost. */
  extras?: { name: string; value: string }[]
}

/** Answers the second of two who saved the same record with the screen on which to choose. */
export async function sendConflict(
  db: Knex,
  reply: FastifyReply,
  kind: RecordKind,
  { path, backHref = path, extras = [], ...parts }: Parts,
) {
  const { conflict } = await conflictView(db, kind, { ...parts, action: path, cancelHref: backHref })
  const hidden = [...conflict.hidden, ...extras.filter(({ value }) => value)]
  return reply.code(409).page('shared/conflict', { title: conflict.title, conflict: { ...conflict, hidden } })
}
