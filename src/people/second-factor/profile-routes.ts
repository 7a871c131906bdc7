import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { settingsAt } from '../../kernel/settings/settings.ts'
import { line } from '../../kernel/web/fields.ts'
import { type Body, type FieldError, fieldError, typedIn } from '../../kernel/web/form.ts'
import { formView } from '../../kernel/web/form-view.ts'
import { showInstant } from '../../kernel/web/formatting.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { endSessionsOf } from '../../kernel/web/session.ts'
import { text } from '../../texts/index.ts'
import { codeIn } from './codes.ts'
import { isSecondFactorRequired } from './due.ts'
import { codesLeft, enableFactor, findFactor, removeFactor } from './factor.ts'
import { passwordFaults, passwordForm, presentPassword } from './own-password.ts'
import { showCodesOnce } from './recovery-routes.ts'
import { addressOfSecret, newSecret, qrCode, stepOf } from './totp.ts'

const t = text.secondFactor
const path = '/profile/second-factor'
const options = { config: { permission: 'signed-in' } } as const
const whenDue = { config: { permission: 'signed-in', isOpenWhenDue: 'second-factor' } } as const
const code = { name: 'code', label: t.code, kind: line, isRequired: true, autocomplete: 'one-time-code' }
const userOf = (request: FastifyRequest) => request.user as NonNullable<FastifyRequest['user']>

/** One's own second factor: how it stands, setting it up, another telephone, switching it off. */
export function profileRoutes(app: FastifyInstance) {
  app.get(path, options, async (request, reply) => {
    const { id } = userOf(request)
    const factor = await findFactor(app.db, id)
    const left = await codesLeft(app.db, id)
    const isRequired = await isSecondFactorRequired(app.db, id)
    return reply.page('shared/card', { title: t.title, card: stateCard(factor?.created_at, left, isRequired) })
  })

  app.get(`${path}/new`, whenDue, async (request, reply) => setUpPage(app, request, reply, { secret: newSecret() }))

  app.post<{ Body: Body }>(path, whenDue, async (request, reply) => {
    const user = userOf(request)
    const secret = sealedSecret(app, request)
    if (!secret)
      return setUpPage(app, request, reply.code(422), { secret: newSecret(), errors: [codeError(t.sealedWrong)] })
    const typed = codeIn(typedIn(request.body, 'code').slice(0, 100))
    const step = typed?.kind === 'totp' ? stepOf(secret, typed.code) : undefined
    const errors = step ? await passwordFaults(app, request) : [codeError(t.codeWrong)]
    if (!step || errors.length > 0) return setUpPage(app, request, reply.code(422), { secret, errors })
    const codes = await app.db.transaction(async (trx) => {
      await endSessionsOf(trx, user.id, request.sessionKey)
      return enableFactor(trx, { owner: user, secret, step, actor: request.actor, secrets: app.secrets })
    })
    return showCodesOnce(app, request, reply, codes)
  })

  app.get(`${path}/removal`, options, async (_request, reply) => reply.page('shared/form', removalForm()))

  app.post<{ Body: Body }>(`${path}/removal`, options, async (request, reply) => {
    const user = userOf(request)
    if (await isSecondFactorRequired(app.db, user.id)) throw new Refusal({ message: t.removeRefused })
    const errors = await passwordFaults(app, request)
    if (errors.length > 0) return reply.code(422).page('shared/form', removalForm(errors))
    await app.db.transaction((trx) => removeFactor(trx, user, 'second-factor-removed', request.actor))
    await request.flash(t.removed)
    return reply.redirect(path, 303)
  })
}

const codeError = (message: string) => fieldError(code, message)
const sealing = (request: FastifyRequest) => `second-factor-setup ${request.user?.id}`

/** The secret of the page that was filled in; it was sealed for this person, so nobody brings one along. */
function sealedSecret(app: FastifyInstance, request: FastifyRequest): string | undefined {
  try {
    return app.secrets.decrypt(typedIn(request.body as Body, 'sealed'), sealing(request))
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

type SetUp = { secret: string; errors?: FieldError[] }

async function setUpPage(
  app: FastifyInstance,
  request: FastifyRequest,
  reply: FastifyReply,
  { secret, errors }: SetUp,
) {
  const { username, is_second_factor_due } = userOf(request)
  const { companyName } = await settingsAt(app.db, request.revision)
  const view = formView({
    id: 'factor',
    action: path,
    groups: [{ title: '', fields: [code, presentPassword] }],
    typed: {},
    errors,
    reference: undefined as never,
    submitLabel: t.enable,
    cancelHref: path,
  })
  return reply.page('people/second-factor/set-up', {
    title: t.enable,
    ...view,
    isDue: is_second_factor_due,
    setUp: {
      steps: t.steps,
      sealed: app.secrets.encrypt(secret, sealing(request)),
      secret: secret.replace(/.{4}(?=.)/g, '$& '),
      account: `${companyName}(${username})`,
      qr: qrCode(addressOfSecret(secret, companyName, username)),
    },
  })
}

function stateCard(since: string | undefined, left: number, isRequired: boolean) {
  const act = (label: string, name: string, kind: 'primary' | 'plain' | 'danger') => ({
    label,
    href: `${path}/${name}`,
    kind,
  })
  const on = [
    act(t.replace, 'new', 'plain'),
    act(t.renew, 'recovery-codes/new', 'plain'),
    ...(isRequired ? [] : [act(t.remove, 'removal', 'danger')]),
  ]
  const items = [
    { label: t.state, text: since ? t.onSince(showInstant(since)) : t.off },
    ...(since ? [{ label: t.codes, text: t.left(left), tone: left < 3 ? 'amber' : undefined }] : []),
  ]
  const actions = since ? on : [act(t.enable, 'new', 'primary')]
  return { title: t.title, back: '/profile', actions, groups: [{ title: t.intro, items }] }
}

const removalForm = (errors?: FieldError[]) =>
  passwordForm({ id: 'removal', title: t.removeTitle, hint: t.removeHint, action: `${path}/removal`, errors })
