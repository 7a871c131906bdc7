import type { FastifyInstance, FastifyRequest } from 'fastify'
import { recordEvent } from '../../kernel/history/history.ts'
import { type Reference, referenceAt } from '../../kernel/reference.ts'
import { sendPdf } from '../../kernel/report/send.ts'
import { text } from '../../kernel/texts/index.ts'
import type { Body } from '../../kernel/web/form.ts'
import { showInstant } from '../../kernel/web/formatting.ts'
import type { Action } from '../../kernel/web/list.ts'
import { listRoutes } from '../../kernel/web/list-routes.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { eventOf, historyView, refuseStale } from '../../kernel/web/record.ts'
import { type Competitor, findCompetitor, removeCompetitor } from './competitor.ts'
import { competitorFields, competitorKind } from './fields.ts'
import { competitorFormRoutes } from './form-routes.ts'
import { competitorList } from './list.ts'

const t = text.competitors

/** 「竞争对手」: what is known of them. */
export async function competitorRoutes(app: FastifyInstance) {
  listRoutes(app, competitorList)
  competitorFormRoutes(app)
  cardRoutes(app)
  competitorDeletionRoutes(app)
}

function cardRoutes(app: FastifyInstance) {
  const schema = { params: idParams }
  const found = async (request: FastifyRequest<IdParams>) => ({
    competitor: await findCompetitor(app.db, request.params.id),
    reference: await referenceAt(app.db, request.revision),
  })

  app.get<IdParams>(
    '/competitors/:id',
    { config: { permission: 'competitors.view' }, schema },
    async (request, reply) => {
      const { competitor, reference } = await found(request)
      const history = await historyView(app.db, competitorKind, competitor.id)
      return reply.page('shared/card', {
        title: competitor.name,
        card: {
          title: competitor.name,
          back: '/competitors',
          actions: actionsFor(request, `/competitors/${competitor.id}`),
          groups: [{ title: t.basic, items: itemsOf(competitor, reference) }],
        },
        history,
      })
    },
  )

  const printing = { config: { permission: 'competitors.print' as const }, schema, compress: false as const }
  app.get<IdParams>('/competitors/:id/print.pdf', printing, async (request, reply) => {
    const { competitor, reference } = await found(request)
    await recordEvent(app.db, request.actor, { ...eventOf(competitorKind, competitor), action: 'print' })
    const pairs = itemsOf(competitor, reference)
    const sections = [{ title: t.basic, pairs }]
    return sendPdf(app, request, reply, { title: t.titleOf(competitor.name), conditions: [], sections })
  })
}

/** What is filled in, and when it was written. */
const itemsOf = (competitor: Competitor, reference: Reference) => [
  ...competitorFields
    .map((field) => ({
      label: field.label,
      text: field.kind.show(competitor[field.name], field, reference),
      isWide: field.isWide,
    }))
    .filter((item) => item.text),
  { label: t.createdAt, text: showInstant(competitor.created_at as string) },
  { label: t.updatedAt, text: showInstant(competitor.updated_at as string) },
]

function actionsFor(request: FastifyRequest, path: string): Action[] {
  const { update, print, delete: remove } = text.actions
  const actions: [boolean, Action][] = [
    [request.can('competitors.update'), { label: update, href: `${path}/edit`, kind: 'primary' }],
    [request.can('competitors.print'), { label: print, href: `${path}/print.pdf`, kind: 'plain' }],
    [request.can('competitors.delete'), { label: remove, href: `${path}/deletion`, kind: 'danger' }],
  ]
  return actions.filter(([isAllowed]) => isAllowed).map(([, action]) => action)
}

/** For good, after a page that says so. */
function competitorDeletionRoutes(app: FastifyInstance) {
  const options = { config: { permission: 'competitors.delete' as const }, schema: { params: idParams } }

  app.get<IdParams>('/competitors/:id/deletion', options, async (request, reply) => {
    const { id, name, version } = await findCompetitor(app.db, request.params.id)
    const confirm = {
      title: t.deletion,
      text: t.deletionText(name),
      details: t.deletionDetails,
      action: `/competitors/${id}/deletion`,
      submitLabel: t.confirm,
      isDanger: true,
      cancelHref: `/competitors/${id}`,
      hidden: [{ name: 'version', value: String(version) }],
    }
    return reply.page('shared/confirm', { title: t.deletion, confirm })
  })

  app.post<IdParams & { Body: Body }>('/competitors/:id/deletion', options, async (request, reply) => {
    const name = await app.db.transaction(async (trx) => {
      const competitor = await findCompetitor(trx, request.params.id)
      refuseStale(request.body, competitor)
      await removeCompetitor(trx, competitor, request.actor)
      return competitor.name
    })
    await request.flash(t.deleted(name))
    return reply.redirect('/competitors', 303)
  })
}
