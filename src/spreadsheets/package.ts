import type { Readable } from 'node:stream'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { SpreadsheetError } from './errors.ts'
import { assertZip } from './file-kind.ts'
import type { ReadLimits } from './limits.ts'

const MOST_ENTRIES = 10_000

/** The parts of an .xlsx file, by their path in the zip; paths are matched without regard to case. */
export interface Package {
  has: (path: string) => boolean
  /** The text of a part in chunks. Throws `damaged` when it is missing, `too-large` over the limits. */
  stream: (path: string) => Promise<Readable>
  /** The whole text of a small part. */
  text: (path: string) => Promise<string>
  close: () => void
}

/** Opens an .xlsx file; throws SpreadsheetError when it is none. */
export async function openPackage(path: string, limits: ReadLimits): Promise<Package> {
  await assertZip(path)
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
  const stream = async (path: string) => {
    const entry = entryAt(entries, path)
    charge(entry)
    const bytes = await zip.openReadStreamPromise(entry).catch(throwDamaged)
    return bytes.setEncoding('utf8')
  }
  const text = async (path: string) => {
    const size = entryAt(entries, path).uncompressedSize
    if (size > limits.smallPartBytes) throw new SpreadsheetError('too-large', `${path}: ${size} bytes`)
    return textOf(await stream(path))
  }
  return { has: (path) => entries.has(path.toLowerCase()), stream, text, close: () => zip.close() }
}

function entryAt(entries: Map<string, Entry>, path: string): Entry {
  const entry = entries.get(path.toLowerCase())
  if (!entry) throw new SpreadsheetError('damaged', `${path} is missing`)
  if (entry.isEncrypted()) throw new SpreadsheetError('encrypted', `${path} is encrypted`)
  return entry
}

/** Counts declared sizes: yauzl fails a part that inflates to more than it declares. */
function createMeter(limits: ReadLimits): (entry: Entry) => void {
  let total = 0
  return ({ fileName, compressedSize, uncompressedSize }) => {
    total += uncompressedSize
    const bomb = uncompressedSize > limits.ratioFreeBytes && uncompressedSize > compressedSize * limits.ratio
    if (bomb || total > limits.inflatedBytes) {
      throw new SpreadsheetError('too-large', `${fileName}: ${compressedSize} bytes inflate to ${uncompressedSize}`)
    }
  }
}

/** The chunks of a part; errors of the zip or of inflating it come as `damaged`. */
export async function* chunksOf(part: Readable): AsyncGenerator<string> {
  try {
    let first = true
    for await (const chunk of part) {
      yield first ? chunk.replace(/^\uFEFF/, '') : chunk
      first = false
    }
  } catch (error) {
    throwDamaged(error)
  }
}

async function textOf(part: Readable): Promise<string> {
  const chunks = []
  for await (const chunk of chunksOf(part)) chunks.push(chunk)
  return chunks.join('')
}

function throwDamaged(error: unknown): never {
  if (error instanceof SpreadsheetError) throw error
  throw new SpreadsheetError('damaged', 'broken zip file', { cause: error })
}
