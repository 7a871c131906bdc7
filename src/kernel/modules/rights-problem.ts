import { text } from '../../texts/index.ts'
import { isPermission, type Permission, rangeOf, rightsOf } from '../permissions.ts'

/** The rights of a module: what its own begin with, which acts others guard, and whose range decides over its records. */
type Declared = {
  name: string
  acts: readonly string[]
  borrowed: Record<string, Permission>
  owners: string | undefined
}

/** What of the rights of a module cannot be, in words. */
export function rightsProblem({ name, acts, borrowed, owners }: Declared): string | undefined {
  const t = text.declarations
  if (!/^[a-z]\w{0,39}$/.test(name)) return t.badName
  if (rightsOf(name).length > 0) return t.rightsTwice(name)
  // A right of others reaches as far as the module's own would.
  const reaches = (right: Permission) => owners === undefined || rangeOf(right)?.module === owners
  const isOwn = (right: Permission) => acts.some((act) => !(act in borrowed) && right === `${name}.${act}`)
  const mayGuard = (act: string, right: Permission) =>
    acts.includes(act) && (isOwn(right) || (isPermission(right) && reaches(right)))
  const strange = Object.entries(borrowed).find(([act, right]) => !mayGuard(act, right))
  return strange && t.noRight(strange[1])
}
