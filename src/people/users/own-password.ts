import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { type Settings, settingsAt } from '../../kernel/settings/settings.ts'
import { type Field, password as passwordKind } from '../../kernel/web/fields.ts'
import { type Body, type FieldError, fieldError } from '../../kernel/web/form.ts'
import { formView } from '../../kernel/web/form-view.ts'
import { text } from '../../texts/index.ts'
import { afterDue } from '../sign-in/parked-form.ts'
import { changePassword } from './acts.ts'
import { tryPassword } from './attempt.ts'
import { callerOf } from './caller.ts'
import { daysUntilExpiry, isReused } from './password-age.ts'
import { newPasswordFields, passwordIn, passwordRulesOf, readNewPassword } from './password-rules.ts'
import { findUser } from './user.ts'

const t = text.users
const path = '/profile/password'
const present: Field = {
  name: 'password_current',
  label: t.presentPassword,
  kind: passwordKind,
  isRequired: true,
  autocomplete: 'current-password',
}

/** 「密码修改」, the only page open to one who has to set a new password first. */
export function ownPasswordRoutes(app: FastifyInstance) {
  const options = { config: { permission: 'signed-in', isOpenWhenDue: 'password' } } as const

  app.get(path, options, async (request, reply) =>
    reply.page('shared/form', await passwordPage(app.db, request, await settingsAt(app.db, request.revision))),
  )

  app.post<{ Body: Body }>(path, options, async (request, reply) => {
    const settings = await settingsAt(app.db, request.revision)
    const { password, errors } = await readChange(app, request, settings)
    if (errors.length > 0)
      return reply.code(422).page('shared/form', await passwordPage(app.db, request, settings, errors))
    const user = await findUser(app.db, request.user?.id as number)
    await changePassword(app.db, user, { password, actor: request.actor }, request.sessionKey)
    await request.flash(t.passwordChanged)
    return reply.redirect(await afterDue(app.db, request, '/profile'), 303)
  })
}

/** The new password; the present one is tried only when the new one may be taken, and a wrong one counts as a failure. */
async function readChange(app: FastifyInstance, request: FastifyRequest<{ Body: Body }>, settings: Settings) {
  const { id, username } = request.user as { id: number; username: string }
  const caller = callerOf(app, request)
  const body = request.body ?? {}
  const rules = passwordRulesOf(settings)
  const fields = newPasswordFields(t.newPassword, rules)
  const { password, errors } = readNewPassword(body, fields, { ...rules, username })
  const typed = passwordIn(body, present.name)
  if (typed === '') errors.unshift(fieldError(present, text.form.required(present.label)))
  if (errors.length > 0) return { password, errors }
  const { password_hash } = await app.db('users').where({ id }).first('password_hash')
  const attempt = { username, password: typed, caller, settings }
  if ((await tryPassword(app.db, { id, password_hash }, attempt)) !== 'right')
    return { password, errors: [fieldError(present, t.presentPasswordWrong)] }
  const reused = await isReused(app.db, { id, password_hash }, password, settings)
  if (reused === 'present') errors.push(fieldError(fields[0], t.passwordIsPresent))
  if (reused === 'earlier') errors.push(fieldError(fields[0], t.passwordIsEarlier(settings.passwordHistory)))
  return { password, errors }
}

async function passwordPage(db: Knex, request: FastifyRequest, settings: Settings, errors: FieldError[] = []) {
  const isDue = request.user?.is_password_due
  const view = formView({
    id: 'password',
    action: path,
    groups: [{ title: '', fields: [present, ...newPasswordFields(t.newPassword, passwordRulesOf(settings))] }],
    typed: {},
    errors,
    reference: undefined as never,
    cancelHref: '/profile',
  })
  const days = isDue ? await daysUntilExpiry(db, request.user?.id as number, settings) : null
  const reason = days !== null && days <= 0 ? t.passwordExpired(settings.passwordDays) : t.mustChangePassword
  const flash = isDue ? [{ kind: 'warning', text: reason }] : undefined
  return { title: t.changePassword, ...view, ...(flash && { flash }) }
}
