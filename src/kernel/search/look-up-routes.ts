import type { FastifyInstance, FastifyRequest } from 'fastify'
import { text } from '../../texts/index.ts'
import { targetNamed } from '../modules/link-targets.ts'
import { referenceAt } from '../reference.ts'
import type { AccessOf } from '../web/access.ts'
import { typedIn } from '../web/form.ts'
import { listPage } from '../web/list-page.ts'
import { longestSearch, readListQuery } from '../web/list-query.ts'
import { notFound } from '../web/refusal.ts'
import { sourceNamed } from './sources.ts'

/** So many records are offered while somebody types. */
const most = 8

type Asked = { Params: { name: string }; Querystring: Record<string, unknown> }

/** What a field that points at another module may hold: the records that a search finds, among those this person may see. */
export async function lookUpRoutes(app: FastifyInstance) {
  const nameIn = ({ params }: FastifyRequest) => (params as Asked['Params']).name
  const permission: AccessOf = (request) => targetNamed(nameIn(request))?.view

  app.get<Asked>('/look-ups/:name', { config: { permission } }, async (request, reply) => {
    const { viewer, query, params } = request
    const source = sourceNamed(params.name)
    const target = source && targetNamed(params.name)
    if (!source || !target) throw notFound()
    const { list, title } = source
    const field = typedIn(query, 'field')
    const typed = typedIn(query, 'q') || typedIn(query, field)
    const q = [...typed].slice(0, longestSearch).join('')
    const reference = await referenceAt(app.db, request.revision)
    const asked = { ...readListQuery(list, { q }, { reference, viewer }), columns: list.columns, per: most }
    const { rows } = q ? await listPage(app.db, list, asked) : { rows: [] }
    const [code = title] = target.codes
    const matches = rows.map((row) => ({
      id: row.id,
      name: String(row[title] ?? ''),
      code: code === title ? '' : String(row[code] ?? ''),
      href: source.href(row),
    }))
    const data = {
      title: text.form.link.lookFor(list.title),
      typed: q,
      field,
      action: request.url.split('?')[0],
      matches,
    }
    const place = String(request.headers['hx-target'] ?? '')
    return reply.page('kernel/search/look-up', data, { fragments: { [place]: 'kernel/search/_matches' } })
  })
}
