import type { FastifyInstance } from 'fastify'
import type { Knex } from 'knex'
import { referenceAt } from '../../kernel/reference.ts'
import { listRoutes } from '../../kernel/web/list-routes.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { historyView } from '../../kernel/web/record.ts'
import { roleCard } from './card.ts'
import { roleDeletionRoutes } from './deletion.ts'
import { roleKind } from './fields.ts'
import { roleFormRoutes } from './form-routes.ts'
import { roleHelpRoute } from './help.ts'
import { roleList } from './list.ts'
import { findRole } from './role.ts'

/** Roles: what their people may do, with whose records, and what they do not see whole. */
export async function roleRoutes(app: FastifyInstance) {
  listRoutes(app, roleList)
  roleFormRoutes(app)
  roleDeletionRoutes(app)
  roleHelpRoute(app)

  const options = { config: { permission: 'roles.view' as const }, schema: { params: idParams } }
  app.get<IdParams>('/roles/:id', options, async (request, reply) => {
    const role = await findRole(app.db, request.params.id)
    const reference = await referenceAt(app.db, request.revision)
    const card = roleCard(request, role, reference, await membersOf(app.db, role.id))
    const history = await historyView(app.db, roleKind, role.id)
    return reply.page('shared/card', { title: role.name, card, history })
  })
}

const mostNamed = 50

const membersOf = (db: Knex, role_id: number): Promise<string[]> =>
  db('users')
    .join('user_roles', 'user_roles.user_id', 'users.id')
    .where({ role_id })
    .whereNot('users.status', 'left')
    .orderBy('users.name_pinyin')
    .limit(mostNamed)
    .pluck('users.name')
