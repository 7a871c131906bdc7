import type { FastifyInstance } from 'fastify'
import { text } from '../../texts/index.ts'
import { referenceAt } from '../reference.ts'
import { typedIn } from '../web/form.ts'
import { longestSearch } from '../web/list-query.ts'
import { allAddress, exactHit, groupOf } from './results.ts'
import { searchPath, sourcesFor } from './sources.ts'

/** The page behind the box on top: what was found in every module that this person may look at. */
export async function searchRoutes(app: FastifyInstance) {
  app.get(searchPath, { config: { permission: 'signed-in' } }, async (request, reply) => {
    const sources = sourcesFor(request.viewer)
    const [first, ...others] = sources
    const q = [...typedIn(request.query as Record<string, unknown>, 'q')].slice(0, longestSearch).join('')
    const asked = { q, viewer: request.viewer, reference: await referenceAt(app.db, request.revision) }
    if (first && others.length === 0) return reply.redirect(allAddress(first, asked), 303)
    const exact = q && (await exactHit(app.db, sources, asked))
    if (exact) return reply.redirect(exact, 303)
    const groups = []
    if (q) for (const source of sources) groups.push(await groupOf(app.db, source, asked))
    return reply.page('kernel/search/results', {
      title: text.searching.title,
      q,
      groups: groups.filter(({ total }) => total > 0),
      looked: text.common.listed(sources.map(({ list }) => list.title)),
    })
  })
}
