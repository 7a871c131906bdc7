import type { FastifyInstance } from 'fastify'
import type { Body } from '../../kernel/web/form.ts'
import { showCount } from '../../kernel/web/formatting.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { idempotent } from '../../kernel/web/submissions.ts'
import { text } from '../../texts/index.ts'
import { asked, handoverPage, readHandover, refusedAt } from './form.ts'
import { unitOf } from './handed.ts'
import { beginHandover, findHandover, isUnderWay } from './handover.ts'
import { protocolRoutes } from './protocol-routes.ts'

/** How long the page waits for the end before it shows how far it is. */
const patience = 1_500

/** Handing over 「移交」, with leaving 「离职」 or without. */
export async function handoverRoutes(app: FastifyInstance) {
  const options = { config: { permission: 'users.transfer' as const }, schema: { params: idParams } }
  const path = '/users/:id/handover'

  app.get<IdParams>(path, options, async (request, reply) =>
    reply.page('shared/form', handoverPage(request, await asked(app, request), {})),
  )

  app.post<IdParams & { Body: Body }>(path, options, async (request, reply) => {
    const form = await asked(app, request)
    const typed = request.body ?? {}
    const { wanted, errors } = readHandover(form, typed, request.user?.id as number)
    const refuse = (errors: ReturnType<typeof refusedAt>[]) =>
      reply.code(422).page('shared/form', handoverPage(request, form, { typed, errors }))
    if (errors.length > 0) return refuse(errors)
    const { giver, reference } = form
    let job: number | null = null
    try {
      const address = await idempotent(app.db, typed, async (trx) => {
        const begun = await beginHandover(trx, giver.id, wanted, {
          actor: request.actor,
          reference,
          kinds: form.owned.map(({ kind }) => kind),
        })
        job = begun.job
        return `/users/${giver.id}/handovers/${begun.id}`
      })
      if (job !== null) await app.jobSoon(job, patience)
      const handover = await findHandover(app.db, giver.id, Number(address.split('/').at(-1)))
      const { started, done } = text.handovers
      if (handover.finished_at)
        await request.flash(done(giver.name, showCount(handover.moved_count), unitOf(handover.shares.modules)))
      else if (isUnderWay(handover)) await request.flash(started(giver.name))
      return reply.redirect(address, 303)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return refuse([refusedAt(form, error.message, error.field)])
    }
  })

  protocolRoutes(app)
}
