import { randomInt } from 'node:crypto'

const count = 10
/** Without the signs that look like others on paper. */
const signs = 'abcdefghjkmnpqrstuvwxyz23456789'
const recovery = new RegExp(`^[${signs}]{12}$`)

/** New recovery codes as they are shown and printed: three groups of four signs. */
export const newRecoveryCodes = (): string[] =>
  Array.from({ length: count }, () => [newGroup(), newGroup(), newGroup()].join('-'))

const newGroup = () => Array.from({ length: 4 }, () => signs[randomInt(signs.length)]).join('')

export type Code = { kind: 'totp' | 'recovery'; code: string }

/** What was typed in the place of a code, in whatever width and with whatever blanks; undefined when it can be none. */
export function codeIn(typed: string): Code | undefined {
  const code = typed
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{Pd}]/gu, '')
  if (/^\d{6}$/.test(code)) return { kind: 'totp', code }
  return recovery.test(code) ? { kind: 'recovery', code } : undefined
}
