import type { FastifyInstance } from 'fastify'
import { type ModuleRights, rightsOfModules } from '../../kernel/permissions.ts'
import { text } from '../../texts/index.ts'
import { type PresetRole, presetRoles } from './preset-roles.ts'

const t = text.roles

/** The table of the built-in roles, as they are preset. */
export async function roleHelpRoute(app: FastifyInstance) {
  app.get('/help/roles', { config: { permission: 'signed-in' } }, async (_request, reply) =>
    reply.page('people/roles/help', { title: t.helpTitle, roles: presetRoles().map(described) }),
  )
}

function described({ code, permissions, ranges, masks = [] }: PresetRole) {
  const actsOf = ({ name, acts }: ModuleRights) => acts.filter((act) => permissions.includes(`${name}.${act}`))
  return {
    name: t.names[code],
    note: t.notes[code],
    view: t.ranges[ranges.view],
    change: t.ranges[ranges.change],
    masks: text.common.listed(masks.map((group) => t.masks[group])) || t.everything,
    rights: rightsOfModules()
      .map((module) => ({ module: module.label, acts: actsOf(module) }))
      .filter(({ acts }) => acts.length > 0)
      .map(({ module, acts }) => ({ module, actions: text.common.listed(acts.map((act) => text.actions[act])) })),
  }
}
