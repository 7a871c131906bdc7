import type { FastifyInstance, FastifyRequest } from 'fastify'
import { text } from '../../texts/index.ts'
import { referenceAt } from '../reference.ts'
import { doubtsIn, remarkOn } from './field-rules.ts'
import type { Field } from './fields.ts'
import { type Body, typedIn, type Values } from './form.ts'

/** What the rule of a field says while one types (public/app.js); nothing is kept. What was typed stands in no address. */
export async function fieldRemarkRoutes(app: FastifyInstance) {
  app.post<{ Body: Body }>('/field-remarks', { config: { permission: 'signed-in' } }, async (request, reply) => {
    const reference = await referenceAt(app.db, request.revision)
    const remark = remarkOn(typedIn(request.body, 'rule'), typedIn(request.body, 'value'), reference)
    return reply.header('cache-control', 'no-store').send(remark)
  })
}

/** Says on the page after a save what of it was odd and kept all the same; nothing where nothing was. */
export async function flashDoubts(request: FastifyRequest, fields: Field[], values: Values, before: Values = {}) {
  const doubts = doubtsIn(fields, values, before)
  if (doubts.length > 0) await request.flash(text.form.rules.kept(doubts), 'warning')
}
