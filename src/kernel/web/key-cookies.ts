import { hash, randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'

const hashOf = (token: string) => hash('sha256', token)

/** A new key for a cookie, and the hash it is known by in the database. */
export function newToken() {
  const token = randomBytes(32).toString('base64url')
  return { token, token_hash: hashOf(token) }
}

/** Where a cookie is sent to, and for how many seconds it is kept; without a time, until the browser is closed. */
type How = { path?: string; maxAge?: number }

/** With TLS the name itself makes browsers take it from this host alone, by TLS alone (RFC 6265bis, 4.1.3). */
function nameOf({ protocol }: FastifyRequest, name: string, path: string): string {
  if (protocol !== 'https') return name
  return path === '/' ? `__Host-${name}` : `__Secure-${name}`
}

/** What a cookie that is a key holds. */
export const readKeyCookie = (request: FastifyRequest, name: string, path = '/'): string | undefined =>
  request.cookies[nameOf(request, name, path)]

/** Gives a cookie that is a key: out of reach of scripts and of other sites, and by TLS only where there is TLS. */
export function setKeyCookie(reply: FastifyReply, name: string, value: string, { path = '/', ...how }: How = {}) {
  const { request } = reply
  const secure = request.protocol === 'https'
  reply.setCookie(nameOf(request, name, path), value, { path, httpOnly: true, sameSite: 'lax', secure, ...how })
}

export function clearKeyCookie(reply: FastifyReply, name: string, path = '/') {
  const secure = reply.request.protocol === 'https'
  reply.clearCookie(nameOf(reply.request, name, path), { path, httpOnly: true, sameSite: 'lax', secure })
}

/** The hash of the key in a cookie of a request. */
export function tokenHash(request: FastifyRequest, name: string, path = '/'): string | undefined {
  const token = readKeyCookie(request, name, path)
  return token ? hashOf(token) : undefined
}
