import type { FastifyInstance } from 'fastify'
import type { Knex } from 'knex'
import { wordsOf } from '../../kernel/modules/catalogue.ts'
import { showCount } from '../../kernel/web/formatting.ts'
import { countMembers } from '../../people/roles/role.ts'
import { roles } from '../../people/roles/roles.ts'
import { text } from '../../texts/index.ts'
import { stepPath, steps, stepsFor } from './steps.ts'

/** 「角色」: what the built-in ones may do, before people are given them; changed and copied at their own pages. */
export function roleStep(app: FastifyInstance) {
  app.get(stepPath('roles'), { config: { permission: steps.roles.permission } }, async (request, reply) =>
    reply.page('operation/setup/roles', {
      title: text.setup.steps.roles,
      create: wordsOf(roles).create,
      roles: await rolesShown(app.db),
      ...(await stepsFor(app.db, request, 'roles')),
    }),
  )
}

async function rolesShown(db: Knex) {
  const found: { id: number; name: string; note: string | null }[] = await db('roles')
    .orderBy('id')
    .select('id', 'name', 'note')
  const shown = []
  for (const { id, name, note } of found)
    shown.push({ name, note, href: `/roles/${id}`, members: showCount(await countMembers(db, id)) })
  return shown
}
