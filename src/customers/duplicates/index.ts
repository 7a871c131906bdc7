import type { FastifyInstance } from 'fastify'
import { referenceAt } from '../../kernel/reference.ts'
import { typedIn } from '../../kernel/web/form.ts'
import { text } from '../../texts/index.ts'
import { checkRoutes } from './check.ts'
import { duplicateGroups, type GroupKind, groupKinds } from './groups.ts'
import { groupsView } from './page.ts'

const groupsOnPage = 20

/** Whether a customer is there already, and which customers of the whole file seem to be the same. */
export async function duplicateRoutes(app: FastifyInstance) {
  checkRoutes(app)

  app.get('/duplicates', { config: { permission: 'duplicates.view' } }, async (request, reply) => {
    const query = request.query as Record<string, unknown>
    const kinds = groupKinds.filter((kind) => kind !== 'phone' || !request.viewer.isMasked('phone'))
    const kind = kinds.find((name) => name === typedIn(query, 'kind')) ?? ('exact' satisfies GroupKind)
    const after = typedIn(query, 'after')
    const found = await duplicateGroups(app.db, { viewer: request.viewer, kind, after, size: groupsOnPage })
    const reference = await referenceAt(app.db, request.revision)
    return reply.page('customers/duplicates/index', {
      title: text.duplicates.title,
      ...groupsView(found, { viewer: request.viewer, kinds, kind, after, reference }),
    })
  })
}
