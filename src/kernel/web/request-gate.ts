import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { text } from '../../texts/index.ts'
import { escapeHtml } from './page.ts'
import { Refusal } from './refusal.ts'

/** What works beside the pages and has to rest while the door is closed. */
type Suspendable = { stop(): Promise<void>; start(): void }

export type Door = {
  isClosed: boolean
  /** Something beside the pages that stops and starts with them. */
  add(rester: Suspendable): void
  /** Does background work unless the door is closed, which waits for its end. */
  pass(work: () => Promise<void>): Promise<void>
  /** Hands rows on while their end is waited for: what an answer draws on may outlive its connection. */
  watch<T>(rows: AsyncIterable<T>): AsyncGenerator<T>
  /** Lets nobody in any more and waits until everybody is out; a Refusal, with the door open again, when somebody stays. */
  close(reason: string): Promise<void>
  /** What those who come meanwhile are told. */
  say(reason: string): void
  open(): void
}

declare module 'fastify' {
  interface FastifyInstance {
    door: Door
  }
}

const patience = { quietMs: 10_000, everyMs: 20, cutMs: 10_000 }
const refreshSeconds = 3

/**
 * The one way to exchange the database under the program: no request is under way then, none that began before goes on
 * after it, and whoever comes meanwhile gets a page that says so and asks again by itself.
 */
export function doors(app: FastifyInstance) {
  const resters: Suspendable[] = []
  const inside = new Set<FastifyRequest>()
  let works = 0
  let reason = ''
  const isEmpty = () => inside.size === 0 && works === 0
  const emptied = async (ms: number) => {
    for (const end = Date.now() + ms; !isEmpty() && Date.now() < end; ) await wait(patience.everyMs)
    return isEmpty()
  }
  const counted = async (work: () => unknown) => {
    works++
    try {
      return await work()
    } finally {
      works--
    }
  }
  const door: Door = {
    isClosed: false,
    add: (rester) => void resters.push(rester),
    pass: async (work) => void (door.isClosed || (await counted(work))),
    watch: async function* (rows) {
      works++
      try {
        yield* rows
      } finally {
        works--
      }
    },
    say: (sentence) => {
      reason = sentence
    },
    close: async (sentence) => {
      if (door.isClosed) throw new Refusal({ status: 409, message: text.backups.alreadyClosed })
      reason = sentence
      door.isClosed = true
      if (!(await emptied(patience.quietMs))) cutAll(inside)
      if (!(await emptied(patience.cutMs))) {
        door.isClosed = false
        throw new Refusal({ status: 409, message: text.backups.notEmpty })
      }
      for (const { stop } of resters) await stop()
    },
    open: () => {
      for (const { start } of resters) start()
      door.isClosed = false
    },
  }
  app.decorate('door', door)
  app.addHook('onRoute', (route) => {
    const { handler } = route
    route.handler = function (request, reply) {
      // Nobody waits for it, and it is not inside any more: the door may have been closed meanwhile.
      if (reply.raw.destroyed) return reply.hijack()
      // An answer may be over before the one who makes it is: who goes away now leaves work behind.
      return counted(() => handler.call(this, request, reply))
    }
  })
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config?.isForAnyone) return
    if (door.isClosed && request.routeOptions.url !== '/public/:file') return closed(app, request, reply, reason)
    inside.add(request)
    // Comes once whatever way it goes: answered, cut off, or in line behind an answer that was cut off. Fastify's own
    // onResponse comes for the answered ones alone.
    reply.raw.once('close', () => inside.delete(request))
  })
}

function cutAll(inside: Set<FastifyRequest>) {
  for (const { raw } of inside) raw.destroy()
}

async function closed(app: FastifyInstance, request: FastifyRequest, reply: FastifyReply, reason: string) {
  reply
    .code(503)
    .type('text/html; charset=utf-8')
    .header('retry-after', refreshSeconds)
    .header('cache-control', 'no-store')
  const isForm = request.method === 'POST'
  const lost = isForm ? text.backups.closed.notSaved : ''
  if (request.headers['hx-request']) {
    reply.header('hx-retarget', '#flash').header('hx-reselect', '.flash').header('hx-reswap', 'innerHTML')
    return reply.send(`<p class="flash flash-warning" role="alert">${escapeHtml(`${reason}${lost}`)}</p>`)
  }
  const { title } = text.backups.closed
  const frame = { text, asset: app.asset, company: title, flash: [], refresh: isForm ? null : refreshSeconds }
  return reply.send(await app.view('operation/maintenance/closed', { ...frame, title, reason, lost }))
}
