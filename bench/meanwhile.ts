import { setTimeout as pause } from 'node:timers/promises'
import { signIn } from './client.ts'
import { account } from './database.ts'
import { save } from './records.ts'
import type { Figure } from './report.ts'
import type { Server } from './server.ts'
import { at, expect } from './timing.ts'

const others = { username: 'user1', password: account.password }

/**
 * Does large work on a server while another user reads lists and saves changes there; answers how long it took, what
 * the other user waited, and the most memory the server held.
 */
export async function meanwhile(server: Server, count: number, name: string, work: () => Promise<void>) {
  const send = await signIn(server.origin, others)
  const lists: number[] = []
  const saves: number[] = []
  let most = { resident: 0, own: 0 }
  let isOver = false
  const watch = setInterval(() => {
    most = { resident: Math.max(most.resident, server.residentMb()), own: Math.max(most.own, server.ownMb()) }
  }, 50)
  const other = async () => {
    for (let turn = 0; !isOver; turn++) {
      const start = performance.now()
      expect(await send('/customers'), 200, 'list')
      lists.push(performance.now() - start)
      if (turn % 4 === 0)
        saves.push(
          await save(send, `/customers/${1 + Math.floor(Math.random() * count)}/edit`, (fields) => ({
            ...fields,
            points: String(turn),
          })),
        )
      await pause(50)
    }
  }
  const processorBefore = server.processorSeconds()
  const start = performance.now()
  const reading = other()
  await work().finally(() => {
    isOver = true
  })
  const seconds = (performance.now() - start) / 1000
  await reading
  clearInterval(watch)
  const processor = server.processorSeconds() - processorBefore
  const sorted = (times: number[]) => times.sort((a, b) => a - b)
  const waits = { list: sorted(lists), save: sorted(saves) }
  const note = `${processor.toFixed(1)} s of processor time, the other user's included`
  const figures: Figure[] = [
    {
      name: `list meanwhile, p99, ${name}`,
      value: at(waits.list, 0.99),
      unit: 'ms',
      most: 150,
      note: worst(waits.list),
    },
    {
      name: `save meanwhile, p99, ${name}`,
      value: at(waits.save, 0.99),
      unit: 'ms',
      most: 300,
      note: worst(waits.save),
    },
    {
      name: `memory, most, ${name}`,
      value: most.resident,
      unit: 'MB',
      most: 400,
      note: `${most.own.toFixed(0)} its own`,
    },
  ]
  return { seconds, note, figures }
}

const worst = (times: number[]) =>
  `${times.length} times, p50 ${at(times, 0.5).toFixed(1)}, most ${times.at(-1)?.toFixed(0)}`
