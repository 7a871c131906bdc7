import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { today } from '../../kernel/china/clock.ts'
import { recordEvent } from '../../kernel/history/history.ts'
import type { Body, FieldError } from '../../kernel/web/form.ts'
import { text } from '../../texts/index.ts'
import { afterDue } from '../sign-in/parked-form.ts'
import { findFactor, renewCodes } from './factor.ts'
import { passwordFaults, passwordForm } from './own-password.ts'

const t = text.secondFactor
const path = '/profile/second-factor/recovery-codes'
const options = { config: { permission: 'signed-in' } } as const
const userOf = (request: FastifyRequest) => request.user as NonNullable<FastifyRequest['user']>

/** The recovery codes: shown a single time, printed, made anew. */
export function recoveryRoutes(app: FastifyInstance) {
  app.get(path, options, async (request, reply) => {
    const codes = await takeShownOnce(app, request)
    if (!codes) {
      await request.flash(t.codesGone, 'warning')
      return reply.redirect('/profile/second-factor', 303)
    }
    const next = await afterDue(app.db, request, '/profile/second-factor')
    return reply.page('people/second-factor/recovery-codes', { title: t.codesTitle, codes, next, madeOn: today() })
  })

  app.get(`${path}/new`, options, async (_request, reply) => reply.page('shared/form', renewalForm()))

  app.post<{ Body: Body }>(path, options, async (request, reply) => {
    const user = userOf(request)
    if (!(await findFactor(app.db, user.id))) return reply.redirect('/profile/second-factor', 303)
    const errors = await passwordFaults(app, request)
    if (errors.length > 0) return reply.code(422).page('shared/form', renewalForm(errors))
    const codes = await app.db.transaction(async (trx) => {
      const about = { record_type: 'users', record_id: user.id, record_name: user.name }
      await recordEvent(trx, request.actor, { ...about, action: 'recovery-codes' })
      return renewCodes(trx, user, app.secrets)
    })
    return showCodesOnce(app, request, reply, codes)
  })
}

const sealing = (request: FastifyRequest) => `shown-once ${request.user?.id}`

/** Leads to the page that shows new codes; until then they wait in the session, encrypted. */
export async function showCodesOnce(
  app: FastifyInstance,
  request: FastifyRequest,
  reply: FastifyReply,
  codes: string[],
) {
  const shown_once = app.secrets.encrypt(JSON.stringify(codes), sealing(request))
  await app.db('sessions').where({ token_hash: request.sessionKey }).update({ shown_once })
  return reply.redirect(path, 303)
}

async function takeShownOnce(app: FastifyInstance, request: FastifyRequest): Promise<string[] | undefined> {
  const mine = { token_hash: request.sessionKey }
  const { shown_once } = await app.db('sessions').where(mine).first('shown_once')
  if (!shown_once) return undefined
  await app.db('sessions').where(mine).update({ shown_once: null })
  return JSON.parse(app.secrets.decrypt(shown_once, sealing(request)))
}

const renewalForm = (errors?: FieldError[]) =>
  passwordForm({ id: 'renewal', title: t.renew, hint: t.renewHint, action: path, errors })
