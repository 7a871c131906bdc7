import type { FastifyInstance } from 'fastify'
import { agentWords } from '../../kernel/web/agent.ts'
import { showInstant } from '../../kernel/web/formatting.ts'
import { listRoutes } from '../../kernel/web/list-routes.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { text } from '../../texts/index.ts'
import { accessRoutes } from './access-routes.ts'
import { checkCode, type Device, decide, findDevice, removeDevice } from './device.ts'
import { deviceList, statusTones } from './list.ts'
import { waitingRoutes } from './waiting-routes.ts'

const t = text.devices

/** The browsers of those whose account is bound to approved ones 「登录设备」. */
export async function deviceRoutes(app: FastifyInstance) {
  listRoutes(app, deviceList)
  waitingRoutes(app)
  accessRoutes(app)
  const view = { config: { permission: 'devices.view' }, schema: { params: idParams } } as const
  app.get<IdParams>('/devices/:id', view, async (request, reply) => {
    const device = await findDevice(app.db, request.params.id)
    const actions = actionsFor(device).filter(({ permission }) => request.can(permission))
    return reply.page('shared/card', { title: t.title, card: deviceCard(device, actions) })
  })
  act(app, 'approval', 'devices.update', (trx, device, actor) => decide(trx, device, { status: 'approved', actor }))
  act(app, 'refusal', 'devices.update', (trx, device, actor) => decide(trx, device, { status: 'refused', actor }))
  act(app, 'deletion', 'devices.delete', removeDevice)
}

type Act = typeof removeDevice

/** An act on a device, with the page that asks first. */
function act(app: FastifyInstance, name: 'approval' | 'refusal' | 'deletion', permission: Right, work: Act) {
  const path = `/devices/:id/${name}`
  const options = { config: { permission }, schema: { params: idParams } }
  const { title: titleOf, text: about, button: submitLabel, done } = t[name]
  app.get<IdParams>(path, options, async (request, reply) => {
    const device = await findDevice(app.db, request.params.id)
    const title = titleOf(device.user_name)
    const details = factsOf(device).map(({ label, text: said }) => text.common.pair(label, said))
    const address = `/devices/${device.id}`
    const isDanger = name !== 'approval'
    const confirm = { title, text: about, details, submitLabel, isDanger, action: `${address}/${name}` }
    return reply.page('shared/confirm', { title, confirm: { ...confirm, cancelHref: address } })
  })
  app.post<IdParams>(path, options, async (request, reply) => {
    const device = await findDevice(app.db, request.params.id)
    try {
      await app.db.transaction((trx) => work(trx, device, request.actor))
      await request.flash(done(device.user_name))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      await request.flash(error.message, 'warning')
    }
    return reply.redirect('/devices', 303)
  })
}

type Right = 'devices.update' | 'devices.delete'

function actionsFor({ id, status }: Device) {
  const one = (name: 'approval' | 'refusal' | 'deletion', permission: Right, kind: 'primary' | 'plain' | 'danger') => ({
    label: t[name].button,
    href: `/devices/${id}/${name}`,
    kind,
    permission,
  })
  return [
    ...(status === 'approved' ? [] : [one('approval', 'devices.update', 'primary')]),
    ...(status === 'refused' ? [] : [one('refusal', 'devices.update', 'plain')]),
    one('deletion', 'devices.delete', 'danger'),
  ]
}

const factsOf = (device: Device) => [
  { label: t.user, text: device.user_name, href: `/users/${device.user_id}` },
  { label: t.device, text: agentWords(device.agent) },
  { label: t.code, text: checkCode(device) },
  { label: t.address, text: device.address ?? '' },
  { label: t.firstUse, text: showInstant(device.created_at) },
  { label: t.lastUse, text: showInstant(device.seen_at) },
]

function deviceCard(device: Device, actions: ReturnType<typeof actionsFor>) {
  const { decided_by_name: by, decided_at: at } = device
  const decided = at ? [{ label: t.decided, text: t.decidedBy(by ?? '', showInstant(at)) }] : []
  return {
    title: device.user_name,
    subtitle: agentWords(device.agent),
    tags: [{ text: t.statuses[device.status], tone: statusTones[device.status] }],
    actions,
    back: '/devices',
    groups: [{ title: t.codeAsk(checkCode(device)), items: [...factsOf(device), ...decided] }],
  }
}
