import { EventEmitter, once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { FastifyInstance } from 'fastify'
import type { TurnQueue } from '../db/write-queue.ts'
import { type JobKind, type JobRunner, jobRunner } from './runner.ts'
import { isJobWaiting } from './taking.ts'
import type { FromThread, ToThread } from './thread.ts'

declare module 'fastify' {
  interface FastifyInstance {
    jobKinds: ReadonlyMap<string, JobKind>
    /** Looks for work now instead of at the next turn. */
    wakeJobs(): void
    /** Does all the work there is; for tests. */
    runJobs(): Promise<void>
    /** Begins a job as soon as may be and answers when it has ended here, or after `ms` at the latest. */
    jobSoon(id: number, ms: number): Promise<void>
  }
}

/** Where jobs are done: `none` waits to be asked, for tests; `here` beside the pages; `turns` in a thread of their own. */
export type Workplace = 'none' | 'here' | { turns: TurnQueue }

/** The kinds of work there are, by their names, and the file of the thread that does them (thread.ts). */
export type Works = { kinds: ReadonlyMap<string, JobKind>; thread: URL }

/** Runs jobs. Reading a file, spelling names and writing rows takes the processor for minutes, so pages do not wait for it. */
export function backgroundJobs(app: FastifyInstance, workplace: Workplace, { kinds, thread }: Works) {
  const ends = new EventEmitter().setMaxListeners(0)
  const ended = (id: number) => void ends.emit(String(id))
  const context = { db: app.db, config: app.config, log: app.log }
  const isStarted = workplace !== 'none'
  let runner: Pick<JobRunner, 'wake' | 'stop'> | undefined
  const newInline = () => jobRunner(context, { kinds, isStarted: false, ended })
  let inline = newInline()
  const wake = () => {
    if (runner) runner.wake()
    else if (!isStarted) void inline.runAll().catch((error) => app.log.error({ err: error }, 'job'))
  }
  app.decorate('jobKinds', kinds)
  app.decorate('wakeJobs', () => runner?.wake())
  app.decorate('runJobs', () => inline.runAll())
  app.decorate('jobSoon', async (id, ms) => {
    const waiting = new AbortController()
    const end = once(ends, String(id), waiting)
    wake()
    await Promise.race([end, wait(ms, undefined, waiting)]).finally(() => waiting.abort())
  })
  const start = () => {
    if (workplace === 'here') runner = jobRunner(context, { kinds, isStarted, ended })
    else if (workplace !== 'none') runner = jobThread(app, thread, workplace.turns, ended)
  }
  const stop = async () => {
    await Promise.all([runner?.stop(), inline.stop()])
    inline = newInline()
  }
  app.door.add({ stop, start })
  app.addHook('onReady', async () => start())
  app.addHook('preClose', async () => stop())
}

const everyMs = 1_000
const youngGenerationMb = 16
const oldGenerationMb = 192

/** A thread for jobs with a connection of its own, begun when there is work and ended when there has been none for long. */
function jobThread(app: FastifyInstance, file: URL, turns: TurnQueue, ended: (id: number) => void) {
  let worker: Worker | undefined
  let isClosing = false
  const send = (message: ToThread) => worker?.postMessage(message)
  const begin = () => {
    const seat = turns.seat()
    const thread = new Worker(file, {
      workerData: { config: app.config, turns: seat },
      transferList: [seat.port],
      resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb, maxOldGenerationSizeMb: oldGenerationMb },
    })
    worker = thread
    thread.on('message', (message: FromThread) => {
      if (message.kind === 'ended') ended(message.id)
      else if (message.kind === 'error') app.log.error(message.fields, message.message)
      else end(thread)
    })
    thread.on('error', (error) => app.log.error({ err: error }, 'job thread'))
    thread.on('exit', () => {
      if (worker === thread) worker = undefined
    })
  }
  const end = (thread: Worker) => {
    if (worker === thread) worker = undefined
    thread.postMessage('stop' satisfies ToThread)
  }
  const isWanted = () => !worker && !isClosing
  const look = () => {
    if (!isWanted()) return
    isJobWaiting(app.db).then(
      (isWaiting) => isWaiting && isWanted() && begin(),
      (error) => app.log.error({ err: error }, 'job watch'),
    )
  }
  const watch = setInterval(look, everyMs).unref()
  return {
    wake: () => {
      if (worker) send('wake')
      else look()
    },
    stop: async () => {
      isClosing = true
      clearInterval(watch)
      const thread = worker
      if (!thread) return
      const exit = once(thread, 'exit')
      end(thread)
      await exit
    },
  }
}
