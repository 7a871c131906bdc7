import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { crc32, createGunzip } from 'node:zlib'
import { Refusal } from '../../kernel/web/refusal.ts'
import { text } from '../../texts/index.ts'
import { isVersion } from './release-version.ts'

/** What a package of the program says of itself; `missing` are files without which it cannot start. */
export type Release = { version: string; fileCount: number; bytes: number; migrations: string[]; missing: string[] }

const t = text.system.update
const name = 'kehu'
const most = { entries: 20_000, bytes: 500 * 1024 ** 2, manifest: 1024 ** 2, path: 300 }
const needed = ['package.json', 'package-lock.json', 'src/start.js', 'src/server.ts']

const refused = (message: string) => new Refusal({ message, field: 'file' })

/** One file of a package: its path, how long it says it is, and its bytes as they come. */
type Part = { path: string; size: number; content: AsyncIterable<Uint8Array> }

/**
 * Reads a package (.zip or .tgz as npm makes it) from its first to its last byte without unpacking or running anything of it.
 * Throws a Refusal at `file` for what is none, is damaged, or would harm who unpacks it: paths that lead elsewhere, links, more
 * than 20,000 files or 500 MB.
 */
export async function readRelease(path: string): Promise<Release> {
  const kind = await kindOf(path)
  const contents = contentsOf()
  try {
    if (kind === 'zip') await readZip(path, contents.take)
    else await readTar(path, contents.take)
  } catch (error) {
    throw error instanceof Refusal ? error : refused(t.damaged)
  }
  return contents.release()
}

async function kindOf(path: string): Promise<'zip' | 'tgz'> {
  const file = await open(path)
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0)
    const start = buffer.toString('hex')
    if (start === '504b0304') return 'zip'
    if (start.startsWith('1f8b')) return 'tgz'
    throw refused(t.otherFormat)
  } finally {
    await file.close()
  }
}

/** Collects what is wanted of the parts, and counts them all. */
function contentsOf() {
  const paths: string[] = []
  const manifests: { path: string; content: string }[] = []
  let bytes = 0
  return {
    async take({ path, size, content }: Part) {
      if (!isInside(path)) throw refused(t.leadsElsewhere(path.slice(0, 100)))
      if (paths.push(path) > most.entries) throw refused(t.tooLarge)
      const isManifest = /^(?:[^/]+\/)?package\.json$/.test(path)
      if (isManifest && size > most.manifest) throw refused(t.tooLarge)
      const kept: Uint8Array[] = []
      for await (const chunk of content) {
        bytes += chunk.length
        if (bytes > most.bytes) throw refused(t.tooLarge)
        if (isManifest) kept.push(chunk)
      }
      if (isManifest) manifests.push({ path, content: Buffer.concat(kept).toString('utf8') })
    },
    release(): Release {
      const [manifest, ...others] = manifests.map(({ path, content }) => ({ path, ...parsed(content) }))
      if (!manifest || others.length > 0 || manifest.name !== name) throw refused(t.otherProgram)
      if (!isVersion(manifest.version)) throw refused(t.noVersion)
      const top = manifest.path.slice(0, -'package.json'.length)
      const inside = new Set(paths.map((path) => (path.startsWith(top) ? path.slice(top.length) : '')))
      return {
        version: manifest.version,
        fileCount: paths.length,
        bytes,
        migrations: [...inside].flatMap((path) => /^migrations\/(\d{14}_\w+)\.ts$/.exec(path)?.[1] ?? []).sort(),
        missing: needed.filter((path) => !inside.has(path)),
      }
    },
  }
}

function parsed(content: string): { name?: unknown; version?: unknown } {
  try {
    const read = JSON.parse(content)
    return read && typeof read === 'object' ? read : {}
  } catch {
    return {}
  }
}

/** Below the folder that it is unpacked into, also on Windows. */
const isInside = (path: string) =>
  path.length <= most.path &&
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a path with such signs is made to deceive
  !/^[/\\]|^[a-z]:|\\|[\u0000-\u001f\u202a-\u202e\u2066-\u2069]/i.test(path) &&
  !path.split('/').includes('..')

async function readTar(path: string, take: (part: Part) => Promise<void>) {
  const { extract } = await import('tar-stream')
  const archive = extract()
  const reading = pipeline(createReadStream(path), createGunzip(), bounded, archive)
  reading.catch(() => {})
  for await (const entry of archive) {
    const { name, type, size = 0 } = entry.header
    if (type === 'file' || type === 'contiguous-file')
      await take({ path: name, size, content: entry as AsyncIterable<Uint8Array> })
    else if (type === 'directory') entry.resume()
    else throw refused(t.link(name.slice(0, 100)))
  }
  await reading
}

/** What lies between the files of a tar counts too. */
async function* bounded(source: AsyncIterable<Uint8Array>) {
  let bytes = 0
  for await (const chunk of source) {
    bytes += chunk.length
    if (bytes > 2 * most.bytes) throw refused(t.tooLarge)
    yield chunk
  }
}

async function readZip(path: string, take: (part: Part) => Promise<void>) {
  const { openPromise } = await import('yauzl')
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false, strictFileNames: true })
  try {
    if (zip.entryCount > most.entries) throw refused(t.tooLarge)
    for await (const entry of zip.eachEntry()) {
      const { fileName, uncompressedSize, externalFileAttributes } = entry
      if (entry.isEncrypted()) throw refused(t.encrypted)
      if (((externalFileAttributes >>> 16) & 0o170000) === 0o120000) throw refused(t.link(fileName.slice(0, 100)))
      if (fileName.endsWith('/')) continue
      const sum = { value: 0 }
      const content = summed(await zip.openReadStreamPromise(entry), sum)
      await take({ path: fileName, size: uncompressedSize, content })
      if (sum.value !== entry.crc32) throw refused(t.damaged)
    }
  } finally {
    zip.close()
  }
}

async function* summed(content: AsyncIterable<Uint8Array>, sum: { value: number }) {
  for await (const chunk of content) {
    sum.value = crc32(chunk, sum.value)
    yield chunk
  }
}
