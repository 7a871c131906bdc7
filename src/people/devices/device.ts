import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { isUniqueViolation } from '../../kernel/db/dialect.ts'
import { recordEvent } from '../../kernel/history/history.ts'
import { agentWords } from '../../kernel/web/agent.ts'
import { newToken, readKeyCookie, setKeyCookie } from '../../kernel/web/key-cookies.ts'
import { notFound, Refusal } from '../../kernel/web/refusal.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { text } from '../../texts/index.ts'

export type DeviceStatus = 'waiting' | 'approved' | 'refused'

/** A browser as one person uses it. */
export type Device = {
  id: number
  user_id: number
  user_name: string
  token_mark: string
  agent: string | null
  address: string | null
  status: DeviceStatus
  created_at: string
  seen_at: string
  decided_at: string | null
  decided_by_name: string | null
}

const cookie = 'kehu_device'
/** The longest a browser keeps a cookie. */
const maxAge = 400 * 86_400

/** Devices with the names of their users. */
export const devices = (db: Knex): Knex.QueryBuilder =>
  db('devices')
    .join('users', 'users.id', 'devices.user_id')
    .leftJoin('users as deciders', 'deciders.id', 'devices.decided_by_id')
    .select(
      'devices.id',
      'devices.user_id',
      'devices.token_mark',
      'devices.agent',
      'devices.address',
      'devices.status',
      'devices.created_at',
      'devices.seen_at',
      'devices.decided_at',
      'users.name as user_name',
      'deciders.name as decided_by_name',
    )

/** The device of an id, or a 404. */
export async function findDevice(db: Knex, id: number): Promise<Device> {
  const device = await devices(db).where('devices.id', id).first()
  if (!device) throw notFound()
  return device
}

/** Four digits that stand on the waiting page and in the list, so that nobody approves the browser of somebody else. */
export const checkCode = ({ token_mark }: { token_mark: string }): string =>
  String(Buffer.from(token_mark, 'base64url').readUInt32BE(0) % 10_000).padStart(4, '0')

type From = { app: FastifyInstance; request: FastifyRequest; reply: FastifyReply; db?: Knex }

/**
 * The browser of a request as a device of a user; one that is not known yet is noted with `status`. The browser knows
 * itself again by a signed cookie, of which the database keeps a keyed hash; whose device it is, only the row says.
 */
export async function deviceOf(from: From, user: { id: number; name: string }, status: DeviceStatus): Promise<Device> {
  const { app, request, db = app.db } = from
  const token_mark = app.secrets.mark(deviceToken(from), 'device')
  const seen = { address: request.address.slice(0, 60), seen_at: new Date().toISOString() }
  const agent = (request.headers['user-agent'] ?? '').slice(0, 300)
  const mine = { user_id: user.id, token_mark }
  if (
    (await db('devices')
      .where(mine)
      .update({ ...seen, agent })) === 0
  ) {
    await addDevice(db, { ...mine, ...seen, agent, status, created_at: seen.seen_at })
    const actor = { id: user.id, name: user.name, address: seen.address }
    await recordEvent(db, actor, {
      action: `device-${status}`,
      record_type: 'devices',
      record_name: agentWords(agent),
    })
  }
  return devices(db).where({ 'devices.user_id': user.id, token_mark }).first()
}

/** The same browser twice at once is one device. */
async function addDevice(db: Knex, row: Record<string, unknown>) {
  try {
    await db('devices').insert({ ...row, decided_at: null, decided_by_id: null })
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
  }
}

/** The key in the cookie of a browser, or a new one; kept for another 400 days either way. */
function deviceToken({ app, request, reply }: From): string {
  const token = signedToken(app, readKeyCookie(request, cookie)) ?? newToken().token
  const value = `${token}.${app.secrets.mark(token, 'device cookie')}`
  setKeyCookie(reply, cookie, value, { maxAge })
  return token
}

function signedToken({ secrets }: FastifyInstance, value = ''): string | undefined {
  const [token = '', signature = ''] = value.split('.')
  const right = Buffer.from(secrets.mark(token, 'device cookie'))
  const given = Buffer.from(signature)
  return given.length === right.length && timingSafeEqual(given, right) ? token : undefined
}

type Decision = { status: 'approved' | 'refused'; actor: Actor }

/** Approves or refuses a device; refused, the sessions that run on it end. */
export async function decide(trx: Knex, device: Device, { status, actor }: Decision) {
  if (device.status === status) throw new Refusal({ message: text.devices.already[status] })
  await trx('devices')
    .where({ id: device.id })
    .update({ status, decided_at: new Date().toISOString(), decided_by_id: actor.id })
  if (status === 'refused') await trx('sessions').where({ device_id: device.id }).delete()
  await recordEvent(trx, actor, { ...about(device), action: `device-${status}` })
}

/** Forgets a device and ends its sessions: the next time it is an unknown one. */
export async function removeDevice(trx: Knex, device: Device, actor: Actor) {
  await trx('sessions').where({ device_id: device.id }).delete()
  await trx('sign_ins').where({ device_id: device.id }).delete()
  await trx('devices').where({ id: device.id }).delete()
  await recordEvent(trx, actor, { ...about(device), action: 'device-removed' })
}

const about = (device: Device) => ({
  record_type: 'devices',
  record_id: device.id,
  record_name: `${device.user_name} ${agentWords(device.agent)}`,
})
