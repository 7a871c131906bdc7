import type { ReadLimits } from './limits.ts'
import { decodeLine, type TextEncoding } from './text-encoding.ts'
import { linesOf } from './text-lines.ts'

/** One property of a card: its name and parameters in capitals, its value as text with the escapes of the format. */
export type Property = { name: string; parameters: string[]; value: string }

/** Pictures and sounds are longer; nothing that is read is. */
const LONGEST = 100_000

/** The properties of a .vcf file, unfolded and decoded, in order: vCard 2.1 (phones before 2014), 3.0 and 4.0 (RFC 6350). */
export async function* propertiesIn(
  path: string,
  limits: ReadLimits,
  encoding: TextEncoding,
): AsyncGenerator<Property> {
  let pending: Buffer | undefined
  for await (const lines of linesOf(path, limits, encoding)) {
    for (const line of lines) {
      const isSoft = pending !== undefined && isQuotedPrintable(pending) && pending.at(-1) === 0x3d
      const isFolded = line[0] === 0x20 || line[0] === 0x09
      if (pending && (isSoft || isFolded)) {
        const joined: Buffer[] = isSoft ? [pending.subarray(0, -1), line] : [pending, line.subarray(1)]
        if (pending.length < LONGEST) pending = Buffer.concat(joined)
        continue
      }
      if (pending) yield* propertyOf(pending, encoding)
      pending = line
    }
  }
  if (pending) yield* propertyOf(pending, encoding)
}

const headOf = (line: Buffer) => /^[^:"]*(?:"[^"]*"[^:"]*)*/.exec(line.toString('latin1', 0, 1_000))?.[0] ?? ''
const isQuotedPrintable = (line: Buffer) => /[;=]QUOTED-PRINTABLE/i.test(headOf(line))

function* propertyOf(line: Buffer, encoding: TextEncoding): Generator<Property> {
  const head = headOf(line)
  if (head.length === line.length || line.length >= LONGEST) return
  const [name = '', ...written] = head.toUpperCase().split(';')
  const parameters = written.flatMap((one) =>
    one
      .replace(/^(?:TYPE|ENCODING)=/, '')
      .replaceAll('"', '')
      .split(','),
  )
  if (parameters.some((one) => one === 'BASE64' || one === 'B')) return
  const bytes = line.subarray(head.length + 1)
  const charset = parameters.find((one) => one.startsWith('CHARSET='))?.slice(8)
  const isQuoted = parameters.includes('QUOTED-PRINTABLE')
  const value = textOf(isQuoted ? unquoted(bytes) : bytes, charset, encoding)
  yield { name: name.split('.').at(-1) as string, parameters, value }
}

function unquoted(bytes: Buffer): Buffer {
  const text = bytes
    .toString('latin1')
    .replace(/=([\da-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(text, 'latin1')
}

function textOf(bytes: Buffer, charset: string | undefined, encoding: TextEncoding): string {
  try {
    if (charset) return new TextDecoder(charset, { fatal: true }).decode(bytes)
  } catch {
    // Some phones name another encoding than the one they write.
  }
  return decodeLine(bytes, encoding).text
}
