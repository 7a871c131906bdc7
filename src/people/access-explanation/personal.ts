import type { Knex } from 'knex'
import { type Module, rightOf } from '../../kernel/modules/module.ts'
import { askingFor, reachOn } from '../../kernel/modules/reach.ts'
import { isLooking } from '../../kernel/permissions.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { text } from '../../texts/index.ts'
import { type HeldRole, type Rule, rightRules } from './rules.ts'

const { reason } = text.accessExplanation

/** A record that is there for who made it, and for others where it is shared. */
export type Personal = { module: Module; row: Record<string, unknown> }

/** What a person may do with it: each act with what the roles say, and whose it is. */
export async function personalLines(db: Knex, viewer: Viewer, roles: HeldRole[], { module, row }: Personal) {
  const reaches = await reachOn(db, module, row)
  const isShared = module.shared !== undefined && row[module.shared] === true
  const isOwn = row[module.personal ?? ''] === viewer.id
  const mayShare = viewer.can(rightOf(module, 'share'))
  const ruleOf = (act: string): Rule => {
    if (!isShared) return { isAllowing: isOwn, text: isOwn ? reason.isOwner : reason.isPersonal }
    if (isLooking(act)) return { isAllowing: true, text: reason.isShared }
    return { isAllowing: mayShare, text: mayShare ? reason.mayShare : reason.mayNotShare }
  }
  return module.acts
    .filter((act) => act !== 'create' && act !== 'share')
    .map((act) => ({
      label: `${module.label} ${text.actions[act]}`,
      isAllowed: reaches(askingFor(module, viewer, act)),
      rules: [...rightRules(roles, rightOf(module, act)), ruleOf(act)],
    }))
}
