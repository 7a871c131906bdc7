import type { FastifyInstance } from 'fastify'
import { referenceAt } from '../../kernel/reference.ts'
import { typedIn } from '../../kernel/web/form.ts'
import { text } from '../../texts/index.ts'
import { checkRoutes } from './check.ts'
import { dismissalRoutes, dismissing } from './dismissals.ts'
import { duplicateGroups, type GroupKind, groupKinds } from './groups.ts'
import { groupsView } from './page.ts'

const groupsOnPage = 20

type Found = Awaited<ReturnType<typeof duplicateGroups>>
const isAny = (found: Found | undefined) => found !== undefined && found.groups.length > 0

/** Whether a customer is there already, and which customers of the whole file seem to be the same. */
export async function duplicateRoutes(app: FastifyInstance) {
  checkRoutes(app)
  dismissalRoutes(app)

  app.get('/duplicates', { config: { permission: 'duplicates.view' } }, async (request, reply) => {
    const query = request.query as Record<string, unknown>
    const kinds = groupKinds.filter((kind) => kind !== 'phone' || !request.viewer.isMasked('phone'))
    const asked = kinds.find((name) => name === typedIn(query, 'kind'))
    const after = asked ? typedIn(query, 'after') : ''
    const look = (kind: GroupKind, after: string) =>
      duplicateGroups(app.db, { viewer: request.viewer, kinds, kind, after, size: groupsOnPage })
    const firsts = new Map<GroupKind, Found>()
    for (const kind of kinds) firsts.set(kind, await look(kind, ''))
    const kind = asked ?? kinds.find((one) => isAny(firsts.get(one))) ?? ('exact' satisfies GroupKind)
    const found = after ? await look(kind, after) : (firsts.get(kind) as Found)
    const reference = await referenceAt(app.db, request.revision)
    return reply.page('customers/duplicates/index', {
      title: text.duplicates.title,
      ...groupsView(found, { viewer: request.viewer, firsts, kind, after, reference }),
      mayDismiss: request.can(dismissing),
    })
  })
}
