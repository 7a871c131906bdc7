import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { recordEvent } from '../../kernel/history/history.ts'
import { settingsAt } from '../../kernel/settings/settings.ts'
import { type Body, typedIn } from '../../kernel/web/form.ts'
import { text } from '../../texts/index.ts'
import { enter, entering } from '../sign-in/entry.ts'
import { endPending, findPending, type Pending } from '../sign-in/pending.ts'
import { callerOf, floodLimit } from '../users/caller.ts'
import { type Answer, codesLeft, tryCode } from './factor.ts'

const t = text.secondFactor
const path = '/login/second-factor'
const mostAMinute = 60

/** The step of the sign-in between password and session. */
export function signInRoutes(app: FastifyInstance) {
  app.get(path, { config: { permission: 'public' } }, async (request, reply) => {
    if (!(await findPending(app.db, request, 'second-factor'))) return reply.redirect('/login', 303)
    return codePage(reply)
  })

  const waiting = async (request: FastifyRequest) => (await findPending(app.db, request, 'second-factor'))?.user_id
  const options = { config: { permission: 'public', rateLimit: floodLimit(app, mostAMinute, waiting) } } as const
  app.post<{ Body: Body }>(path, options, async (request, reply) => {
    const pending = await findPending(app.db, request, 'second-factor')
    if (!pending) return reply.redirect('/login', 303)
    const settings = await settingsAt(app.db, request.revision)
    const typed = typedIn(request.body, 'code').slice(0, 100)
    const known = { secrets: app.secrets, caller: callerOf(app, request) }
    const answer = await tryCode(app.db, { userId: pending.user_id, typed, settings, ...known })
    if (answer === 'malformed') return codePage(reply.code(422), t.malformed)
    if (answer === 'totp') return enter({ app, request, reply }, entering(pending))
    if (answer === 'recovery') return enterByRecovery(app, request, reply, pending)
    await noteWrong(app, request, pending, answer)
    return codePage(reply.code(422), t.wrong)
  })

  app.post('/login/cancellation', { config: { permission: 'public' } }, async (request, reply) => {
    await endPending(app.db, request, reply)
    return reply.redirect('/login', 303)
  })
}

const codePage = (reply: FastifyReply, message?: string) =>
  reply.page('people/second-factor/code', { title: t.signInTitle, message })

const about = ({ user_id, name }: Pending) => ({ record_type: 'users', record_id: user_id, record_name: name })

async function enterByRecovery(app: FastifyInstance, request: FastifyRequest, reply: FastifyReply, pending: Pending) {
  const actor = { ...request.actor, id: pending.user_id, name: pending.name }
  await recordEvent(app.db, actor, { ...about(pending), action: 'recovery-code' })
  const message = { kind: 'warning', text: t.usedRecovery(await codesLeft(app.db, pending.user_id)) } as const
  return enter({ app, request, reply }, { ...entering(pending), message })
}

async function noteWrong(app: FastifyInstance, request: FastifyRequest, pending: Pending, answer: Answer) {
  const stranger = { ...request.actor, id: null, name: pending.username }
  await recordEvent(app.db, stranger, { ...about(pending), action: 'second-factor-failed' })
  if (answer === 'locks') await recordEvent(app.db, stranger, { ...about(pending), action: 'second-factor-locked' })
}
