import type { ReadLimits } from './limits.ts'
import { linesOf, startOf } from './text-lines.ts'

export const textEncodings = ['utf-8', 'gb18030', 'big5', 'utf-16le', 'utf-16be'] as const
export type TextEncoding = (typeof textEncodings)[number]

/** `isGuessed`: the file has signs beyond ASCII and does not say how they are written. */
export type FoundEncoding = { encoding: TextEncoding; isGuessed: boolean }

/** So many lines beyond ASCII decide; more would say the same. */
const VOTES = 1_000
const LOOKED_AT = 64 * 1024

type ByteEncoding = 'utf-8' | 'gb18030' | 'big5'
const strict = {
  'utf-8': new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }),
  gb18030: new TextDecoder('gb18030', { fatal: true }),
  big5: new TextDecoder('big5', { fatal: true }),
}
const tolerant = {
  'utf-8': new TextDecoder('utf-8', { ignoreBOM: true }),
  gb18030: new TextDecoder('gb18030'),
  big5: new TextDecoder('big5'),
}

/** By its byte order mark, else by the lines beyond ASCII: whether more of them are UTF-8, and what else they are. */
export async function encodingOf(path: string, limits: ReadLimits): Promise<FoundEncoding> {
  const start = await startOf(path, LOOKED_AT)
  const marked = markedEncoding(start)
  if (marked) return { encoding: marked, isGuessed: false }
  const utf16 = utf16Without(start)
  if (utf16) return { encoding: utf16, isGuessed: true }
  let [utf8, others, signs] = [0, 0, 0]
  const scores = { gb18030: 0, big5: 0 }
  for await (const lines of linesOf(path, limits)) {
    for (const line of lines) {
      const text = decoded(line, 'utf-8')
      if (text === undefined) {
        others++
        scores.gb18030 += usualIn(line, 'gb18030')
        scores.big5 += usualIn(line, 'big5')
      } else if (holdsHan(text)) utf8++
      else if (!isAscii(line)) signs++
    }
    if (utf8 + others >= VOTES) break
  }
  const isGuessed = utf8 + others + signs > 0
  if (others <= utf8) return { encoding: 'utf-8', isGuessed }
  return { encoding: scores.big5 > scores.gb18030 ? 'big5' : 'gb18030', isGuessed }
}

export function markedEncoding(start: Buffer): TextEncoding | undefined {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le'
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be'
  return start.toString('hex', 0, 3) === 'efbbbf' ? 'utf-8' : undefined
}

/** Signs that Chinese tables are made of. */
const USUAL = /[\p{Script=Han}\p{ASCII}\u3000-\u303F\uFF00-\uFFEF]/gu

/** UTF-16 without a mark has a zero in every sign of ASCII, and makes sense in one order of bytes alone. */
export function utf16Without(start: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  if (!start.includes(0) || start.length < 4) return undefined
  return (['utf-16le', 'utf-16be'] as const).find((encoding) => {
    const text = new TextDecoder(encoding).decode(start.subarray(0, start.length - (start.length % 2)))
    const usual = text.replace(/[\p{Cc}--[\t\n\r]]/gv, '').match(USUAL)?.length ?? 0
    return /[\r\n]/.test(text) && usual >= text.length * 0.95
  })
}

/**
 * The text of a line, and whether it is in another encoding than its file; it is then read in that one. Few hanzi of
 * GB18030 happen to be UTF-8 too, but none of those give hanzi there. Lines of UTF-16 come as UTF-8.
 */
export function decodeLine(line: Buffer, encoding: TextEncoding): { text: string; isOther: boolean } {
  const own = encoding === 'gb18030' || encoding === 'big5' ? encoding : 'utf-8'
  const text = decoded(line, own)
  const other = own === 'utf-8' ? 'gb18030' : 'utf-8'
  if (own === 'utf-8' && text !== undefined) return { text, isOther: false }
  const otherText = isAscii(line) ? undefined : decoded(line, other)
  if (own !== 'utf-8' && text !== undefined && !(otherText && holdsHan(otherText))) return { text, isOther: false }
  return { text: otherText ?? text ?? tolerant[own].decode(line), isOther: true }
}

function decoded(line: Buffer, encoding: ByteEncoding): string | undefined {
  try {
    return strict[encoding].decode(line)
  } catch {
    return undefined
  }
}

const holdsHan = (text: string) => /[\u3000-\uFFFD]|\p{Script=Han}/u.test(text)
const isAscii = (line: Buffer) => line.every((byte) => byte < 0x80)

/**
 * The share of pairs of bytes that are usual signs in an encoding: those of GB 2312 level 1 (first bytes B0 to D7) and of
 * the frequent plane of Big5 (A4 to C6), punctuation apart. What is usual in one is rare in the other.
 */
function usualIn(line: Buffer, encoding: 'gb18030' | 'big5'): number {
  if (decoded(line, encoding) === undefined) return 0
  let [pairs, usual] = [0, 0]
  for (let at = 0; at < line.length - 1; at++) {
    const [first, second] = [line[at] as number, line[at + 1] as number]
    if (first < 0x80) continue
    at++
    if (first <= 0xa3) continue
    pairs++
    const isUsual = encoding === 'big5' ? first <= 0xc6 : first >= 0xb0 && first <= 0xd7 && second >= 0xa1
    if (isUsual) usual++
  }
  return pairs === 0 ? 0 : usual / pairs
}
