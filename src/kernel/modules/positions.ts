import type { FastifyInstance } from 'fastify'
import { recordEvent } from '../history/history.ts'
import type { Access } from '../web/access.ts'
import { type Body, typedIn } from '../web/form.ts'
import { type IdParams, idParams } from '../web/params.ts'
import { eventOf } from '../web/record.ts'
import type { Module, Run } from './module.ts'
import type { Mount } from './mount.ts'
import { beginChange, findRecord, kindOf } from './records.ts'

type Mover = Pick<Run, 'trx' | 'actor' | 'viewer'>

/** Moves a record one place among those beside it; nothing happens at the end. Throws as `findRecord`. */
export async function moveOnePlace({ trx, actor, viewer }: Mover, module: Module, id: number, way: 'up' | 'down') {
  await beginChange(trx, module)
  const record = await findRecord(trx, module, viewer, id, 'update')
  const within = module.positions?.within ?? 'id'
  const order = await trx(module.name)
    .where({ [within]: record[within] })
    .orderBy(['position', 'id'])
    .select('id', 'position')
  const from = order.findIndex((one) => one.id === id)
  const to = way === 'up' ? from - 1 : from + 1
  if (from < 0 || to < 0 || to >= order.length) return
  order.splice(to, 0, ...order.splice(from, 1))
  for (const [position, { id, position: stored }] of order.entries())
    if (position !== stored) await trx(module.name).where({ id }).update({ position })
  const change = { field: 'position', before: from, after: to, beforeText: String(from + 1), afterText: String(to + 1) }
  await recordEvent(trx, actor, { ...eventOf(kindOf(module), record), action: 'update', changes: [change] })
}

/** The arrows beside records that stand in an order one chooses. */
export function positionRoutes(app: FastifyInstance, { path, of, right }: Mount) {
  const options = { config: { permission: right('update') as Access }, schema: { params: idParams } }
  app.post<IdParams & { Body: Body }>(`${path}/:id/position`, options, async (request, reply) => {
    const module = of(request)
    const way = typedIn(request.body ?? {}, 'direction') === 'up' ? 'up' : 'down'
    const { actor, viewer, params } = request
    await app.db.transaction((trx) => moveOnePlace({ trx, actor, viewer }, module, params.id, way))
    return reply.redirect(`${module.path}#${module.positions?.row}-${params.id}`, 303)
  })
}
