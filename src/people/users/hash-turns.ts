import { availableParallelism } from 'node:os'
import { Refusal } from '../../kernel/web/refusal.ts'
import { text } from '../../texts/index.ts'

/** One core is left to the pages, and two threads of the four that Node has to reading files and packing pages. */
const mostAtOnce = Math.max(1, Math.min(2, availableParallelism() - 1))
/** Some three seconds of waiting. */
const mostWaiting = 50

const waiting: (() => void)[] = []
let working = 0

/** Does work that keeps a core busy, a few at once and the rest in the order it came; more than can wait is refused. */
export async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (working >= mostAtOnce) await turn()
  else working++
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else working--
  }
}

function turn(): Promise<void> {
  if (waiting.length >= mostWaiting) throw new Refusal({ status: 429, message: text.users.tooManyAtOnce })
  return new Promise((resolve) => waiting.push(resolve))
}
