import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { crc32 } from 'node:zlib'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { openSecrets } from '../../kernel/secrets.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { text } from '../../texts/index.ts'
import {
  format,
  formatVersion,
  isAllowedPath,
  isManifest,
  type Manifest,
  manifestPath,
  type PackedFile,
} from './manifest.ts'
import { type Origin, originOf, refuseUnsealed, sealPath } from './seal.ts'

const largestManifest = 256 * 1024 * 1024
const largestSeal = 1024
const t = text.backups.problems

const refused = (message: string) => new Refusal({ message, field: 'file' })

/** A backup that is open: what it says of itself, and its files. */
export type OpenBackup = {
  manifest: Manifest
  origin: Origin
  seal: string | undefined
  /** Reads one file through, into a place where one is given; a Refusal when it is not what the manifest says. */
  read(file: PackedFile, target?: string, signal?: AbortSignal): Promise<void>
  close(): void
}

/** The key file that seals are looked at with, and what the file has to be. */
type Trust = { secretKeyFile: string; expected?: string }

/**
 * Opens a backup and reads what it says; a Refusal with a sentence when it is damaged, forged, foreign or of a newer
 * program.
 */
export async function openBackup(path: string, { secretKeyFile, expected = format }: Trust): Promise<OpenBackup> {
  await refuseForeign(path)
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false, strictFileNames: true }).catch(() => {
    throw refused(t.damaged)
  })
  try {
    const entries = await entriesOf(zip)
    const content = await contentOf(zip, entries.get(manifestPath), largestManifest)
    const sealed = entries.has(sealPath) ? await contentOf(zip, entries.get(sealPath), largestSeal) : undefined
    const seal = sealed?.toString()
    const origin = originOf(openSecrets(secretKeyFile).sealer('backups'), content, seal)
    const manifest = manifestOf(content, expected)
    refuseUnsealed(manifest.formatVersion, origin)
    refuseOthers(manifest, entries)
    return {
      manifest,
      origin,
      seal,
      close: () => zip.close(),
      read: (file, target, signal) => read(zip, entries, file, target, signal),
    }
  } catch (error) {
    zip.close()
    throw error
  }
}

async function refuseForeign(path: string) {
  const handle = await open(path)
  try {
    const { buffer: start, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0)
    if (bytesRead < 4) throw refused(t.damaged)
    if (start.readUInt32LE(0) !== 0x04034b50) throw refused(t.foreign)
  } finally {
    await handle.close()
  }
}

async function entriesOf(zip: ZipFile): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>()
  try {
    for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry)
  } catch (error) {
    throw refused(
      /relative path|absolute path|invalid characters/.test((error as Error).message) ? t.foreign : t.damaged,
    )
  }
  return entries
}

async function contentOf(zip: ZipFile, entry: Entry | undefined, most: number): Promise<Buffer> {
  if (!entry) throw refused(t.foreign)
  if (entry.uncompressedSize > most) throw refused(t.damaged)
  const content = await zip.openReadStreamPromise(entry).then(buffer).catch(damaged)
  if (crc32(content) !== entry.crc32) throw refused(t.damaged)
  return content
}

function manifestOf(content: Buffer, expected: string): Manifest {
  const manifest = parsed(content)
  if (!isManifest(manifest, expected)) throw refused(t.foreign)
  if (manifest.formatVersion > formatVersion) throw refused(t.newer(manifest.program))
  return manifest
}

function parsed(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString('utf8'))
  } catch {
    return undefined
  }
}

/** Exactly the files of the manifest stand in the zip, with the sizes it says, at places where files of a backup may be. */
function refuseOthers({ files }: Manifest, entries: Map<string, Entry>) {
  const isThere = ({ path, bytes }: PackedFile) => entries.get(path)?.uncompressedSize === bytes
  if (!files.every(({ path }) => isAllowedPath(path))) throw refused(t.foreign)
  const besides = [manifestPath, sealPath].filter((path) => entries.has(path)).length
  if (!files.every(isThere) || entries.size !== new Set(files.map(({ path }) => path)).size + besides)
    throw refused(t.damaged)
}

function damaged(): never {
  throw refused(t.damaged)
}

async function read(
  zip: ZipFile,
  entries: Map<string, Entry>,
  { path, sha256 }: PackedFile,
  target: string | undefined,
  signal: AbortSignal | undefined,
) {
  const content = await zip.openReadStreamPromise(entries.get(path) as Entry).catch(damaged)
  const hash = createHash('sha256')
  if (target) await mkdir(dirname(target), { recursive: true })
  const through = target
    ? pipeline(content, hashing(hash), createWriteStream(target, { flags: 'wx', highWaterMark: 4 << 20 }), { signal })
    : pipeline(content, hashing(hash), drained, { signal })
  await through.catch((error) => {
    signal?.throwIfAborted()
    throw isOfDisk(error) ? error : refused(t.damaged)
  })
  if (hash.digest('hex') !== sha256) throw refused(t.damaged)
}

/** An error of the place it is written to, not of the zip. */
const isOfDisk = (error: NodeJS.ErrnoException) => typeof error.errno === 'number' && !error.code?.startsWith('Z_')

const hashing = (hash: ReturnType<typeof createHash>) =>
  async function* (source: Readable) {
    for await (const part of source) {
      hash.update(part)
      yield part
    }
  }

async function drained(source: AsyncIterable<unknown>) {
  for await (const _part of source);
}
