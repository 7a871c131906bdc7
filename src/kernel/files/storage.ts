import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'

const day = 86_400_000

export const fileFolder = (dataDir: string) => join(dataDir, 'files')

/** A name that tells nothing about the file and cannot be guessed. */
export const newStorageName = () => randomUUID().replaceAll('-', '')

/** Where the content of a file lies, and what belongs to it. */
export const storedPath = (folder: string, name: string) => join(folder, name.slice(0, 2), name)
export const thumbnailPath = (folder: string, name: string) => `${storedPath(folder, name)}.thumbnail`

/** Where uploads are until they are known to be whole and right. */
const incomingFolder = (folder: string) => join(folder, 'incoming')

/** A path for an upload on the same disk, to be renamed later. */
export async function incomingPath(folder: string): Promise<string> {
  await mkdir(incomingFolder(folder), { recursive: true })
  return join(incomingFolder(folder), newStorageName())
}

/** Moves a finished file to its place, in one step. */
export async function moveInto(place: string, from: string) {
  await mkdir(dirname(place), { recursive: true })
  await rename(from, place)
}

export async function removeStored(folder: string, name: string) {
  await rm(storedPath(folder, name), { force: true })
  await rm(thumbnailPath(folder, name), { force: true })
}

export async function measure(path: string): Promise<{ size_bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return { size_bytes: (await stat(path)).size, sha256: hash.digest('hex') }
}

/** Removes uploads that a stopped program left unfinished, a day later, or whatever their age. */
export async function removeUnfinished(folder: string, keptForMs = day) {
  const incoming = incomingFolder(folder)
  for (const name of await readdir(incoming).catch(() => [])) {
    const path = join(incoming, name)
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }))
    if (Date.now() - mtimeMs > keptForMs) await rm(path, { force: true })
  }
}
