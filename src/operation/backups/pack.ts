import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { fileFolder } from '../../kernel/files/storage.ts'
import { importFolder } from '../imports/work.ts'
import { databasePath, isAllowedPath, type Manifest, manifestPath, type PackedFile } from './manifest.ts'
import { ifMissing } from './place.ts'
import { useQuickChecksum } from './quick-checksum.ts'
import { sealPath } from './seal.ts'

/** What goes into a zip: a file, or what is written as it is read. */
export type Part = { path: string; source: string | (() => Readable); bytes: number }
type FilePart = Part & { source: string }

useQuickChecksum()

/** Compressing 2 GB takes longer than all the rest of a backup, so large files lie in it as they are. */
const largest = { compressed: 64 * 1024 * 1024, zip32: 0xf0000000 }
const chunk = 1024 * 1024

/** The database, where it is a file, and every file beside it, as parts of a backup. */
export async function partsOf(database: string | undefined, dataDir: string): Promise<FilePart[]> {
  const found = database ? [{ path: databasePath, source: database }] : []
  for (const [path, folder] of [
    ['files', fileFolder(dataDir)],
    ['imports', importFolder(dataDir)],
  ] as const)
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(ifMissing([]))) {
      const source = join(entry.parentPath, entry.name)
      if (entry.isFile()) found.push({ path: path + source.slice(folder.length).replaceAll('\\', '/'), source })
    }
  const parts: FilePart[] = []
  for (const part of found.filter(({ path }) => isAllowedPath(path))) {
    // A file that went for good meanwhile belongs to nothing any more.
    const state = await stat(part.source).catch(ifMissing(undefined))
    if (state) parts.push({ ...part, bytes: state.size })
  }
  return parts
}

type Packing<M> = {
  parts: Part[]
  /** The manifest, once the files and what they say are known. */
  describe(files: PackedFile[]): M
  /** The seal of the manifest; earlier versions of the program made none. */
  seal?(manifest: Buffer): string
  progress?(bytes: number): void
  signal?: AbortSignal
}

/** Writes the zip of a backup; what stands at `target` is whole only when this has answered. */
export async function pack<M = Manifest>(
  target: string,
  { parts, describe, seal, progress = () => {}, signal }: Packing<M>,
): Promise<M> {
  const zip = new ZipFile()
  const output = zip.outputStream as Readable
  const files: PackedFile[] = []
  const failed = (error: Error) => output.destroy(error)
  zip.on('error', failed)
  for (const { path, source, bytes } of parts) {
    const isLarge = bytes > largest.compressed
    const options = { compressionLevel: isLarge ? 0 : 1, forceZip64Format: bytes > largest.zip32, mtime: new Date() }
    zip.addReadStreamLazy(path, options, (give) => {
      void opened(source).then((reading) => {
        if (!reading) return give(null, Readable.from([]))
        const noting = note(path, files, progress)
        reading.on('error', failed)
        give(null, reading.pipe(noting))
      }, failed)
    })
  }
  let manifest: M | undefined
  let written = Buffer.alloc(0)
  zip.addReadStreamLazy(manifestPath, { compressionLevel: 6 }, (give) => {
    manifest = describe(files)
    written = Buffer.from(JSON.stringify(manifest, null, 1))
    give(null, Readable.from([written]))
  })
  if (seal)
    zip.addReadStreamLazy(sealPath, { compressionLevel: 0 }, (give) => {
      give(null, Readable.from([Buffer.from(seal(written))]))
    })
  zip.end()
  await pipeline(output, createWriteStream(target, { flags: 'wx', highWaterMark: 4 * chunk }), { signal })
  return manifest as M
}

async function opened(source: Part['source']): Promise<Readable | undefined> {
  if (typeof source === 'function') return source()
  const handle = await open(source).catch(ifMissing(undefined))
  return handle && createReadStream('', { fd: handle, highWaterMark: chunk })
}

/** Notes down size and hash of what goes through. */
function note(path: string, files: PackedFile[], progress: (bytes: number) => void): Transform {
  const hash = createHash('sha256')
  let bytes = 0
  return new Transform({
    highWaterMark: 2 * chunk,
    transform(part: Buffer, _encoding, done) {
      hash.update(part)
      bytes += part.length
      progress(part.length)
      done(null, part)
    },
    flush(done) {
      files.push({ path, bytes, sha256: hash.digest('hex') })
      done()
    },
  })
}
