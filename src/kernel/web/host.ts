import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { text } from '../../texts/index.ts'
import { plainPage } from './plain-page.ts'

/** What a browser at the machine itself types, and what a proxy there asks for when it does not hand the name on. */
const isHere = (hostname: string) => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)

/**
 * Refuses a request that names two hosts (RFC 9112, 3.2) and, where it is known which one people type, one that names
 * another: a page of another name that leads here must not speak for those who are signed in (DNS rebinding). Balancers
 * that ask how it goes name whatever they like.
 */
export function hosts(app: FastifyInstance, publicUrl: string | null) {
  app.addHook('onRequest', async (request, reply) => {
    if (hostsNamed(request) > 1) return refuse(reply, 400, text.errors.notUnderstood)
    if (!publicUrl || request.routeOptions.config?.isForAnyone || isMeant(request, publicUrl)) return
    return refuse(reply, 421, text.errors.otherHost, publicUrl)
  })
}

/** Node keeps the first alone of those that come twice. */
const hostsNamed = ({ raw }: FastifyRequest) =>
  raw.rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host').length

function isMeant({ host }: FastifyRequest, publicUrl: string): boolean {
  const own = new URL(publicUrl)
  const asked = `${own.protocol}//${host}`
  if (!host || !URL.canParse(asked)) return false
  const named = new URL(asked)
  return named.host === own.host || isHere(named.hostname)
}

const refuse = (reply: FastifyReply, status: 400 | 421, sentence: string, href?: string) =>
  reply
    .code(status)
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(plainPage(text.errors.titles[status], sentence, href))
