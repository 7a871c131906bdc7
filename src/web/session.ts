import { createHash, randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { storageFault } from '../db/dialect.ts'
import { currentRevision, revisionColumn } from '../db/revision.ts'
import { activeJobColumn } from '../jobs/job.ts'
import { settingsAt } from '../settings.ts'

export type SessionUser = {
  id: number
  username: string
  name: string
  is_password_due: boolean
  is_factory_password: boolean
}
export type Message = { kind: 'notice' | 'warning'; text: string }

/** Who acts, and from where: what the operation log keeps. */
export type Actor = { id: number | null; name: string; address: string | null }

declare module 'fastify' {
  interface FastifyRequest {
    user: SessionUser | null
    sessionKey: string | null
    /** The number the reference data stands at (db/revision.ts). */
    revision: number
    activeJobCount: number
    messages: Message[]
    actor: Actor
    flash(text: string, kind?: Message['kind']): Promise<void>
  }
}

const cookie = 'kehu_session'
const touchEvery = 60_000
const hash = (token: string) => createHash('sha256').update(token).digest('hex')

/** Reads the session of every request from the database, so that several servers share it and it can be ended there. */
export function sessions(app: FastifyInstance) {
  app.decorateRequest('user', null)
  app.decorateRequest('sessionKey', null)
  app.decorateRequest('revision', 0)
  app.decorateRequest('activeJobCount', 0)
  app.decorateRequest('messages', null as never)
  app.decorateRequest('actor', {
    getter(this: FastifyRequest) {
      return { id: this.user?.id ?? null, name: this.user?.name ?? '', address: this.ip.slice(0, 60) }
    },
  } as never)
  app.decorateRequest('flash', async function (this: FastifyRequest, text: string, kind: Message['kind'] = 'notice') {
    const flash = JSON.stringify([...this.messages, { kind, text }])
    await app.db('sessions').where({ token_hash: this.sessionKey }).update({ flash })
  })
  app.addHook('onRequest', async (request) => {
    request.messages = []
    const token = request.cookies[cookie]
    if (token) await recognise(app.db, request, hash(token))
    if (!request.user) request.revision = await currentRevision(app.db)
  })
}

type Row = SessionUser & {
  created_at: string
  seen_at: string
  flash: string | null
  revision: number
  active_job_count: number
}

async function recognise(db: Knex, request: FastifyRequest, token_hash: string) {
  const row: Row | undefined = await db('sessions')
    .join('users', 'users.id', 'sessions.user_id')
    .where({ token_hash })
    .whereNot('users.status', 'left')
    .first(
      'users.id',
      'users.username',
      'users.name',
      'users.is_password_due',
      'users.is_factory_password',
      'sessions.created_at',
      'sessions.seen_at',
      'sessions.flash',
      revisionColumn(db),
      activeJobColumn(db),
    )
  if (!row) return
  const { created_at, seen_at, flash, revision, active_job_count, ...user } = row
  const { idleMinutes, longestSessionHours } = await settingsAt(db, revision)
  const now = Date.now()
  const idle = now - Date.parse(seen_at)
  if (idle > idleMinutes * 60_000 || now - Date.parse(created_at) > longestSessionHours * 3_600_000) {
    await ifPossible(endSession(db, token_hash))
    return
  }
  if (idle > touchEvery)
    await ifPossible(
      db('sessions')
        .where({ token_hash })
        .update({ seen_at: new Date(now).toISOString() }),
    )
  Object.assign(request, {
    user,
    sessionKey: token_hash,
    revision,
    activeJobCount: active_job_count,
    messages: flash ? JSON.parse(flash) : [],
  })
}

/** A disk that is full or read-only must not keep anyone from looking: pages are shown without noting that they were. */
async function ifPossible(writing: PromiseLike<unknown>) {
  try {
    await writing
  } catch (error) {
    if (!storageFault(error)) throw error
  }
}

/** Begins a session under a new key and gives the browser its cookie. */
export async function beginSession(db: Knex, request: FastifyRequest, reply: FastifyReply, userId: number) {
  const token = randomBytes(32).toString('base64url')
  const now = new Date().toISOString()
  await db('sessions').insert({
    token_hash: hash(token),
    user_id: userId,
    created_at: now,
    seen_at: now,
    address: request.ip.slice(0, 60),
    agent: (request.headers['user-agent'] ?? '').slice(0, 300),
    flash: null,
  })
  const isSecure = request.protocol === 'https'
  reply.setCookie(cookie, token, { path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure })
}

/** Ends one session, by its key in the database. */
export async function endSession(db: Knex, token_hash: string | null) {
  await db('sessions').where({ token_hash }).delete()
}

/** Ends the session of a request, if there is one, and takes the cookie back. */
export async function leaveSession(db: Knex, request: FastifyRequest, reply: FastifyReply) {
  if (request.sessionKey) await endSession(db, request.sessionKey)
  reply.clearCookie(cookie, { path: '/' })
}

/** Ends every session of a user, but for one where a key is given. */
export async function endSessionsOf(db: Knex, userId: number, except: string | null = null) {
  await db('sessions')
    .where({ user_id: userId })
    .whereNot('token_hash', except ?? '')
    .delete()
}

/** Shows the waiting messages once. */
export async function takeMessages(db: Knex, request: FastifyRequest): Promise<Message[]> {
  const { messages } = request
  if (messages.length > 0)
    await ifPossible(db('sessions').where({ token_hash: request.sessionKey }).update({ flash: null }))
  return messages
}
