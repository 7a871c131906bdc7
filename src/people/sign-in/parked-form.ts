import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import type { Body } from '../../kernel/web/form.ts'
import { localPath } from '../../kernel/web/local-path.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { dueAt, duePlaces } from '../../kernel/web/sign-in-obligations.ts'
import { typedFields } from '../../kernel/web/typed-fields.ts'
import { text } from '../../texts/index.ts'
import { signInView } from './sign-in-view.ts'

/** A form that came after its session had ended: where it was going, and what was typed; passwords are left out. */
export type KeptForm = {
  action: string
  fields: [name: string, value: string][]
  hadPassword: boolean
  /** It came before the sign-in, and whoever signed in wants to go on with it. */
  isAwaited?: boolean
}

/**
 * Stops every request without a session at a route that needs one, once its body is read, and answers a form with the
 * sign-in page that carries what was typed. A part of a page only says so: what is typed stays where it is, and saving
 * it leads here. A form of one who first has to do something else, like setting a new password, waits in the session.
 */
export function keptForms(app: FastifyInstance) {
  app.addHook('preValidation', async (request, reply) => {
    const due = dueAt(request)
    if (due) {
      await keepInSession(app.db, request)
      return reply.redirect(duePlaces[due], 303)
    }
    const { permission = 'public' } = request.routeOptions.config
    if (request.user || permission === 'public') return
    if (request.headers['hx-request']) throw new Refusal({ status: 401, message: text.sessions.expired })
    const kept = keep(request)
    if (!kept) return reply.redirect('/login', 303)
    return reply.code(401).page('people/sign-in/new', signInView({ kept, message: text.sessions.expired }))
  })
}

async function keepInSession(db: Knex, request: FastifyRequest) {
  const kept = keep(request)
  if (kept)
    await db('sessions')
      .where({ token_hash: request.sessionKey })
      .update({ kept: JSON.stringify(kept) })
}

/** The form that waits in a session. */
export async function keptInSession(db: Knex, { sessionKey }: FastifyRequest): Promise<KeptForm | undefined> {
  const row = await db('sessions').where({ token_hash: sessionKey }).first('kept')
  return row?.kept ? JSON.parse(row.kept) : undefined
}

/** Where it goes on after what had to be done first: to the form that brought the person here, else to `otherwise`. */
export const afterDue = async (db: Knex, request: FastifyRequest, otherwise: string): Promise<string> =>
  (await keptInSession(db, request))?.isAwaited ? '/kept-form' : otherwise

function keep({ headers, body, url }: FastifyRequest): KeptForm | undefined {
  const action = localPath(url)
  if (!action || !headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return undefined
  const kept = typedFields((body ?? {}) as Body)
  return kept.fields.length > 0 ? { action, ...kept } : undefined
}

/** The kept form that a sign-in page sent along. */
export function readKept(body: Body): KeptForm | undefined {
  const action = localPath(body.kept_to)
  if (!action || typeof body.kept !== 'string') return undefined
  try {
    const { fields, hadPassword } = JSON.parse(body.kept)
    const isWhole = Array.isArray(fields) && fields.every((pair) => Array.isArray(pair) && pair.length === 2)
    return isWhole ? { action, fields: fields.map(([a, b]) => [String(a), String(b)]), hadPassword } : undefined
  } catch {
    return undefined
  }
}
