import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyRequest } from 'fastify'
import type { Config } from '../config.ts'
import { text } from '../texts/index.ts'
import { takeFile } from '../web/upload.ts'
import type { Manifest } from './manifest.ts'
import { backupFolder, freeName, incomingPath, settle } from './place.ts'
import { openBackup } from './unpack.ts'

const t = text.backups
const mostBytes = 500 * 1024 ** 3

/** What is taken in, and under which path it is kept. */
type Taking = { format?: string; noFile: string; place(manifest: Manifest): Promise<string> }
type Place = Pick<Config, 'dataDir' | 'secretKeyFile'>

/**
 * Takes the zip of a form. A Refusal at `file` when none was chosen, it did not come whole or is not of the format; nothing
 * is left then. Answers where it lies, and where it was made.
 */
export async function takeZip(request: FastifyRequest, config: Place, { format, noFile, place }: Taking) {
  const { dataDir, secretKeyFile } = config
  const said = { none: noFile, tooLarge: t.problems.tooLarge, interrupted: t.problems.interrupted }
  const { path: arriving } = await takeFile(request, { place: () => incomingPath(dataDir, '.zip'), mostBytes, said })
  try {
    const { manifest, origin, close } = await openBackup(arriving, { secretKeyFile, expected: format })
    close()
    const path = await place(manifest)
    await rename(arriving, path)
    await settle(path)
    return { path, origin }
  } finally {
    await rm(arriving, { force: true })
  }
}

/** Where an uploaded backup is kept: named after the time it was made. */
export async function uploadedPlace(dataDir: string, { createdAt }: Manifest): Promise<string> {
  const at = new Date(createdAt)
  const name = await freeName(dataDir, 'uploaded', Number.isNaN(at.getTime()) ? new Date() : at)
  return join(backupFolder(dataDir), name)
}
