import type { FastifyInstance } from 'fastify'
import { type Division, type Reference, referenceAt } from '../../kernel/reference.ts'
import { type Body, typedIn } from '../../kernel/web/form.ts'
import { notFound } from '../../kernel/web/refusal.ts'
import { text } from '../../texts/index.ts'
import { divisionPath, switchDivision } from './division.ts'

const path = '/dictionaries/divisions'
const code = { type: 'string', pattern: '^\\d{6}$' } as const
const addressBelow = (parent: string | null) => (parent ? `${path}?parent=${parent}` : path)

/** The divisions of GB/T 2260, province by province; each can be switched on and off. */
export async function divisionRoutes(app: FastifyInstance) {
  app.get<{ Querystring: { parent?: string } }>(
    path,
    {
      config: { permission: 'dictionaries.view' },
      schema: { querystring: { type: 'object', properties: { parent: code } } },
    },
    async (request, reply) => {
      const { parent } = request.query
      const reference = await referenceAt(app.db, request.revision)
      if (parent && !reference.division(parent)) throw notFound()
      return reply.page('platform/dictionaries/divisions', divisionsView(reference, parent))
    },
  )

  app.post<{ Params: { code: string }; Body: Body }>(
    `${path}/:code/state`,
    {
      config: { permission: 'dictionaries.update' },
      schema: { params: { type: 'object', properties: { code } } },
    },
    async (request, reply) => {
      const reference = await referenceAt(app.db, request.revision)
      const division = reference.division(request.params.code)
      if (!division) throw notFound()
      const isActive = typedIn(request.body ?? {}, 'is_active') === 'true'
      await app.db.transaction((trx) => switchDivision(trx, division, isActive, request.actor))
      const state = isActive ? text.dictionaries.active : text.dictionaries.inactive
      await request.flash(text.dictionaries.divisionSwitched(division.name, state))
      return reply.redirect(`${addressBelow(division.parent_code)}#division-${division.code}`, 303)
    },
  )
}

function divisionsView(reference: Reference, parent: string | undefined) {
  const above = divisionPath(reference, parent)
  const crumb = ({ name, code }: Division) => ({ name, href: addressBelow(code) })
  return {
    title: above.at(-1)?.name ?? text.dictionaries.divisions,
    path: [{ name: text.dictionaries.country, href: path }, ...above.map(crumb)],
    rows: reference.divisionsBelow(parent ?? null).map((division) => {
      const below = reference.divisionsBelow(division.code).length
      const href = addressBelow(division.code)
      return { ...division, below, href: below > 0 ? href : null, action: `${path}/${division.code}/state` }
    }),
  }
}
