import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Reference, referenceAt } from '../../kernel/reference.ts'
import { settingsAt } from '../../kernel/settings/settings.ts'
import { takeEdit } from '../../kernel/web/edit.ts'
import { flashDoubts } from '../../kernel/web/field-remarks.ts'
import { type Body, written } from '../../kernel/web/form.ts'
import { listRoutes } from '../../kernel/web/list-routes.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { historyView } from '../../kernel/web/record.ts'
import { idempotent, newFormId } from '../../kernel/web/submissions.ts'
import { text } from '../../texts/index.ts'
import { handoversOf, mayHandOver } from '../hand-overs/handover.ts'
import { handoverLines } from '../hand-overs/view.ts'
import { findAccount } from './account.ts'
import { standingOf } from './account-state.ts'
import { actRoutes } from './act-routes.ts'
import { beginningRole, beginningText } from './beginning.ts'
import { userCard } from './card.ts'
import { userKind } from './fields.ts'
import { editUserForm, newUserForm, readNewUser, readUser, refusedAt, rolesKept } from './form.ts'
import { userList } from './list.ts'
import { freeNumbers } from './number.ts'
import { hashPassword } from './password.ts'
import { passwordRulesOf } from './password-rules.ts'
import { profileRoutes } from './profile.ts'
import { userRoleRoutes } from './role-routes.ts'
import { securityOf } from './security.ts'
import { addUser, findUser, saveUser } from './user.ts'

export async function userRoutes(app: FastifyInstance) {
  listRoutes(app, userList)
  newUserRoutes(app)
  oneUserRoutes(app)
  actRoutes(app)
  userRoleRoutes(app)
  profileRoutes(app)
}

function newUserRoutes(app: FastifyInstance) {
  const options = { config: { permission: 'users.create' } } as const

  app.get('/users/new', options, async (request, reply) => {
    const reference = await referenceAt(app.db, request.revision)
    const settings = await settingsAt(app.db, request.revision)
    const free = await freeNumbers(app.db, reference, settings)
    const typed = {
      form_id: newFormId(),
      number: free.first,
      preset_number: free.first,
      role_id: beginningRole(reference, settings),
    }
    const mayAssign = request.can('roles.assign')
    const beginning = beginningText(reference, settings)
    const help = { rules: passwordRulesOf(settings), numberHint: free.hint, mayAssign, beginning }
    return reply.page('shared/form', newUserForm({ typed, reference, ...help }))
  })

  app.post<{ Body: Body }>('/users', options, async (request, reply) => {
    const reference = await referenceAt(app.db, request.revision)
    const settings = await settingsAt(app.db, request.revision)
    const rules = passwordRulesOf(settings)
    const mayAssign = request.can('roles.assign')
    const typed = rolesKept(request.body ?? {}, mayAssign, beginningRole(reference, settings))
    const { values, password, errors } = readNewUser(typed, reference, rules, mayAssign)
    const refuse = async (errors: ReturnType<typeof refusedAt>) => {
      const beginning = beginningText(reference, settings)
      const help = { rules, numberHint: (await freeNumbers(app.db, reference, settings)).hint, mayAssign, beginning }
      return reply.code(422).page('shared/form', newUserForm({ typed, errors, reference, ...help }))
    }
    if (errors.length > 0) return refuse(errors)
    const hash = await hashPassword(password)
    try {
      const address = await idempotent(
        app.db,
        typed,
        async (trx) =>
          `/users/${await addUser(trx, { ...values, preset_number: typed.preset_number }, hash, request.actor, !mayAssign)}`,
      )
      await request.flash(text.users.added(String(values.name)))
      await flashDoubts(request, userKind.fields, values)
      return reply.redirect(address, 303)
    } catch (error) {
      return refuse(refusedAt(error))
    }
  })
}

function oneUserRoutes(app: FastifyInstance) {
  const view = { config: { permission: 'users.view' }, schema: { params: idParams } } as const
  const update = { config: { permission: 'users.update' }, schema: { params: idParams } } as const
  const numberHelp = async (request: FastifyRequest, reference: Reference) =>
    (await freeNumbers(app.db, reference, await settingsAt(app.db, request.revision))).hint

  app.get<IdParams>('/users/:id', view, async (request, reply) => {
    const reference = await referenceAt(app.db, request.revision)
    const user = await findUser(app.db, request.params.id)
    const history = await historyView(app.db, userKind, user.id)
    const standing = await standingOf(app.db, user, reference)
    const security = await securityOf(app.db, request, user)
    const card = userCard(request, user, { reference, standing, security })
    const handovers = (await handoversOf(app.db, user.id)).filter(({ user_id }) => mayHandOver(request, user_id))
    return reply.page('people/users/show', {
      title: user.name,
      card,
      standing,
      handovers: handoverLines(handovers, reference),
      history,
    })
  })

  app.get<IdParams>('/users/:id/edit', update, async (request, reply) => {
    const reference = await referenceAt(app.db, request.revision)
    const user = await findAccount(app, request)
    const typed = written(userKind.fields, user)
    const help = { numberHint: await numberHelp(request, reference), mayAssign: request.can('roles.assign') }
    return reply.page('shared/form', editUserForm(user, { typed, version: user.version, reference, ...help }))
  })

  app.post<IdParams & { Body: Body }>('/users/:id', update, async (request, reply) => {
    const before = await findAccount(app, request)
    const mayAssign = request.can('roles.assign')
    const kept = (typed: Body) => rolesKept(typed, mayAssign, before.role_id)
    const taken = await takeEdit(app, request, reply, {
      kind: userKind,
      before,
      find: () => findUser(app.db, before.id),
      path: `/users/${before.id}`,
      read: (typed, reference) => readUser(kept(typed), reference, before),
      save: (trx, saving) => saveUser(trx, before, saving),
      again: async (reply, sent) => {
        const help = { numberHint: await numberHelp(request, sent.reference), mayAssign }
        return reply.page('shared/form', editUserForm(before, { ...sent, typed: kept(sent.typed), ...help }))
      },
      refused: refusedAt,
    })
    if (!taken) return reply
    await request.flash(taken.saved ? text.users.saved(String(taken.values.name)) : text.users.unchanged)
    await flashDoubts(request, userKind.fields, taken.values, before)
    return reply.redirect(`/users/${before.id}`, 303)
  })
}
