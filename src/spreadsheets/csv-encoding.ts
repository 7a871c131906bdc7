import { linesOf } from './csv-lines.ts'
import type { ReadLimits } from './limits.ts'

export type CsvEncoding = 'utf-8' | 'gb18030'

/** So many lines beyond ASCII decide; more would say the same. */
const VOTES = 1_000

const strict = {
  'utf-8': new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }),
  gb18030: new TextDecoder('gb18030', { fatal: true }),
}
const tolerant = { 'utf-8': new TextDecoder('utf-8', { ignoreBOM: true }), gb18030: new TextDecoder('gb18030') }

/** Without a byte order mark the lines beyond ASCII decide: whether more of them are UTF-8 or are not. */
export async function encodingOf(path: string, limits: ReadLimits): Promise<CsvEncoding> {
  let [utf8, others] = [0, 0]
  for await (const lines of linesOf(path, limits)) {
    for (const line of lines) {
      const text = decoded(line, 'utf-8')
      if (text === undefined) others++
      else if (holdsHan(text)) utf8++
    }
    if (utf8 + others >= VOTES) break
  }
  return others > utf8 ? 'gb18030' : 'utf-8'
}

/**
 * The text of a line, and whether it is in another encoding than its file; it is then read in that one. Few hanzi of
 * GB18030 happen to be UTF-8 too, but none of those give hanzi there.
 */
export function decodeLine(line: Buffer, encoding: CsvEncoding): { text: string; isOther: boolean } {
  const text = decoded(line, encoding)
  const other = encoding === 'utf-8' ? 'gb18030' : 'utf-8'
  if (encoding === 'utf-8' && text !== undefined) return { text, isOther: false }
  const otherText = isAscii(line) ? undefined : decoded(line, other)
  if (encoding === 'gb18030' && text !== undefined && !(otherText && holdsHan(otherText)))
    return { text, isOther: false }
  return { text: otherText ?? text ?? tolerant[encoding].decode(line), isOther: true }
}

function decoded(line: Buffer, encoding: CsvEncoding): string | undefined {
  try {
    return strict[encoding].decode(line)
  } catch {
    return undefined
  }
}

const holdsHan = (text: string) => /[\u3000-\uFFFD]|\p{Script=Han}/u.test(text)
const isAscii = (line: Buffer) => line.every((byte) => byte < 0x80)
