import { randomInt } from 'node:crypto'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { text } from '../../texts/index.ts'
import { storageFault } from '../db/dialect.ts'
import { escapeHtml } from './page.ts'
import { Stale } from './record.ts'
import { Refusal } from './refusal.ts'

/** The number of a request, that a person can read over the telephone and the log can be searched for. */
export const requestNumber = () =>
  `${Date.now().toString(36)}${randomInt(36 ** 3)
    .toString(36)
    .padStart(3, '0')}`.toUpperCase()

const longestSegment = 200

/** Leads an address that cannot be decoded to nowhere; Fastify would answer it by itself, in English and without a page. */
export function readableUrl({ url = '/' }: { url?: string }): string {
  const path = url.split('?')[0] as string
  try {
    return decodeURIComponent(path).split('/').some(isTooLong) ? '/-' : url
  } catch {
    return '/-'
  }
}

const isTooLong = (segment: string) => segment.length > longestSegment

/** Every answer that is not what was asked for: pages for people, a small alert for htmx, never the words of a 500. */
export function errors(app: FastifyInstance) {
  app.setErrorHandler((error: FastifyError | Refusal, request, reply) => {
    const { status, message } = explain(error)
    if (status >= 500) request.log.error({ err: error, number: request.id }, 'request failed')
    return answer(request, reply, status, message)
  })
  app.setNotFoundHandler({ preHandler: app.rateLimit({ max: 300, timeWindow: '1 minute' }) }, (request, reply) => {
    if (!request.user && request.method === 'GET')
      return reply.redirect(`/login?to=${encodeURIComponent(request.url)}`, 303)
    return answer(request, reply, 404, text.errors.notFound)
  })
}

function explain(error: FastifyError | Refusal): { status: number; message: string } {
  if (error instanceof Refusal) return { status: error.status, message: error.message || text.errors.notFound }
  if (error instanceof Stale) return { status: 409, message: text.record.stale }
  const fault = storageFault(error)
  if (fault) return { status: 503, message: text.errors[fault] }
  const status = error.statusCode ?? 500
  if (error.validation) return { status: 404, message: text.errors.notFound }
  if (status === 413) return { status, message: text.errors.tooLarge }
  if (status === 429) return { status, message: text.errors.tooOften }
  if (status >= 400 && status < 500) return { status, message: text.errors.notUnderstood }
  return { status: 500, message: text.errors.fault }
}

async function answer(request: FastifyRequest, reply: FastifyReply, status: number, message: string) {
  reply.code(status)
  const number = status >= 500 ? request.id : null
  if (request.headers['hx-request']) {
    reply.type('text/html; charset=utf-8').header('hx-push-url', 'false')
    reply.header('hx-retarget', '#flash').header('hx-reselect', '.flash').header('hx-reswap', 'innerHTML')
    return reply.send(
      `<p class="flash flash-warning" role="alert">${escapeHtml(message)}${number ? ` ${number}` : ''}</p>`,
    )
  }
  const { titles } = text.errors
  const title = titles[status as keyof typeof titles] ?? titles[status < 500 ? 400 : 500]
  return reply.page('shared/error', { status, title, errorText: message, number })
}
