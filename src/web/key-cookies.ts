import { createHash, randomBytes } from 'node:crypto'
import type { FastifyRequest } from 'fastify'

const hash = (token: string) => createHash('sha256').update(token).digest('hex')

/** A new key for a cookie, and the hash it is known by in the database. */
export function newToken() {
  const token = randomBytes(32).toString('base64url')
  return { token, token_hash: hash(token) }
}

/** The hash of the key in a cookie of a request. */
export function tokenHash(request: FastifyRequest, cookie: string): string | undefined {
  const token = request.cookies[cookie]
  return token ? hash(token) : undefined
}

/** How a cookie that is a key is given: out of reach of scripts and of other sites, and by TLS only where there is TLS. */
export const keyCookie = (request: FastifyRequest, path = '/') =>
  ({ path, httpOnly: true, sameSite: 'lax', secure: request.protocol === 'https' }) as const
