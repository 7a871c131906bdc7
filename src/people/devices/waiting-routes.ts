import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Knex } from 'knex'
import { agentWords } from '../../kernel/web/agent.ts'
import { text } from '../../texts/index.ts'
import { enter, entering } from '../sign-in/entry.ts'
import { findPending } from '../sign-in/pending.ts'
import { checkCode, type Device, findDevice } from './device.ts'

const t = text.devices
const path = '/login/device'
const refreshSeconds = 10
const mostNamed = 5

/** Where an unknown browser waits for an administrator. */
export function waitingRoutes(app: FastifyInstance) {
  app.get(path, { config: { permission: 'public' } }, async (request, reply) => {
    const pending = await findPending(app.db, request, 'device')
    if (!pending) return reply.redirect('/login', 303)
    return waitingPage(app, reply, await findDevice(app.db, pending.device_id as number))
  })

  app.post(path, { config: { permission: 'public' } }, async (request, reply) => {
    const pending = await findPending(app.db, request, 'device')
    if (!pending) return reply.redirect('/login', 303)
    const device = await findDevice(app.db, pending.device_id as number)
    if (device.status !== 'approved') return waitingPage(app, reply.code(422), device)
    return enter({ app, request, reply }, entering(pending))
  })
}

async function waitingPage(app: FastifyInstance, reply: FastifyReply, device: Device) {
  const titles = { waiting: t.waitingTitle, approved: t.approvedTitle, refused: t.refusedTitle }
  return reply.page('people/devices/waiting', {
    title: titles[device.status],
    device,
    code: checkCode(device),
    agent: agentWords(device.agent),
    who: text.common.listed(await approvers(app.db, device.user_id)),
    refresh: device.status === 'waiting' ? refreshSeconds : null,
  })
}

/** A few of those who may approve. */
const approvers = (db: Knex, except: number): Promise<string[]> =>
  db('users')
    .whereIn(
      'users.id',
      db('user_roles')
        .join('role_permissions', 'role_permissions.role_id', 'user_roles.role_id')
        .where({ permission: 'devices.update' })
        .select('user_roles.user_id'),
    )
    .where('users.status', 'active')
    .whereNot('users.id', except)
    .orderBy(['name_pinyin', 'id'])
    .limit(mostNamed)
    .pluck('name')
