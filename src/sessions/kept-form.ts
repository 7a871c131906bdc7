import type { FastifyInstance, FastifyRequest } from 'fastify'
import { text } from '../texts/index.ts'
import type { Body } from '../web/form.ts'
import { Refusal } from '../web/refusal.ts'
import { localPath } from './local-path.ts'
import { signInView } from './sign-in-view.ts'

/** A form that came after its session had ended: where it was going, and what was typed; passwords are left out. */
export type KeptForm = { action: string; fields: [name: string, value: string][]; hadPassword: boolean }

/**
 * Stops every request without a session at a route that needs one, once its body is read, and answers a form with the
 * sign-in page that carries what was typed. A part of a page only says so: what is typed stays where it is, and saving
 * it leads here.
 */
export function keptForms(app: FastifyInstance) {
  app.addHook('preValidation', async (request, reply) => {
    const { permission = 'public' } = request.routeOptions.config
    if (request.user || permission === 'public') return
    if (request.headers['hx-request']) throw new Refusal({ status: 401, message: text.sessions.expired })
    const kept = keep(request)
    if (!kept) return reply.redirect('/login', 303)
    return reply.code(401).page('sessions/new', signInView({ kept, message: text.sessions.expired }))
  })
}

const isPasswordName = (name: string) => name.startsWith('password')

function keep({ headers, body, url }: FastifyRequest): KeptForm | undefined {
  const action = localPath(url)
  if (!action || !headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return undefined
  const typed = Object.entries((body ?? {}) as Record<string, string | string[]>)
  const fields = typed
    .filter(([name]) => !isPasswordName(name))
    .flatMap(([name, values]) => [values].flat().map((value): [string, string] => [name, value]))
  const hadPassword = typed.some(([name]) => isPasswordName(name))
  return fields.length > 0 ? { action, fields, hadPassword } : undefined
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
