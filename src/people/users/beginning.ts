import type { Reference } from '../../kernel/reference.ts'
import type { Settings } from '../../kernel/settings/settings.ts'
import { text } from '../../texts/index.ts'

const t = text.roles.assign

/** The role of a new account until one is given: the one the company chose, or none. */
export function beginningRole(reference: Reference, { newUserRole }: Settings): string | null {
  const role = reference.roles.find(({ id }) => id === newUserRole)
  return role ? String(role.id) : null
}

/** What an account is like that is made by one who may not give roles. */
export function beginningText(reference: Reference, settings: Settings): string {
  const id = Number(beginningRole(reference, settings))
  const role = reference.roles.find((one) => one.id === id)
  return (role ? t.newRole(role.name) : t.newNone) + t.approval
}
