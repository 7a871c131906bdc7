import type { FastifyInstance, FastifyRequest } from 'fastify'
import { settingsAt } from '../../kernel/settings/settings.ts'
import { type Field, password } from '../../kernel/web/fields.ts'
import { type Body, type FieldError, fieldError } from '../../kernel/web/form.ts'
import { formView } from '../../kernel/web/form-view.ts'
import { text } from '../../texts/index.ts'
import { tryPassword } from '../users/attempt.ts'
import { callerOf } from '../users/caller.ts'
import { passwordIn } from '../users/password-rules.ts'

/** Asked before anything of the second factor changes: an open browser is not enough. */
export const presentPassword: Field = {
  name: 'password_current',
  label: text.secondFactor.presentPassword,
  kind: password,
  isRequired: true,
  hint: text.secondFactor.presentPasswordHint,
  autocomplete: 'current-password',
}

/** What is wrong with the password typed to confirm; a wrong one counts as one at the door. */
export async function passwordFaults(app: FastifyInstance, request: FastifyRequest): Promise<FieldError[]> {
  const typed = passwordIn((request.body ?? {}) as Body, presentPassword.name)
  if (typed === '') return [fieldError(presentPassword, text.form.required(presentPassword.label))]
  const { id, username } = request.user as { id: number; username: string }
  const { password_hash } = await app.db('users').where({ id }).first('password_hash')
  const settings = await settingsAt(app.db, request.revision)
  const attempt = { username, password: typed, caller: callerOf(app, request), settings }
  const outcome = await tryPassword(app.db, { id, password_hash }, attempt)
  return outcome === 'right' ? [] : [fieldError(presentPassword, text.users.presentPasswordWrong)]
}

type Asked = { id: string; title: string; hint: string; action: string; errors?: FieldError[] }

/** A form that asks for nothing but the password. */
export function passwordForm({ id, title, hint, action, errors }: Asked) {
  const groups = [{ title: hint, fields: [presentPassword] }]
  const cancelHref = '/profile/second-factor'
  const nothing = { typed: {}, reference: undefined as never }
  return { title, ...formView({ id, action, groups, errors, submitLabel: title, cancelHref, ...nothing }) }
}
