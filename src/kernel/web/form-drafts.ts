import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import { upsert } from '../db/dialect.ts'
import type { Body } from './form.ts'
import { showInstant } from './formatting.ts'
import { localPath } from './local-path.ts'
import { typedFields } from './typed-fields.ts'

/** Under this name a form says where it was opened, also after it came back with errors. */
export const addressName = 'form_at'

const longest = { address: 300, fields: 100_000 }
const mostOfOne = 50
const keptMinutes = 60
const oldest = () => new Date(Date.now() - keptMinutes * 60_000).toISOString()

/** Where the form of a request was opened; nothing where it does not say, or where the address is too long to be kept. */
export function formAddress({ method, url, body }: FastifyRequest): string | undefined {
  const address = localPath(method === 'GET' ? url : (body as Body | undefined)?.[addressName])
  return address && address.length <= longest.address ? address : undefined
}

/** Forgets what was typed into a form as soon as it is saved. */
export function formDrafts(app: FastifyInstance) {
  app.addHook('onSend', async (request, reply, payload) => {
    const address = reply.statusCode === 303 && request.method === 'POST' && formAddress(request)
    if (address && request.user) await draftsOf(app.db, request.user.id).where({ address }).delete()
    return payload
  })
}

/** Keeps what is being typed (public/app.js), instead of what was kept of the same form; nothing typed forgets it. */
export async function formDraftRoutes(app: FastifyInstance) {
  app.post('/form-drafts', { config: { permission: 'signed-in' } }, async (request, reply) => {
    const address = formAddress(request)
    const user_id = request.user?.id as number
    const typed = typedFields(request.body as Body).fields.filter(([name]) => ![addressName, 'form_id'].includes(name))
    const fields = JSON.stringify(typed)
    if (!address || fields.length > longest.fields) return reply.code(422).send()
    if (typed.length === 0) await draftsOf(app.db, user_id).where({ address }).delete()
    else {
      await upsert(app.db, 'form_drafts', { user_id, address }, { fields, created_at: new Date().toISOString() })
      await keepNewest(app.db, user_id)
    }
    return reply.code(204).send()
  })
}

const draftsOf = (db: Knex, user_id: number) => db('form_drafts').where({ user_id })

async function keepNewest(db: Knex, userId: number) {
  const ids: number[] = await draftsOf(db, userId).orderBy('created_at', 'desc').pluck('id')
  if (ids.length > mostOfOne) await db('form_drafts').whereIn('id', ids.slice(mostOfOne)).delete()
}

/** Forgets all that a person typed, who signs out. */
export const forgetDrafts = (db: Knex, userId: number) => draftsOf(db, userId).delete()

/** Forgets what is too old to be offered. */
export const forgetOldDrafts = (db: Knex) => db('form_drafts').where('created_at', '<', oldest()).delete()

export type Form = { method: string; version: number | null }

/**
 * What the person typed into the form that is opened and did not save, as views/shared/_form.eta offers it; `fields` as JSON,
 * of which only what is brought back is looked at. Whoever brings back what was typed before a change of another meets
 * the page that compares both.
 */
export async function draftFor(db: Knex, request: FastifyRequest, { method, version }: Form) {
  const address = request.method === 'GET' && method === 'post' && request.user && formAddress(request)
  if (!address) return undefined
  const row = await draftsOf(db, request.user?.id as number)
    .where({ address })
    .where('created_at', '>=', oldest())
    .first('fields', 'created_at')
  if (!row) return undefined
  const before = new Map<string, string>(JSON.parse(row.fields)).get('version')
  const isChanged = version !== null && before !== undefined && before !== String(version)
  return { fields: row.fields as string, said: text.form.draft.offered(showInstant(row.created_at), isChanged) }
}
