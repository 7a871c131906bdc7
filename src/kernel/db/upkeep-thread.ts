import { fdatasyncSync, openSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import Sqlite from 'better-sqlite3'
import { searchIndexes } from './search-tables.ts'
import { placeAt, type Seat } from './write-queue.ts'

/** How often it is looked whether anybody wrote: while somebody does, and otherwise. */
const pauses = { busy: 100, quiet: 500 }
/** So many looks in vain, and the thread ends. */
const mostInVain = 20
/** Pages of the log from which on they are brought into the file, and how many may be left for the last, hurried part. */
const log = { pages: 4_000, hurried: 1_000, rounds: 5 }
/** Pages of the search index that are written in one turn: about 5 ms. */
const mergePages = 100

const { file, turns } = workerData as { file: string; turns: Seat }
const port = parentPort as MessagePort
const sqlite = new Sqlite(file)
for (const setting of ['synchronous = NORMAL', 'busy_timeout = 10000', 'cache_size = -4000', 'wal_autocheckpoint = 0'])
  sqlite.pragma(setting)
const place = placeAt(turns)
const merges = (sqlite.prepare(searchIndexes).pluck().all() as string[]).map((index) =>
  sqlite.prepare(`insert into ${index} (${index}, rank) values ('merge', ${mergePages})`),
)
let isOpen = true
let logFile: number | undefined

type Checkpoint = { log: number; checkpointed: number }
const checkpoint = (how: 'noop' | 'passive'): number => {
  const [state] = sqlite.pragma(`wal_checkpoint(${how})`) as [Checkpoint]
  return state.log - state.checkpointed
}

async function inTurn<T>(work: () => T): Promise<T> {
  await place.take()
  try {
    return work()
  } finally {
    place.leave()
  }
}

/**
 * Brings what was written into the file. Whoever writes meanwhile makes the log longer, so the rest is done while nobody
 * may; only when nothing is left does the log begin anew.
 */
async function emptyLog() {
  for (let round = 0; round < log.rounds; round++) if (checkpoint('passive') < log.hurried) break
  await inTurn(() => checkpoint('passive'))
}

/** What a job wrote without waiting for the disk would have to be waited for by the next person who saves. */
function writeOut() {
  logFile ??= openSync(`${file}-wal`, 'r+')
  fdatasyncSync(logFile)
}

/** One small step; answers whether there may be more to merge. */
const mergeSome = () =>
  inTurn(() => {
    const isMerged = merges.map((merge) => {
      const before = changes()
      merge.run()
      return changes() - before >= 2
    })
    return isMerged.includes(true)
  })

const changes = () => sqlite.prepare('select total_changes()').pluck().get() as number

async function keepUp() {
  let seen = -1
  let isMore = true
  let inVain = 0
  while (isOpen && inVain < mostInVain) {
    const version = sqlite.pragma('data_version', { simple: true }) as number
    const isChanged = version !== seen
    seen = version
    if (isChanged) writeOut()
    if (isChanged || isMore) isMore = await mergeSome()
    if (isChanged && checkpoint('noop') > log.pages) await emptyLog()
    inVain = isChanged || isMore ? 0 : inVain + 1
    await pause(isMore ? 5 : isChanged ? pauses.busy : pauses.quiet)
  }
  sqlite.close()
  port.close()
}

port.on('message', () => {
  isOpen = false
})
void keepUp()
