import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import { type Permission, permissions, rangedOver } from '../permissions.ts'
import { Refusal } from './refusal.ts'
import type { Actor } from './session.ts'
import type { Viewer } from './viewer.ts'
import { viewerNow } from './viewers.ts'

type Change = { actor: Actor; field: string }

/**
 * Makes a change of superiors or departments, of which ranges are made up. It is refused at `field` where by it the one
 * who makes it would reach the records of more people, unless it is that person's right to give rights.
 */
export async function withoutWiderReach<T>(trx: Knex, { actor, field }: Change, change: () => Promise<T>): Promise<T> {
  if (actor.id === null) return change()
  const before = await viewerNow(trx, actor.id)
  const made = await change()
  const after = await viewerNow(trx, actor.id)
  if (!before.can('roles.assign') && permissions().some((permission) => isWider(before, after, permission)))
    throw new Refusal({ message: text.users.widerReach, field })
  return made
}

function isWider(before: Viewer, after: Viewer, permission: Permission): boolean {
  return [undefined, ...rangedOver(permission)].some((over) => {
    const [one, other] = [before.scope(permission, over), after.scope(permission, over)]
    if (one === 'all') return false
    return other === 'all' || !other.isSubsetOf(one)
  })
}
