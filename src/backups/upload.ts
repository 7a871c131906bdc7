import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import type { FastifyRequest } from 'fastify'
import { text } from '../texts/index.ts'
import { Refusal } from '../web/refusal.ts'
import { backupFolder, diskProblem, freeName, incomingPath, settle } from './place.ts'
import { openBackup } from './unpack.ts'

const t = text.backups
const mostBytes = 500 * 1024 ** 3

/**
 * Takes a backup of another machine among those here. A Refusal at `file` when none was chosen, it did not come whole
 * or is no backup; nothing is left then. Answers its name.
 */
export async function storeUpload(request: FastifyRequest, dataDir: string): Promise<string> {
  const limits = { fileSize: mostBytes, files: 1, fields: 5, fieldSize: 1000 }
  const part = request.isMultipart() ? await request.file({ limits }) : undefined
  if (!part?.filename) {
    part?.file.resume()
    throw new Refusal({ message: t.noFile, field: 'file' })
  }
  const arriving = await incomingPath(dataDir, '.zip')
  try {
    await pipeline(part.file, createWriteStream(arriving, { flags: 'wx' })).catch((error) => {
      const problem = diskProblem(error)
      throw problem instanceof Refusal ? problem : new Refusal({ message: t.problems.interrupted, field: 'file' })
    })
    const { manifest, close } = await openBackup(arriving)
    close()
    const at = new Date(manifest.createdAt)
    const name = await freeName(dataDir, 'uploaded', Number.isNaN(at.getTime()) ? new Date() : at)
    await rename(arriving, `${backupFolder(dataDir)}/${name}`)
    await settle(`${backupFolder(dataDir)}/${name}`)
    return name
  } finally {
    await rm(arriving, { force: true })
  }
}
