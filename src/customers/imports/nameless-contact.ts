import { type Target, targetNamed } from '../../operation/imports/mapping/targets.ts'

const nameKeys = ['contact.name', 'contact.family_name', 'contact.given_name']

type Targets = (Target | undefined)[]

/**
 * What the columns of a file of customers are in one row. Where it names no contact, what the customer has a field of
 * its own for is the customer's, unless the row fills that too: old programs have 手机 without 联系人. The rest stays
 * the contact's, whose name is then missed.
 */
export function targetsInRow(cells: string[], targets: Targets): Targets {
  const isFilled = (key: string) => targets.some((target, index) => target?.key === key && cells[index])
  if (nameKeys.some(isFilled)) return targets
  return targets.map((target) => {
    if (target?.record !== 'contact') return target
    const own = targetNamed('customers', `customer.${target.name}`)
    return own && own.name !== 'name' && own.name !== 'code' && !isFilled(own.key) ? own : target
  })
}
