import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { FastifyInstance } from 'fastify'
import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import type { Workplace } from '../jobs/background.ts'
import type { Report } from '../report/pdf.ts'
import { Refusal } from '../web/refusal.ts'
import type { FromAside, ToAside } from './thread.ts'

/**
 * Everything that is done aside, by its name; what is asked and answered can be copied between threads. The program adds
 * what wings want done (program/query-kinds.ts).
 */
export interface AsideKinds {
  pdf(db: Knex, report: Report): Promise<Uint8Array>
}

/** How it is done, and the file of the thread that does it (thread.ts). */
export type AsideWorks = { kinds: AsideKinds; thread: URL }

type Name = keyof AsideKinds
type Asked<N extends Name> = Parameters<AsideKinds[N]>[1]
type Answered<N extends Name> = Awaited<ReturnType<AsideKinds[N]>>
/** `isWanted` is asked when its turn comes: what nobody waits for any more is a Refusal instead. */
type Aside = <N extends Name>(name: N, asked: Asked<N>, isWanted?: () => boolean) => Promise<Answered<N>>

declare module 'fastify' {
  interface FastifyInstance {
    /** Does what takes the processor long where no other page waits for it: in a thread, one thing after the other. */
    aside: Aside
    /** So long a person waits for it before a page says that it is being made, in milliseconds; for ever where nothing is aside. */
    asidePatience: number
  }
}

type Work = {
  name: Name
  asked: unknown
  isWanted(): boolean
  resolve(answer: never): void
  reject(error: unknown): void
}

/** Someone looks at a page that waits for its figures; a PDF can be waited for. */
const last: Name = 'pdf'

export function asideWork(app: FastifyInstance, workplace: Workplace, { kinds, thread: file }: AsideWorks) {
  app.decorate('asidePatience', typeof workplace === 'object' ? patienceMs : Number.POSITIVE_INFINITY)
  if (typeof workplace !== 'object') {
    app.decorate('aside', (async (name: Name, asked: never) => kinds[name](app.db, asked)) as Aside)
    return
  }
  const thread = asideThread(app, file)
  app.decorate('aside', thread.aside)
  app.door.add({ stop: thread.stop, start: () => {} })
  app.addHook('preClose', thread.stop)
}

const patienceMs = 2_000
const idleMs = 60_000
const youngGenerationMb = 16
const oldGenerationMb = 256

/** A thread that begins with the first work and ends when there has been none for long. */
function asideThread(app: FastifyInstance, file: URL) {
  const waiting: Work[] = []
  let worker: Worker | undefined
  let present: Work | undefined
  let idle: NodeJS.Timeout | undefined

  function begin() {
    const thread = new Worker(file, {
      workerData: { database: app.config.database },
      resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb, maxOldGenerationSizeMb: oldGenerationMb },
    })
    thread.unref()
    thread.on('message', (answer: FromAside) => {
      const done = take()
      if ('error' in answer) done?.reject(answer.error)
      else done?.resolve(answer.answer as never)
      next()
    })
    thread.on('error', (error) => app.log.error({ err: error }, 'aside thread'))
    thread.on('exit', () => {
      if (worker === thread) worker = undefined
      take()?.reject(new Error('the thread aside ended'))
      next()
    })
    return thread
  }

  function take() {
    const done = present
    present = undefined
    return done
  }

  function next() {
    clearTimeout(idle)
    if (present) return
    const at = Math.max(
      0,
      waiting.findIndex(({ name }) => name !== last),
    )
    const work = waiting.splice(at, 1)[0]
    if (!work) {
      idle = setTimeout(end, idleMs).unref()
      return
    }
    if (!work.isWanted()) {
      work.reject(new Refusal({ status: 408, message: text.errors.abandoned }))
      return next()
    }
    present = work
    worker ??= begin()
    worker.postMessage({ name: present.name, asked: present.asked } as ToAside)
  }

  /** Between two works; the answer to the last one is already there. */
  function end() {
    const thread = worker
    worker = undefined
    thread?.postMessage(null)
  }

  const aside: Aside = (name, asked, isWanted = () => true) =>
    new Promise((resolve, reject) => {
      waiting.push({ name, asked, isWanted, resolve, reject })
      next()
    })

  async function stop() {
    clearTimeout(idle)
    const thread = worker
    if (!thread) return
    const exit = once(thread, 'exit')
    end()
    await exit
  }
  return { aside, stop }
}
