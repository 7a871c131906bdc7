import type { FastifyInstance, FastifyRequest } from 'fastify'
import { text } from '../../texts/index.ts'
import { referenceAt } from '../reference.ts'
import { typedIn } from '../web/form.ts'
import { longestSearch } from '../web/list-query.ts'
import { creationsFor, proposalsFor } from './proposals.ts'
import { allAddress, exactHit, groupOf } from './results.ts'
import { proposalsPath, searchPath, sourcesFor } from './sources.ts'

type Typed = Record<string, unknown>

const everywhere = (q: string) => `${searchPath}?${new URLSearchParams({ q })}`

/** The page behind the box on top: what was found in every module that this person may look at. */
export async function searchRoutes(app: FastifyInstance) {
  app.get(searchPath, { config: { permission: 'signed-in' } }, async (request, reply) => {
    const sources = sourcesFor(request.viewer)
    const [first, ...others] = sources
    const asked = await askedIn(request)
    const { q } = asked
    // The button beside the box of a list sends all that narrows the list along.
    if (Object.keys(request.query as Typed).some((name) => name !== 'q')) return reply.redirect(everywhere(q), 303)
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
      creations: creationsFor(request.viewer, q),
    })
  })

  app.get(proposalsPath, { config: { permission: 'signed-in' } }, async (request, reply) => {
    const asked = await askedIn(request)
    const all = everywhere(asked.q)
    if (!request.headers['hx-request']) return reply.redirect(all, 303)
    const data = {
      title: text.searching.title,
      q: asked.q,
      allHref: all,
      isHere: typedIn(request.query as Typed, 'here') !== '',
      groups: asked.q ? await proposalsFor(app.db, sourcesFor(request.viewer), asked) : [],
      creations: creationsFor(request.viewer, asked.q),
    }
    const place = String(request.headers['hx-target'] ?? '')
    return reply.page('kernel/search/results', data, { fragments: { [place]: 'kernel/search/_proposals' } })
  })

  async function askedIn({ query, viewer, revision }: FastifyRequest) {
    const q = [...typedIn(query as Typed, 'q')].slice(0, longestSearch).join('')
    return { q, viewer, reference: await referenceAt(app.db, revision) }
  }
}
