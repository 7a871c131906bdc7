import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { recordEvent } from '../../kernel/history/history.ts'
import { settingsAt } from '../../kernel/settings/settings.ts'
import { isFromThisMachine } from '../../kernel/web/addresses.ts'
import type { Body } from '../../kernel/web/form.ts'
import { forgetDrafts } from '../../kernel/web/form-drafts.ts'
import { localPath } from '../../kernel/web/local-path.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { leaveSession } from '../../kernel/web/session.ts'
import { isSetupWaiting } from '../../operation/setup/steps.ts'
import { text } from '../../texts/index.ts'
import { accessAt } from '../devices/access.ts'
import { callerOf, floodLimit } from '../users/caller.ts'
import { startPageOf } from '../users/start-page.ts'
import { enter } from './entry.ts'
import { keptInSession, readKept } from './parked-form.ts'
import { restorationNotice } from './restored.ts'
import { signIn, userIdNamed } from './sign-in.ts'
import { signInView } from './sign-in-view.ts'

/** People of an office may share an address and all come at nine; what guesses, people/users/caller.ts makes wait. */
const mostAMinute = 300
/** A kept form is written twice over (JSON in a form), so it may be larger than when it first came. */
const bodyLimit = 3 * 1024 * 1024

type Query = { Querystring: { to?: unknown; goodbye?: unknown } }

export async function sessionRoutes(app: FastifyInstance) {
  app.get('/', { config: { permission: 'signed-in' } }, async (request, reply) =>
    reply.redirect((await isSetupWaiting(app.db, request)) ? '/setup' : await startPageOf(app, request), 303),
  )

  app.get<Query>('/login', { config: { permission: 'public' } }, async (request, reply) => {
    const to = localPath(request.query.to)
    if (request.user) return reply.redirect(to ?? '/', 303)
    const notice = request.query.goodbye ? text.sessions.goodbye : undefined
    return reply.page('people/sign-in/new', signInView({ to, notice, restored: await restorationNotice(app.db) }))
  })

  const asked = async ({ body }: FastifyRequest) => userIdNamed(app.db, (body ?? {}) as Body)
  const rateLimit = floodLimit(app, mostAMinute, asked)
  app.post('/login', { config: { permission: 'public', rateLimit }, bodyLimit }, async (request, reply) => {
    const { username, password, to, kept } = readSignIn(request)
    const refuse = async (message: string, status = 422) => {
      const said = { message, notice: kept && text.sessions.keptAlready, restored: await restorationNotice(app.db) }
      return reply.code(status).page('people/sign-in/new', signInView({ username, to, kept, ...said }))
    }
    if (username.trim() === '' || password === '') return refuse(text.sessions.incomplete)
    const attempt = {
      username,
      password,
      isFromThisMachine: isFromThisMachine(request),
      address: request.actor.address,
      caller: callerOf(app, request),
    }
    const rules = {
      settings: await settingsAt(app.db, request.revision),
      access: await accessAt(app.db, request.revision),
    }
    try {
      const userId = await signIn(app.db, attempt, rules)
      if (userId === null) return refuse(text.sessions.refused)
      return await enter({ app, request, reply }, { userId, destination: to, kept })
    } catch (error) {
      if (error instanceof Refusal && error.status === 429) return refuse(error.message, 429)
      throw error
    }
  })

  app.get('/kept-form', { config: { permission: 'signed-in' } }, async (request, reply) => {
    const kept = await keptInSession(app.db, request)
    if (!kept) return reply.redirect('/', 303)
    return reply.page('people/sign-in/continue', { title: text.sessions.continueTitle, kept })
  })

  app.post('/logout', { config: { permission: 'public' } }, async (request, reply) => {
    if (request.user) await signOut(app, request, reply)
    const isSwitch = (request.body as Body | undefined)?.switch === '1'
    return reply.redirect(isSwitch ? '/login' : '/login?goodbye=1', 303)
  })
}

function readSignIn({ body }: FastifyRequest) {
  const typed = (body ?? {}) as Body
  const plain = (name: string) => (typeof typed[name] === 'string' ? typed[name] : '')
  return {
    username: plain('username').slice(0, 200),
    password: plain('password').slice(0, 1000),
    to: localPath(typed.to),
    kept: readKept(typed),
  }
}

async function signOut(app: FastifyInstance, request: FastifyRequest, reply: FastifyReply) {
  await recordEvent(app.db, request.actor, { action: 'sign-out' })
  await forgetDrafts(app.db, request.actor.id as number)
  await leaveSession(app.db, request, reply)
}
