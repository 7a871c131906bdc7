import { SpreadsheetError } from './errors.ts'
import { lookAtTable, readTable } from './read-table.ts'
import type { TableLook, TableSource } from './table.ts'
import { isOld, kindOf } from './table-kind.ts'
import type { TableRow } from './table-row.ts'

/** What the process that reads is asked, and answers. */
export type ToReader =
  | { look: string; source: TableSource; count: number }
  | { read: string; source: TableSource }
  | 'next'
  | 'end'
export type FromReader =
  | { look: TableLook }
  /** The kind of the file takes a process with more memory. */
  | { more: true }
  /** Rows as JSON, which is cheaper to hand over than their objects; null after the last. */
  | { rows: string | null }
  | { fault: { isOfFile: boolean; code?: string | undefined; message: string; stack?: string | undefined } }

// A process of its own for files of others (apart.ts): whatever they do to it, the program goes on.

const hasMore = process.argv[2] === 'old'
const rowsOfBatch = 250
const charactersOfBatch = 512 * 1024

let batches: AsyncGenerator<string> | undefined
/** The next batch is read while the one before is worked on. */
let coming: Promise<FromReader> | undefined

async function* batchesOf(rows: AsyncGenerator<TableRow>): AsyncGenerator<string> {
  let batch: TableRow[] = []
  let characters = 0
  for await (const row of rows) {
    batch.push(row)
    for (const { length } of row.cells) characters += length
    if (batch.length < rowsOfBatch && characters < charactersOfBatch) continue
    yield JSON.stringify(batch)
    batch = []
    characters = 0
  }
  if (batch.length > 0) yield JSON.stringify(batch)
}

const nextBatch = async (): Promise<FromReader> => ({ rows: (await batches?.next())?.value ?? null })

function faultOf(error: NodeJS.ErrnoException): FromReader {
  const { code, message, stack } = error
  // What is too long for a string or too large for a buffer.
  if (error instanceof RangeError) return { fault: { isOfFile: true, code: 'too-costly', message, stack } }
  return { fault: { isOfFile: error instanceof SpreadsheetError, code, message, stack } }
}

async function answerTo(asked: ToReader): Promise<FromReader | undefined> {
  if (asked === 'end') {
    await coming
    await batches?.return(undefined)
    batches = undefined
    coming = undefined
    return undefined
  }
  if (asked !== 'next' && !hasMore && isOld(await kindOf('look' in asked ? asked.look : asked.read)))
    return { more: true }
  if (asked !== 'next' && 'look' in asked) return { look: await lookAtTable(asked.look, asked.source, asked.count) }
  if (asked !== 'next') batches = batchesOf(readTable(asked.read, asked.source))
  const ready = await (coming ?? nextBatch())
  coming = nextBatch().catch(faultOf)
  return ready
}

let busy = Promise.resolve()
process.on('message', (asked: ToReader) => {
  busy = busy.then(async () => {
    const said = await answerTo(asked).catch(faultOf)
    if (said) process.send?.(said)
  })
})
process.on('disconnect', () => process.exit())
