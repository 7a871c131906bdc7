import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import type { Config } from '../../config.ts'
import { openDatabase } from '../db/open.ts'
import { placeAt, type Seat, sharedTurn } from '../db/write-queue.ts'
import { type JobKind, jobRunner } from './runner.ts'

/** What the server tells its thread of jobs, and hears from it. */
export type ToThread = 'wake' | 'stop'
export type FromThread =
  | { kind: 'idle' }
  | { kind: 'ended'; id: number }
  | { kind: 'error'; fields: Record<string, unknown>; message: string }

const idleMs = 20_000
const plain = ({ name, message, stack, ...others }: Error) => ({ ...others, type: name, message, stack })

/** Does the jobs of these kinds in the thread it is called in, until that is told to stop. */
export function runJobThread(kinds: ReadonlyMap<string, JobKind>) {
  const port = parentPort as MessagePort
  const say = (message: FromThread) => port.postMessage(message)

  const { config, turns } = workerData as { config: Config; turns: Seat }
  const db = openDatabase(config.database, { writing: sharedTurn(placeAt(turns)), isRepeatable: true })
  const log = {
    error: ({ err, ...fields }: Record<string, unknown>, message: string) =>
      say({ kind: 'error', fields: { ...fields, err: err instanceof Error ? plain(err) : err }, message }),
  }
  const runner = jobRunner({ db, config, log }, { kinds, isStarted: true, ended: (id) => say({ kind: 'ended', id }) })

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
    if (message === 'wake') runner.wake()
    else void stop()
  })
}
