import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { text } from '../../texts/index.ts'
import { referenceAt } from '../reference.ts'
import type { Body } from '../web/form.ts'
import { idempotent } from '../web/submissions.ts'
import { kindOf } from './kinds.ts'
import type { Selection } from './selection.ts'
import { doOrAsk, type Work } from './work.ts'

/** The list a selection was made in. */
export const listOf = ({ list, query }: Pick<Selection, 'list' | 'query'>) => `${list}?${query}`

/** Where something is done with it. */
export const pathOf = ({ list, id }: Pick<Selection, 'list' | 'id'>, act: string) => `${list}/selections/${id}/${act}`

/** Does the work of a form once, or has it done by a job, and leads to where one sees what became of it. */
export async function work(
  app: FastifyInstance,
  request: FastifyRequest,
  reply: FastifyReply,
  selection: Selection,
  wanted: Work,
) {
  const by = { actor: request.actor, viewer: request.viewer, reference: await referenceAt(app.db, request.revision) }
  let outcome: { outcome: string; act: number } | undefined
  const location = await idempotent(app.db, request.body as Body, async (trx) => {
    const done = await doOrAsk(trx, selection, wanted, by)
    if ('job' in done) return `/jobs/${done.job}`
    outcome = done
    return listOf(selection)
  })
  app.wakeJobs()
  const isForGood = wanted.change === 'delete' && kindOf(selection).list.selection.isForGood
  const link = outcome && !isForGood ? { href: `/batch-acts/${outcome.act}`, label: text.batchActs.undo } : undefined
  if (outcome) await request.flash(outcome.outcome, 'notice', link)
  return reply.redirect(location, 303)
}
