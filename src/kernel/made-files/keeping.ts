import { createWriteStream } from 'node:fs'
import { type FileHandle, open, rm, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { incomingPath, moveInto, newStorageName, storedPath } from '../files/storage.ts'
import { accessTo } from '../web/access.ts'
import { addMadeFile, type For, finishMadeFile, madeFolder, type StoredContent } from './made-file.ts'
import type { RouteRight } from './rights.ts'

/** Stores content whole or not at all. */
export async function storeContent(dataDir: string, content: Readable, signal?: AbortSignal): Promise<StoredContent> {
  const path = await incomingPath(madeFolder(dataDir))
  try {
    await pipeline(content, createWriteStream(path, { flags: 'wx', mode: 0o600 }), { signal })
    return await moveContent(dataDir, path)
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
}

async function moveContent(dataDir: string, path: string): Promise<StoredContent> {
  const storage_name = newStorageName()
  const { size } = await stat(path)
  await moveInto(storedPath(madeFolder(dataDir), storage_name), path)
  return { storage_name, size_bytes: size }
}

/** For whom a request makes a file: by the right that its route asks for. */
export const madeFor = (request: FastifyRequest, name: string): For => ({
  viewer: request.viewer,
  permission: accessTo(request) as RouteRight,
  name,
})

/** The same content, on its way to the reader also stored and noted down, when it went out whole. */
export const keptAside = (app: FastifyInstance, made: For, content: Readable): Readable =>
  Readable.from(app.door.watch(passOn(app, made, content)), { objectMode: false })

async function* passOn({ db, config }: FastifyInstance, made: For, content: Readable): AsyncGenerator<Buffer> {
  const path = await incomingPath(madeFolder(config.dataDir))
  const file: FileHandle = await open(path, 'wx', 0o600)
  let isWhole = false
  try {
    for await (const chunk of content as AsyncIterable<Buffer>) {
      await file.write(chunk)
      yield chunk
    }
    isWhole = true
  } finally {
    await file.close()
    if (isWhole) await addMadeFile(db, made, await moveContent(config.dataDir, path))
    else await rm(path, { force: true })
  }
}

/** Stores what is made already and notes it down. */
export async function keepBytes({ db, config }: FastifyInstance, made: For, bytes: Uint8Array) {
  await addMadeFile(db, made, await storeContent(config.dataDir, Readable.from([bytes])))
}

/** Notes down a file that is still being made, and stores it when it is. Answers its number. */
export async function keepLater(app: FastifyInstance, made: For, making: Promise<Uint8Array>): Promise<number> {
  const id = await addMadeFile(app.db, made)
  making
    .then(
      async (bytes) => storeContent(app.config.dataDir, Readable.from([bytes])),
      (error) => {
        app.log.error({ err: error }, 'made file')
        return null
      },
    )
    .then((content) => app.door.pass(async () => void (await finishMadeFile(app.db, id, content))))
    .catch((error) => app.log.error({ err: error }, 'made file'))
  return id
}
