import type { Settings } from '../../kernel/settings/settings.ts'
import { type Field, password as passwordKind } from '../../kernel/web/fields.ts'
import { type Body, type FieldError, fieldError } from '../../kernel/web/form.ts'
import { text } from '../../texts/index.ts'
import { isCommonPassword } from './common-passwords.ts'
import { firstAccount } from './first-account.ts'

export const longestPassword = 200
const usualKinds = 3
const lower = /\p{Ll}/u
const upper = /\p{Lu}/u
const digit = /\p{Nd}/u
const other = /[^\p{Ll}\p{Lu}\p{Nd}]/u

/** What a new password has to fulfil (src/kernel/settings/settings.ts). */
export type PasswordRules = { shortest: number; kinds?: number; mayHoldUsername?: boolean }
type For = PasswordRules & { username: string }

export const passwordRulesOf = (settings: Settings): PasswordRules => ({
  shortest: settings.shortestPassword,
  kinds: settings.passwordKinds,
  mayHoldUsername: settings.mayPasswordHoldUsername,
})

const folded = (value: string) => value.normalize('NFKC').toLowerCase()

/** What is wrong with a new password, as a sentence; undefined when nothing is. Hanzi count as other signs. */
export function passwordFault(password: string, rules: For): string | undefined {
  const { username, shortest, kinds: leastKinds = usualKinds, mayHoldUsername = false } = rules
  const length = [...password].length
  const plain = password.normalize('NFKC')
  if (folded(password) === folded(firstAccount.password)) return text.users.passwordIsFactory
  if (length < shortest) return text.users.passwordTooShort(shortest)
  if (length > longestPassword) return text.users.passwordTooLong(longestPassword)
  const kinds = [lower, upper, digit, other].filter((kind) => kind.test(plain)).length
  if (kinds < leastKinds) return text.users.passwordKinds(leastKinds)
  if (!mayHoldUsername && [...username].length > 1 && folded(password).includes(folded(username)))
    return text.users.passwordHasUsername
  return isCommonPassword(password) ? text.users.passwordIsCommon : undefined
}

/** A password as it was typed, blanks included. */
export const passwordIn = (body: Body, name: string) => (typeof body[name] === 'string' ? body[name] : '')

/** The two fields in which a new password is typed. */
export const newPasswordFields = (label: string, rules: PasswordRules): [Field, Field] => [
  {
    name: 'password',
    label,
    kind: passwordKind,
    isRequired: true,
    hint: hintOf(rules),
    autocomplete: 'new-password',
  },
  {
    name: 'password_again',
    label: text.users.passwordAgain,
    kind: passwordKind,
    isRequired: true,
    autocomplete: 'new-password',
  },
]

function hintOf({ shortest, kinds = usualKinds, mayHoldUsername = false }: PasswordRules): string {
  const { passwordLength, passwordSigns, passwordNoUsername } = text.users
  const parts = [passwordLength(shortest), ...(kinds > 1 ? [passwordSigns(kinds)] : [])]
  return `${[...parts, ...(mayHoldUsername ? [] : [passwordNoUsername])].join(text.users.ruleJoint)}${text.users.ruleEnd}`
}

/** Reads and checks a new password typed twice. */
export function readNewPassword(body: Body, fields: [Field, Field], rules: For) {
  const [first, second] = fields
  const password = passwordIn(body, first.name)
  const fault = password === '' ? text.form.required(first.label) : passwordFault(password, rules)
  const errors: FieldError[] = fault ? [fieldError(first, fault)] : []
  if (!fault && password !== passwordIn(body, second.name)) errors.push(fieldError(second, text.users.passwordDiffers))
  return { password, errors }
}
