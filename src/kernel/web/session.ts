import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { currentRevision, revisionColumn } from '../db/cache-revision.ts'
import { storageFault } from '../db/dialect.ts'
import { prepared } from '../db/prepared.ts'
import type { Actor } from '../history/actor.ts'
import { activeJobColumn } from '../jobs/job.ts'
import { type Settings, settingsAt } from '../settings/settings.ts'
import { clearKeyCookie, newToken, setKeyCookie, tokenHash } from './key-cookies.ts'

export type SessionUser = {
  id: number
  username: string
  name: string
  is_password_due: boolean
  is_factory_password: boolean
  is_second_factor_due: boolean
}
export type Message = { kind: 'notice' | 'warning'; text: string; link?: Link }
/** Where one can do something about what a message says; with a version it is done at once, to a record that stands there. */
export type Link = { href: string; label: string; version?: number }

export type { Actor }

declare module 'fastify' {
  interface FastifyRequest {
    user: SessionUser | null
    sessionKey: string | null
    /** The number the reference data stands at (kernel/db/cache-revision.ts). */
    revision: number
    activeJobCount: number
    messages: Message[]
    actor: Actor
    flash(text: string, kind?: Message['kind'], link?: Link): Promise<void>
  }
}

const cookie = 'kehu_session'
const minute = 60_000
const touchEvery = minute
const addressOf = ({ address }: FastifyRequest) => address.slice(0, 60)

/** What is asked of a person beside the session, at a revision. */
export type SessionRules = {
  mayBeAt(db: Knex, revision: number, userId: number, address: string): Promise<boolean>
  isSecondFactorDue(db: Knex, revision: number, userId: number): Promise<boolean>
}

/** Reads the session of every request from the database, so that several servers share it and it can be ended there. */
export function sessions(app: FastifyInstance, rules: SessionRules) {
  app.decorateRequest('user', null)
  app.decorateRequest('sessionKey', null)
  app.decorateRequest('revision', 0)
  app.decorateRequest('activeJobCount', 0)
  app.decorateRequest('messages', null as never)
  app.decorateRequest('actor', {
    getter(this: FastifyRequest) {
      return { id: this.user?.id ?? null, name: this.user?.name ?? '', address: addressOf(this) }
    },
  } as never)
  app.decorateRequest('flash', async function (this: FastifyRequest, text, kind = 'notice', link) {
    this.messages = [...this.messages, { kind, text, link }]
    await app
      .db('sessions')
      .where({ token_hash: this.sessionKey })
      .update({ flash: JSON.stringify(this.messages) })
  })
  app.addHook('onRequest', async (request) => {
    request.messages = []
    if (request.routeOptions.config?.isForAnyone || app.door.isClosed) return
    const token_hash = tokenHash(request, cookie)
    if (token_hash) await recognise(app.db, rules, request, token_hash)
    if (!request.user) request.revision = await currentRevision(app.db)
  })
}

type Row = Omit<SessionUser, 'is_second_factor_due'> & {
  created_at: string
  seen_at: string
  flash: string | null
  revision: number
  active_job_count: number
}

const sessionRow = prepared<{ token_hash: string }, Row>(['token_hash'], (db, { token_hash }) =>
  db('sessions')
    .join('users', 'users.id', 'sessions.user_id')
    .where({ token_hash })
    .whereNot('users.status', 'left')
    .select(
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
    ),
)

async function recognise(db: Knex, rules: SessionRules, request: FastifyRequest, token_hash: string) {
  const [row] = await sessionRow(db, { token_hash })
  if (!row) return
  const { created_at, seen_at, flash, revision, active_job_count, ...found } = row
  const { idleMinutes, longestSessionHours } = await settingsAt(db, revision)
  const now = Date.now()
  const [idle, old] = [now - Date.parse(seen_at), now - Date.parse(created_at)]
  if (idle > idleMinutes * minute || old > longestSessionHours * 60 * minute)
    return ifPossible(endSession(db, token_hash))
  if (!(await rules.mayBeAt(db, revision, found.id, request.address))) return
  const user = { ...found, is_second_factor_due: await rules.isSecondFactorDue(db, revision, found.id) }
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

const before = (ago: number) => new Date(Date.now() - ago).toISOString()

/** Sessions begun or last seen before these instants have come to their end. */
const oldestSessions = ({ idleMinutes, longestSessionHours }: Settings) => ({
  seen: before(idleMinutes * 60_000),
  created: before(longestSessionHours * 3_600_000),
})

/** Removes the sessions that have come to their end without anybody asking for them again. */
export async function endOldSessions(db: Knex, settings: Settings) {
  const { seen, created } = oldestSessions(settings)
  await ifPossible(db('sessions').where('seen_at', '<', seen).delete())
  await ifPossible(db('sessions').where('created_at', '<', created).delete())
}

/** A disk that is full or read-only must not keep anyone from looking: pages are shown without noting that they were. */
async function ifPossible(writing: PromiseLike<unknown>): Promise<void> {
  try {
    await writing
  } catch (error) {
    if (!storageFault(error)) throw error
  }
}

type Beginning = { userId: number; deviceId?: number | null; kept?: string | null; messages?: Message[] }

/** Begins a session under a new key and gives the browser its cookie. */
export async function beginSession(db: Knex, request: FastifyRequest, reply: FastifyReply, begun: Beginning) {
  const { token, token_hash } = newToken()
  const now = new Date().toISOString()
  await db('sessions').insert({
    token_hash,
    user_id: begun.userId,
    device_id: begun.deviceId ?? null,
    created_at: now,
    seen_at: now,
    address: addressOf(request),
    agent: (request.headers['user-agent'] ?? '').slice(0, 300),
    flash: begun.messages?.length ? JSON.stringify(begun.messages) : null,
    kept: begun.kept ?? null,
  })
  setKeyCookie(reply, cookie, token)
}

/** Ends one session, by its key in the database. */
export async function endSession(db: Knex, token_hash: string | null) {
  await db('sessions').where({ token_hash }).delete()
}

/** Ends the session of a request, if there is one, and takes the cookie back. */
export async function leaveSession(db: Knex, request: FastifyRequest, reply: FastifyReply) {
  if (request.sessionKey) await endSession(db, request.sessionKey)
  clearKeyCookie(reply, cookie)
}

/** Ends every session of a user, but for one where a key is given, and whatever stands at the door with the old password. */
export async function endSessionsOf(db: Knex, userId: number, except: string | null = null) {
  await db('sign_ins').where({ user_id: userId }).delete()
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
