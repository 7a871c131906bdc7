import type { FastifyInstance } from 'fastify'
import { modules } from '../../kernel/permissions.ts'
import { text } from '../../kernel/texts/index.ts'
import { type PresetRole, presetRoles } from '../../program/preset-roles.ts'
import { moduleNames } from './fields.ts'

const t = text.roles

/** The table of the built-in roles, as they are preset. */
export function roleHelpRoute(app: FastifyInstance) {
  app.get('/help/roles', { config: { permission: 'signed-in' } }, async (_request, reply) =>
    reply.page('people/roles/help', { title: t.helpTitle, roles: presetRoles.map(described) }),
  )
}

function described({ code, permissions, ranges, masks = [] }: PresetRole) {
  const actionsOf = (module: (typeof moduleNames)[number]) =>
    modules[module].filter((action) => (permissions as readonly string[]).includes(`${module}.${action}`))
  return {
    name: t.names[code],
    note: t.notes[code],
    view: t.ranges[ranges.customers.view],
    change: t.ranges[ranges.customers.change],
    masks: text.common.listed(masks.map((group) => t.masks[group])) || t.everything,
    rights: moduleNames
      .map((module) => ({ module: text.modules[module], actions: actionsOf(module) }))
      .filter(({ actions }) => actions.length > 0)
      .map(({ module, actions }) => ({
        module,
        actions: text.common.listed(actions.map((action) => text.actions[action])),
      })),
  }
}
