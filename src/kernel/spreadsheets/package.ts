import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { SpreadsheetError } from './errors.ts'
import type { ReadLimits } from './limits.ts'

const MOST_ENTRIES = 10_000

/** The parts of an .xlsx file, by their path in the zip; paths are matched without regard to case. */
export interface Package {
  has: (path: string) => boolean
  /** The text of a part. Throws `damaged` when it is missing or broken, `too-large` over the limits. */
  chunks: (path: string) => AsyncGenerator<string>
  /** Whether an ASCII word stands anywhere in a part; no text is made of it. */
  holds: (path: string, word: string) => Promise<boolean>
  /** Goes through all parts once, for what they cost: another reader will have them in memory. */
  weigh: () => Promise<void>
  /** The whole text of a small part. */
  text: (path: string) => Promise<string>
  close: () => void
}

/** Opens an .xlsx file; throws SpreadsheetError when it is none. */
export async function openPackage(path: string, limits: ReadLimits): Promise<Package> {
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false }).catch(throwDamaged)
  try {
    return packageOf(zip, await entriesOf(zip), limits)
  } catch (error) {
    zip.close()
    throw error
  }
}

async function entriesOf(zip: ZipFile): Promise<Map<string, Entry>> {
  if (zip.entryCount > MOST_ENTRIES) throw new SpreadsheetError('too-large', `${zip.entryCount} entries`)
  const entries = new Map<string, Entry>()
  try {
    for await (const entry of zip.eachEntry()) entries.set(entry.fileName.toLowerCase(), entry)
  } catch (error) {
    throwDamaged(error)
  }
  return entries
}

function packageOf(zip: ZipFile, entries: Map<string, Entry>, limits: ReadLimits): Package {
  const charge = createMeter(limits)
  async function* inflated<T>(path: string, read: (bytes: Readable) => AsyncGenerator<T>): AsyncGenerator<T> {
    const entry = entryAt(entries, path)
    charge(entry)
    const bytes = await zip.openReadStreamPromise(entry).catch(throwDamaged)
    try {
      yield* read(bytes)
    } catch (error) {
      throwDamaged(error)
    } finally {
      bytes.destroy()
    }
  }
  const chunks = (path: string) => inflated(path, decoded)
  const holds = async (path: string, word: string) => {
    for await (const isFound of inflated(path, (bytes) => found(bytes, word))) if (isFound) return true
    return false
  }
  const weigh = async () => {
    for (const { fileName } of entries.values()) for await (const _ of inflated(fileName, nothing));
  }
  const text = async (path: string) => {
    const size = entryAt(entries, path).uncompressedSize
    if (size > limits.smallPartBytes) throw new SpreadsheetError('too-large', `${path}: ${size} bytes`)
    return (await Array.fromAsync(chunks(path))).join('')
  }
  return { has: (path) => entries.has(path.toLowerCase()), chunks, holds, weigh, text, close: () => zip.close() }
}

function entryAt(entries: Map<string, Entry>, path: string): Entry {
  const entry = entries.get(path.toLowerCase())
  if (!entry) throw new SpreadsheetError('damaged', `${path} is missing`)
  if (entry.isEncrypted()) throw new SpreadsheetError('encrypted', `${path} is encrypted`)
  return entry
}

/** Counts declared sizes, each part once: yauzl fails a part that inflates to more than it declares. */
function createMeter(limits: ReadLimits): (entry: Entry) => void {
  const charged = new Set<Entry>()
  let total = 0
  return (entry) => {
    const { fileName, compressedSize, uncompressedSize } = entry
    total += charged.has(entry) ? 0 : uncompressedSize
    charged.add(entry)
    const bomb = uncompressedSize > limits.ratioFreeBytes && uncompressedSize > compressedSize * limits.ratio
    if (bomb || total > limits.inflatedBytes) {
      throw new SpreadsheetError('too-large', `${fileName}: ${compressedSize} bytes inflate to ${uncompressedSize}`)
    }
  }
}

// biome-ignore lint/correctness/useYield: all bytes go by
async function* nothing(bytes: Readable): AsyncGenerator<never> {
  for await (const _ of bytes);
}

/** Whether each chunk, with the end of the one before, has a word in it, as UTF-8 or UTF-16. */
async function* found(bytes: Readable, word: string): AsyncGenerator<boolean> {
  const forms = [Buffer.from(word), Buffer.from(word, 'utf16le'), Buffer.from(word, 'utf16le').subarray(1)]
  let end: Buffer = Buffer.alloc(0)
  for await (const chunk of bytes) {
    const start = Buffer.concat([end, chunk.subarray(0, 2 * word.length)])
    yield forms.some((form) => chunk.includes(form) || start.includes(form))
    end = chunk.subarray(-2 * word.length)
  }
}

/** The text of a part in the encoding that it says, without its byte order mark. */
async function* decoded(bytes: Readable): AsyncGenerator<string> {
  let decode: ((chunk: Buffer) => string) | undefined
  for await (const chunk of bytes) {
    const isFirst = decode === undefined
    decode ??= decoderFor(chunk)
    const text = decode(chunk)
    if (text) yield isFirst ? text.replace(/^\uFEFF/, '') : text
  }
}

/** A mark or the first two characters of the XML tell UTF-16 (XML 1.0, appendix F); the declaration names any other. */
function decoderFor(start: Buffer): (chunk: Buffer) => string {
  const [first, second] = start
  const isLittle = (first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)
  const isBig = (first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)
  const [, named = 'utf-8'] = /^[^>]{0,100}encoding=["']([\w-]{1,20})["']/.exec(start.toString('latin1', 0, 200)) ?? []
  const name = isLittle ? 'utf-16le' : isBig ? 'utf-16be' : named.toLowerCase()
  const isUtf8 = name === 'utf-8' || (name.startsWith('utf-16') && !isLittle && !isBig)
  if (isUtf8) {
    const decoder = new StringDecoder('utf8')
    return (chunk) => decoder.write(chunk)
  }
  const decoder = new TextDecoder(name, { ignoreBOM: true })
  return (chunk) => decoder.decode(chunk, { stream: true })
}

function throwDamaged(error: unknown): never {
  if (error instanceof SpreadsheetError) throw error
  throw new SpreadsheetError('damaged', 'broken zip file', { cause: error })
}
