import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { clearKeyCookie, newToken, setKeyCookie, tokenHash } from '../../kernel/web/key-cookies.ts'
import type { KeptForm } from './parked-form.ts'

/** What still stands between a right password and a session. */
export type Step = 'second-factor' | 'device'

export type Pending = {
  token_hash: string
  user_id: number
  name: string
  username: string
  device_id: number | null
  step: Step
  destination: string | null
  kept: KeptForm | null
}

const cookie = 'kehu_sign_in'
/** Only the pages of the sign-in itself see it. */
const path = '/login'
const minute = 60_000
const longest: Record<Step, number> = { 'second-factor': 10 * minute, device: 24 * 60 * minute }
/** After which a row is of no use to anybody. */
export const longestPending = longest.device

type Waiting = {
  userId: number
  step: Step
  deviceId?: number | null
  destination?: string | null
  kept?: KeptForm | null
}

/** Lets somebody who typed the right password wait for the next step, under a key of its own: nothing else opens with it. */
export async function beginPending(db: Knex, request: FastifyRequest, reply: FastifyReply, waiting: Waiting) {
  await endPending(db, request, reply)
  const { token, token_hash } = newToken()
  await db('sign_ins').insert({
    token_hash,
    user_id: waiting.userId,
    device_id: waiting.deviceId ?? null,
    step: waiting.step,
    destination: waiting.destination ?? null,
    kept: waiting.kept ? JSON.stringify(waiting.kept) : null,
    created_at: new Date().toISOString(),
  })
  setKeyCookie(reply, cookie, token, { path })
}

/** Who of this browser waits for a step; undefined when nobody does, or has for too long. */
export async function findPending(db: Knex, request: FastifyRequest, step: Step): Promise<Pending | undefined> {
  const token_hash = tokenHash(request, cookie, path)
  if (!token_hash) return undefined
  const row = await db('sign_ins')
    .join('users', 'users.id', 'sign_ins.user_id')
    .where({ token_hash, step })
    .where('sign_ins.created_at', '>', new Date(Date.now() - longest[step]).toISOString())
    .whereNot('users.status', 'left')
    .first(
      'sign_ins.token_hash',
      'sign_ins.user_id',
      'sign_ins.device_id',
      'sign_ins.step',
      'sign_ins.destination',
      'sign_ins.kept',
      'users.name',
      'users.username',
    )
  return row && { ...row, kept: row.kept ? JSON.parse(row.kept) : null }
}

/** Ends what waits in this browser and takes the cookie back. */
export async function endPending(db: Knex, request: FastifyRequest, reply: FastifyReply) {
  const token_hash = tokenHash(request, cookie, path)
  if (!token_hash) return
  await db('sign_ins').where({ token_hash }).delete()
  clearKeyCookie(reply, cookie, path)
}
