import type { FastifyInstance, FastifyRequest } from 'fastify'
import { today } from '../../kernel/china/clock.ts'
import { referenceAt } from '../../kernel/reference.ts'
import { showInstant } from '../../kernel/web/formatting.ts'
import { notFound } from '../../kernel/web/refusal.ts'
import { inScope } from '../../kernel/web/scope.ts'
import { text } from '../../texts/index.ts'
import { dayPath } from './path.ts'
import { groupsOfDay } from './today-groups.ts'

const t = text.followUps.day

/** 「今日回访」: the work list of a day, one's own or that of somebody whose customers one sees. */
export async function followUpRoutes(app: FastifyInstance) {
  app.get<{ Querystring: { owner_id?: string } }>(
    dayPath,
    { config: { permission: 'follow_ups.view' } },
    async (request, reply) => {
      const { viewer } = request
      const owner = ownerIn(request)
      const reference = await referenceAt(app.db, request.revision)
      const scope = viewer.scope('customers.view')
      return reply.page('customers/follow-ups/today', {
        title: t.title,
        day: today(),
        madeAt: showInstant(new Date()),
        path: dayPath,
        owner,
        people: reference.people.filter(
          ({ id, status }) => status !== 'left' && (id === viewer.id || inScope(scope, id)),
        ),
        sections: request.can('customers.view') ? await groupsOfDay({ db: app.db, viewer, reference, owner }) : [],
      })
    },
  )
}

/** Whose day is asked for. Throws notFound where that person's customers are out of reach. */
function ownerIn({ viewer, query }: FastifyRequest<{ Querystring: { owner_id?: string } }>): number {
  const asked = String(query.owner_id ?? '')
  if (asked === '') return viewer.id
  const id = /^[1-9]\d{0,8}$/.test(asked) ? Number(asked) : 0
  if (id !== viewer.id && (id === 0 || !inScope(viewer.scope('customers.view'), id))) throw notFound()
  return id
}
