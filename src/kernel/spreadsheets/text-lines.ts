import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { SpreadsheetError } from './errors.ts'
import type { ReadLimits } from './limits.ts'

const LINE_FEED = 10
const CARRIAGE_RETURN = 13
const QUOTE = 34
const CHUNK_BYTES = 256 * 1024

/** The beginning of a file, to recognise it by. */
export async function startOf(path: string, length: number): Promise<Buffer> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/**
 * The lines of a text file as bytes without their ends, many at once. UTF-16 comes as UTF-8; in UTF-8, GB18030 and Big5 no
 * byte of another character is a line end. Throws `too-large` for a line that cannot be a row.
 */
export async function* linesOf(path: string, limits: ReadLimits, encoding = 'utf-8'): AsyncGenerator<Buffer[]> {
  const utf16 = encoding.startsWith('utf-16') ? encoding : undefined
  const lineEnd = lineEndIn(await startOf(path, CHUNK_BYTES), utf16)
  let rest: Buffer = Buffer.alloc(0)
  let isFirst = true
  for await (const chunk of utf8Chunks(path, utf16)) {
    const { lines, end } = split(rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk, lineEnd)
    if (end.length > limits.tokenCharacters) throw new SpreadsheetError('too-large', `a line of ${end.length} bytes`)
    rest = end
    if (lines.length === 0) continue
    if (isFirst) lines[0] = withoutMark(lines[0] as Buffer)
    isFirst = false
    yield lines
  }
  if (rest.length > 0) yield [isFirst ? withoutMark(rest) : rest]
}

/** What ends the lines: Excel for Mac writes CR there, and LF where a cell in quotes has several lines. */
function lineEndIn(start: Buffer, utf16: string | undefined): number {
  const bytes = utf16 ? Buffer.from(new TextDecoder(utf16).decode(start)) : start
  if (!bytes.includes(CARRIAGE_RETURN)) return LINE_FEED
  let isQuoted = false
  for (const byte of bytes) {
    if (byte === QUOTE) isQuoted = !isQuoted
    else if (byte === LINE_FEED && !isQuoted) return LINE_FEED
  }
  return CARRIAGE_RETURN
}

function split(bytes: Buffer, lineEnd: number): { lines: Buffer[]; end: Buffer } {
  const lines: Buffer[] = []
  let from = 0
  for (let at = bytes.indexOf(lineEnd); at >= 0; at = bytes.indexOf(lineEnd, from)) {
    const isPair = lineEnd === LINE_FEED && at > from && bytes[at - 1] === CARRIAGE_RETURN
    lines.push(bytes.subarray(from, isPair ? at - 1 : at))
    from = at + 1
  }
  return { lines, end: bytes.subarray(from) }
}

function withoutMark(line: Buffer): Buffer {
  return line.toString('hex', 0, 3) === 'efbbbf' ? line.subarray(3) : line
}

async function* utf8Chunks(path: string, utf16: string | undefined): AsyncGenerator<Buffer> {
  const stream = createReadStream(path, { highWaterMark: CHUNK_BYTES })
  const decoder = utf16 && new TextDecoder(utf16)
  for await (const chunk of stream) yield decoder ? Buffer.from(decoder.decode(chunk, { stream: true })) : chunk
}
