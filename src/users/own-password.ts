import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Settings, settingsAt } from '../settings.ts'
import { text } from '../texts/index.ts'
import { type Field, password as passwordKind } from '../web/fields.ts'
import { type Body, type FieldError, fieldError, formView } from '../web/form.ts'
import { changePassword } from './acts.ts'
import { tryPassword } from './attempt.ts'
import { isPassword } from './password.ts'
import { newPasswordFields, passwordIn, readNewPassword } from './password-rules.ts'
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

/** 「口令修改」, the only page open to one who has to set a new password first. */
export function ownPasswordRoutes(app: FastifyInstance) {
  const options = { config: { permission: 'signed-in', isOpenBeforePassword: true } } as const

  app.get(path, options, async (request, reply) =>
    reply.page('shared/form', passwordPage(request, await settingsAt(app.db, request.revision))),
  )

  app.post<{ Body: Body }>(path, options, async (request, reply) => {
    const settings = await settingsAt(app.db, request.revision)
    const { password, errors } = await readChange(app, request, settings)
    if (errors.length > 0) return reply.code(422).page('shared/form', passwordPage(request, settings, errors))
    const user = await findUser(app.db, request.user?.id as number)
    await changePassword(app.db, user, { password, actor: request.actor }, request.sessionKey)
    await request.flash(t.passwordChanged)
    return reply.redirect('/profile', 303)
  })
}

/** The new password; the present one is tried only when the new one may be taken, and a wrong one counts as a failure. */
async function readChange(app: FastifyInstance, request: FastifyRequest<{ Body: Body }>, settings: Settings) {
  const { id, username } = request.user as { id: number; username: string }
  const body = request.body ?? {}
  const fields = newPasswordFields(t.newPassword, settings.shortestPassword)
  const { password, errors } = readNewPassword(body, fields, { username, shortest: settings.shortestPassword })
  const typed = passwordIn(body, present.name)
  if (typed === '') errors.unshift(fieldError(present, text.form.required(present.label)))
  if (errors.length > 0) return { password, errors }
  const { password_hash } = await app.db('users').where({ id }).first('password_hash')
  if ((await tryPassword(app.db, { id, password_hash }, typed, settings)) !== 'right')
    errors.push(fieldError(present, t.presentPasswordWrong))
  else if (await isPassword(password, password_hash)) errors.push(fieldError(fields[0], t.passwordIsPresent))
  return { password, errors }
}

function passwordPage(request: FastifyRequest, settings: Settings, errors: FieldError[] = []) {
  const isDue = request.user?.is_password_due
  const view = formView({
    id: 'password',
    action: path,
    groups: [{ title: '', fields: [present, ...newPasswordFields(t.newPassword, settings.shortestPassword)] }],
    typed: {},
    errors,
    reference: undefined as never,
    cancelHref: '/profile',
  })
  const flash = isDue ? [{ kind: 'warning', text: t.mustChangePassword }] : undefined
  return { title: t.changePassword, ...view, ...(flash && { flash }) }
}
