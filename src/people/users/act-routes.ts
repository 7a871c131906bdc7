import type { FastifyInstance } from 'fastify'
import type { Knex } from 'knex'
import { referenceAt } from '../../kernel/reference.ts'
import { settingsAt } from '../../kernel/settings/settings.ts'
import type { Body, FieldError } from '../../kernel/web/form.ts'
import { formView } from '../../kernel/web/form-view.ts'
import { showCount } from '../../kernel/web/formatting.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { Stale } from '../../kernel/web/record.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { text } from '../../texts/index.ts'
import { countOwned, handedKinds, unitOf } from '../hand-overs/handed.ts'
import { findAccount } from './account.ts'
import { type Act, closeUser, reopenUser, resetPassword, unlockUser } from './acts.ts'
import { newPasswordFields, type PasswordRules, passwordRulesOf, readNewPassword } from './password-rules.ts'
import type { User } from './user.ts'

const t = text.users
const options = { config: { permission: 'users.update' }, schema: { params: idParams } } as const

/** What is done to an account, each with the page that asks first. */
export function actRoutes(app: FastifyInstance) {
  confirmedAct(app, 'closure', closeUser, true)
  confirmedAct(app, 'reopening', reopenUser)
  confirmedAct(app, 'unlocking', unlockUser)
  passwordReset(app)
}

function confirmedAct(app: FastifyInstance, name: 'closure' | 'reopening' | 'unlocking', act: Act, isDanger = false) {
  const path = `/users/:id/${name}`
  app.get<IdParams>(path, options, async (request, reply) => {
    const user = await findAccount(app, request)
    const title = t[name].title(user.name)
    const address = `/users/${user.id}`
    const { text, button } = t[name]
    const details = [...(name === 'closure' ? await adviceFor(app.db, user) : []), ...t[name].details]
    const confirm = { title, text, details, action: `${address}/${name}`, submitLabel: button, isDanger }
    return reply.page('shared/confirm', { title, confirm: { ...confirm, cancelHref: address } })
  })
  app.post<IdParams>(path, options, async (request, reply) => {
    const reference = await referenceAt(app.db, request.revision)
    const user = await findAccount(app, request)
    try {
      await app.db.transaction((trx) => act(trx, user, { actor: request.actor, reference }))
      await request.flash(t[name].done(user.name))
    } catch (error) {
      await request.flash(refusalOf(error), 'warning')
    }
    return reply.redirect(`/users/${user.id}`, 303)
  })
}

/** One who leaves with records of his own had better hand them over. */
async function adviceFor(db: Knex, { id }: User): Promise<string[]> {
  const owned = (await countOwned(db, handedKinds(), id)).filter(({ living }) => living > 0)
  const living = owned.reduce((sum, one) => sum + one.living, 0)
  const unit = unitOf(owned.map(({ kind }) => kind.name))
  return living > 0 ? [text.handovers.closureAdvice(showCount(living), unit)] : []
}

function refusalOf(error: unknown): string {
  if (error instanceof Stale) return text.record.stale
  if (error instanceof Refusal) return error.message
  throw error
}

function passwordReset(app: FastifyInstance) {
  const path = '/users/:id/password-reset'
  app.get<IdParams>(path, options, async (request, reply) => {
    const user = await findAccount(app, request)
    if (user.id === request.user?.id) return reply.redirect('/profile/password', 303)
    const rules = passwordRulesOf(await settingsAt(app.db, request.revision))
    return reply.page('shared/form', resetForm(user, rules, request.can('roles.assign')))
  })
  app.post<IdParams & { Body: Body }>(path, options, async (request, reply) => {
    const user = await findAccount(app, request)
    if (user.id === request.user?.id) return reply.redirect('/profile/password', 303)
    const rules = passwordRulesOf(await settingsAt(app.db, request.revision))
    const fields = newPasswordFields(t.newPassword, rules)
    const { password, errors } = readNewPassword(request.body ?? {}, fields, { ...rules, username: user.username })
    if (errors.length > 0)
      return reply.code(422).page('shared/form', resetForm(user, rules, request.can('roles.assign'), errors))
    await resetPassword(app.db, user, { password, actor: request.actor }, !request.can('roles.assign'))
    await request.flash(t.reset.done(user.name))
    return reply.redirect(`/users/${user.id}`, 303)
  })
}

function resetForm(user: User, rules: PasswordRules, mayAssign: boolean, errors: FieldError[] = []) {
  const view = formView({
    id: 'reset',
    action: `/users/${user.id}/password-reset`,
    groups: [
      {
        title: mayAssign ? t.reset.hint : t.reset.hint + text.roles.assign.approval,
        fields: newPasswordFields(t.newPassword, rules),
      },
    ],
    typed: {},
    errors,
    reference: undefined as never,
    submitLabel: t.reset.action,
    cancelHref: `/users/${user.id}`,
  })
  return { title: t.reset.title(user.name), ...view }
}
