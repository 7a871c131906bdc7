import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import type { Config } from '../config.ts'
import { openDatabase } from '../db/open.ts'
import { sharedTurn } from '../db/turns.ts'
import { jobKinds } from '../job-kinds.ts'
import { jobRunner } from './runner.ts'

/** What the server tells its thread of jobs, and hears from it. */
export type ToThread = 'wake' | 'stop' | 'turn'
export type FromThread =
  | { kind: 'take' | 'leave' | 'idle' }
  | { kind: 'ended'; id: number }
  | { kind: 'error'; fields: Record<string, unknown>; message: string }

const idleMs = 20_000
const port = parentPort as MessagePort
const say = (message: FromThread) => port.postMessage(message)

const { config } = workerData as { config: Config }
let begin = () => {}
const place = {
  take: () =>
    new Promise<void>((resolve) => {
      begin = resolve
      say({ kind: 'take' })
    }),
  leave: () => say({ kind: 'leave' }),
}
const db = openDatabase(config.database, { writing: sharedTurn(place) })
const plain = ({ name, message, stack, ...others }: Error) => ({ ...others, type: name, message, stack })
const log = {
  error: ({ err, ...fields }: Record<string, unknown>, message: string) =>
    say({ kind: 'error', fields: { ...fields, err: err instanceof Error ? plain(err) : err }, message }),
}
const runner = jobRunner(
  { db, config, log },
  { kinds: jobKinds, isStarted: true, ended: (id) => say({ kind: 'ended', id }) },
)

async function stop() {
  clearInterval(watch)
  await runner.stop()
  await db.destroy()
  port.close()
}

const watch = setInterval(() => {
  if (runner.isIdleFor(idleMs)) say({ kind: 'idle' })
}, 1_000)

port.on('message', (message: ToThread) => {
  if (message === 'turn') begin()
  else if (message === 'wake') runner.wake()
  else void stop()
})
