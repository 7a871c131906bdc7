import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { recordEvent } from '../../kernel/history/history.ts'
import type { Permission } from '../../kernel/permissions.ts'
import { referenceAt } from '../../kernel/reference.ts'
import { type Body, type FieldError, fieldError, readForm, written } from '../../kernel/web/form.ts'
import { formView } from '../../kernel/web/form-view.ts'
import { historyView, takeChoices, versionIn } from '../../kernel/web/record.ts'
import { text } from '../../texts/index.ts'
import { type Account, findAccount, passwordOf, passwordProblem, saveAccount } from './account.ts'
import { accountFields, accountGroups, accountKind, passwordField, presetAccount } from './account-fields.ts'
import { tryServer } from './smtp.ts'

const t = text.mail.account
/** A test speaks to whatever address was typed; nobody looks through the network with it. */
const rateLimit = { max: 20, timeWindow: '1 minute' }

export type Place = {
  path: string
  /** Where one who gives up goes. */
  backHref: string
  title: string
  note: string
  view: Permission
  change: Permission
  ownerOf(request: FastifyRequest): number | null
  isRemovable?: boolean
  /** What else its page shows. */
  more?(request: FastifyRequest): Promise<object>
}

/** The page of an account, its saving and its test. */
export function accountPlace(app: FastifyInstance, place: Place) {
  const { path, title, ownerOf } = place
  const changing = { config: { permission: place.change, rateLimit } }

  app.get(path, { config: { permission: place.view } }, async (request, reply) => {
    const account = await findAccount(app.db, ownerOf(request))
    if (!request.can(place.change)) return readOnly(request, reply, account)
    return page(request, reply, { typed: account ? written(accountFields, account) : presetAccount, account })
  })

  app.post<{ Body: Body }>(path, changing, async (request, reply) => {
    const userId = ownerOf(request)
    const account = await findAccount(app.db, userId)
    const reference = await referenceAt(app.db, request.revision)
    const typed = takeChoices(accountKind, request.body, account ?? {})
    const field = passwordField(Boolean(account?.sealed_password))
    const { values: all, errors } = readForm([...accountFields, field], typed, reference)
    const { password: typedPassword, ...values } = all
    const password = String(typedPassword ?? '')
    const problem = passwordProblem(account, values, password)
    if (problem && errors.length === 0) errors.push(fieldError(field, problem))
    if (errors.length > 0) return page(request, reply.code(422), { typed, errors, account })
    const save = { userId, version: versionIn(typed), values, password, actor: request.actor, reference }
    const { secrets } = app
    const isChanged = await app.db.transaction((trx) => saveAccount(trx, { ...save, secrets }))
    if (typed.next === 'test') await test(request, await findAccount(app.db, userId))
    else await request.flash(isChanged ? t.saved : t.unchanged)
    return reply.redirect(path, 303)
  })

  app.post(`${path}/test`, changing, async (request, reply) => {
    await test(request, await findAccount(app.db, ownerOf(request)))
    return reply.redirect(path, 303)
  })

  /** Tries the stored account and tells what the server said. */
  async function test(request: FastifyRequest, account: Account | undefined) {
    if (!account) return request.flash(t.nothingToTest, 'warning')
    const { isPassed, words } = await tryServer({ ...account, password: passwordOf(account, app.secrets) })
    const event = { action: 'test', record_type: 'mail_accounts', record_id: account.id, record_name: title }
    await recordEvent(app.db, request.actor, event)
    return request.flash(isPassed ? t.testPassed(words) : t.testFailed(words), isPassed ? 'notice' : 'warning')
  }

  async function readOnly(request: FastifyRequest, reply: FastifyReply, account: Account | undefined) {
    const reference = await referenceAt(app.db, request.revision)
    const items = account
      ? accountFields.map((field) => ({
          label: field.label,
          text: field.kind.show(account[field.name as never], field, reference),
        }))
      : [{ label: title, text: t.notSet }]
    return reply.page('shared/card', { title, card: { title, groups: [{ title: t.server, items }] } })
  }

  type Shown = { typed: Body; errors?: FieldError[]; account: Account | undefined }
  async function page(request: FastifyRequest, reply: FastifyReply, { typed, errors = [], account }: Shown) {
    const view = formView({
      id: 'account',
      action: path,
      cancelHref: place.backHref,
      groups: accountGroups(Boolean(account?.sealed_password)),
      typed: { ...typed, password: '' },
      errors,
      reference: await referenceAt(app.db, request.revision),
      version: errors.length > 0 ? versionIn(typed) : (account?.version ?? 1),
      otherSubmits: [{ name: 'next', value: 'test', label: t.saveAndTest }],
    })
    return reply.page('mail/account', {
      title,
      note: place.note,
      ...view,
      path,
      isSet: Boolean(account),
      isRemovable: place.isRemovable && Boolean(account),
      ...(await place.more?.(request)),
      history: account ? await historyView(app.db, accountKind, account.id) : [],
    })
  }
}
