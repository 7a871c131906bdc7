import { SpreadsheetError } from './errors.ts'
import type { ReadLimits } from './limits.ts'

const BLOCK_BYTES = 4 * 1024 * 1024

/** Strings by index. */
export interface StringTable {
  add: (text: string) => void
  /** The text at an index; throws `damaged` when there is none. */
  at: (index: number) => string
}

/**
 * An empty table; `add` throws `too-large` over the limits. The strings are packed as UTF-8 in blocks, outside the
 * heap of JavaScript: millions of them take little more than their bytes. None crosses the border of a block.
 */
export function createStringTable(limits: ReadLimits): StringTable {
  const blocks: Buffer[] = []
  let ends = new Uint32Array(16 * 1024)
  let count = 0
  const endOf = (index: number) => (index < 0 ? 0 : (ends[index] as number))
  return {
    add(text) {
      const length = Buffer.byteLength(text)
      const start = startOf(endOf(count - 1), length)
      if (count >= limits.sharedStrings || start + length > limits.sharedStringBytes || length > BLOCK_BYTES) {
        throw new SpreadsheetError('too-large', `${count} shared strings, ${start + length} bytes`)
      }
      if (length > 0) blockAt(blocks, start).write(text, start % BLOCK_BYTES)
      if (count === ends.length) ends = doubled(ends)
      ends[count++] = start + length
    },
    at(index) {
      if (!(Number.isInteger(index) && index >= 0 && index < count))
        throw new SpreadsheetError('damaged', `no shared string ${index}`)
      const [previous, end] = [endOf(index - 1), endOf(index)]
      if (previous === end) return ''
      const blockStart = Math.floor((end - 1) / BLOCK_BYTES) * BLOCK_BYTES
      const start = Math.max(previous, blockStart)
      return blockAt(blocks, start).toString('utf8', start - blockStart, end - blockStart)
    },
  }
}

/** Where the next string goes: behind the last one, or in a new block when it does not fit. */
function startOf(end: number, length: number): number {
  const blockEnd = Math.ceil(end / BLOCK_BYTES) * BLOCK_BYTES
  return length > 0 && end + length > blockEnd ? blockEnd : end
}

function blockAt(blocks: Buffer[], position: number): Buffer {
  const index = Math.floor(position / BLOCK_BYTES)
  blocks[index] ??= Buffer.allocUnsafeSlow(BLOCK_BYTES)
  return blocks[index]
}

function doubled(numbers: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(numbers.length * 2)
  larger.set(numbers)
  return larger
}
