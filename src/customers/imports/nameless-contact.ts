import type { Targets } from '../../operation/imports/kind.ts'
import { customerTargets, personKeys } from './targets.ts'

/**
 * What the columns of a file of customers are in one row. Where it names no contact, what the customer has a field of
 * its own for is the customer's, unless the row fills that too: old programs have 手机 without 联系人. The rest stays
 * the contact's, whose name is then missed.
 */
export function targetsInRow(cells: string[], targets: Targets): Targets {
  const isFilled = (key: string) => targets.some((target, index) => target?.key === key && cells[index])
  if (personKeys.some(isFilled)) return targets
  return targets.map((target) => {
    if (target?.record !== 'contact') return target
    const own = customerTargets.find(({ key }) => key === `customer.${target.name}`)
    return own && own.name !== 'name' && own.name !== 'code' && !isFilled(own.key) ? own : target
  })
}
