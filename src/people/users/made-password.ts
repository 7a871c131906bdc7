import { randomInt } from 'node:crypto'
import { type PasswordRules, passwordFault } from './password-rules.ts'

/** Without the signs that look like others on paper. */
const signs = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const groupLength = 4
const leastGroups = 3

const newGroup = () => Array.from({ length: groupLength }, () => signs[randomInt(signs.length)]).join('')

/** A password to begin with, in groups that can be read out, which fulfils the rules of the company for this username. */
export function makePassword(rules: PasswordRules, username: string): string {
  const groups = Math.max(leastGroups, Math.ceil((rules.shortest + 1) / (groupLength + 1)))
  for (;;) {
    const password = Array.from({ length: groups }, newGroup).join('-')
    if (!passwordFault(password, { ...rules, username })) return password
  }
}
