import { type ChildProcess, fork } from 'node:child_process'
import { SpreadsheetError, type SpreadsheetErrorCode } from './errors.ts'
import type { FromReader, ToReader } from './reader-process.ts'
import type { TableLook, TableSource } from './table.ts'
import type { TableRow } from './table-row.ts'

/** What a reading may cost: memory of the heap, and seconds until an answer and for the whole file. */
export const readingBounds = { megabytes: 128, megabytesOfOld: 768, secondsOfAnswer: 120, secondsOfFile: 900 }

/** Begun with this word a process has the memory for files of old programs. */
const forOld = 'old'

/** A process that is not needed any more waits so long for the next file, which mostly comes soon. */
const spareMs = 3_000

/**
 * The rows of a file that somebody brought, read by a process of its own. A thread would not do: one that comes to the end
 * of its memory can end the whole program with it. Throws as readTable; `too-costly` where the file is more than the
 * bounds allow, whatever it does to the process.
 */
export async function* rowsApart(path: string, source: TableSource = {}): AsyncGenerator<TableRow> {
  const { reader, said: first } = await begin({ read: path, source })
  try {
    for (let said = first; 'rows' in said && said.rows !== null; said = await reader.ask('next'))
      yield* JSON.parse(said.rows) as TableRow[]
  } finally {
    reader.giveBack()
  }
}

/** The first `count` rows of each sheet of a file, likewise. */
export async function lookApart(path: string, source: TableSource, count: number): Promise<TableLook> {
  const { reader, said } = await begin({ look: path, source, count })
  reader.giveBack()
  return (said as { look: TableLook }).look
}

/** Asks for a file; one of an old program is read by a process with more memory. */
async function begin(asked: ToReader): Promise<{ reader: Reader; said: FromReader }> {
  for (const isForOld of [false, true]) {
    const reader = takeReader(isForOld)
    try {
      const said = await reader.ask(asked)
      if (!('more' in said)) return { reader, said }
    } catch (error) {
      reader.giveBack()
      throw error
    }
    reader.giveBack()
  }
  throw new Error('no process takes the file')
}

interface Reader {
  /** Throws what reading threw, or `too-costly`. */
  ask: (asked: ToReader) => Promise<FromReader>
  /** After the last answer; one that was not awaited ends the process. */
  giveBack: () => void
}

let spare: { child: ChildProcess; megabytes: number; timer: NodeJS.Timeout } | undefined

function takeChild(megabytes: number, isForOld: boolean): ChildProcess {
  if (!spare?.child.connected || spare.megabytes !== megabytes) return startChild(megabytes, isForOld)
  const { child, timer } = spare
  spare = undefined
  clearTimeout(timer)
  child.ref()
  child.channel?.ref()
  return child
}

/** What a fatal error of it writes is of no use to anybody. */
function startChild(megabytes: number, isForOld: boolean): ChildProcess {
  return fork(new URL('reader-process.ts', import.meta.url), isForOld ? [forOld] : [], {
    execArgv: [`--max-old-space-size=${megabytes}`, '--max-semi-space-size=4'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
  })
}

function keepChild(child: ChildProcess, megabytes: number) {
  spare?.child.kill('SIGKILL')
  child.unref()
  child.channel?.unref()
  const end = () => {
    // Until its end is heard of it looks alive, and would be given the next file.
    if (spare?.child === child) spare = undefined
    child.kill('SIGKILL')
  }
  spare = { child, megabytes, timer: setTimeout(end, spareMs).unref() }
}

function takeReader(isForOld: boolean): Reader {
  const megabytes = isForOld ? readingBounds.megabytesOfOld : readingBounds.megabytes
  const child = takeChild(megabytes, isForOld)
  let isWaiting = false
  let milliseconds = readingBounds.secondsOfFile * 1000
  const ask = async (asked: ToReader): Promise<FromReader> => {
    isWaiting = true
    const start = performance.now()
    const said = await answerOf(child, asked, Math.min(milliseconds, readingBounds.secondsOfAnswer * 1000))
    milliseconds -= performance.now() - start
    isWaiting = false
    if ('fault' in said) throw errorOf(said.fault)
    return said
  }
  const giveBack = () => {
    // What an old file took is not given back.
    if (isWaiting || isForOld || !child.connected) {
      child.kill('SIGKILL')
      return
    }
    child.send('end' satisfies ToReader)
    keepChild(child, megabytes)
  }
  return { ask, giveBack }
}

function answerOf(child: ChildProcess, asked: ToReader, milliseconds: number): Promise<FromReader> {
  const { promise, resolve, reject } = Promise.withResolvers<FromReader>()
  const give = (reason: string) => reject(new SpreadsheetError('too-costly', `the process that reads ${reason}`))
  const ended = (code: number | null, signal: string | null) => give(`ended with ${signal ?? code}`)
  const timer = setTimeout(give, milliseconds, `did not answer for ${Math.round(milliseconds)} ms`)
  child.once('message', resolve)
  child.once('error', reject)
  child.once('exit', ended)
  child.send(asked, (error) => error && give(error.message))
  return promise.finally(() => {
    clearTimeout(timer)
    child.off('message', resolve)
    child.off('error', reject)
    child.off('exit', ended)
  })
}

function errorOf({ isOfFile, code, message, stack }: Extract<FromReader, { fault: unknown }>['fault']): Error {
  const error = isOfFile ? new SpreadsheetError(code as SpreadsheetErrorCode, message) : new Error(message)
  return Object.assign(error, { code, stack })
}
