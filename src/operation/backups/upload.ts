import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyRequest } from 'fastify'
import type { Config } from '../../config.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { takeFile } from '../../kernel/web/upload.ts'
import { text } from '../../texts/index.ts'
import type { Manifest } from './manifest.ts'
import { decryptFile, isEncrypted } from './passphrase.ts'
import { backupFolder, freeName, incomingPath, settle } from './place.ts'
import { openBackup } from './unpack.ts'

const t = text.backups
const mostBytes = 500 * 1024 ** 3

/** What is taken in, and under which path it is kept. */
type Taking = { format?: string; noFile: string; place(manifest: Manifest): Promise<string> }
type Place = Pick<Config, 'dataDir' | 'secretKeyFile'>

/**
 * Takes the zip of a form, or one that is encrypted with the passphrase beside it. A Refusal at `file` or `passphrase` when
 * none was chosen, it did not come whole, does not open or is not of the format; nothing is left then. Answers where it
 * lies, and where it was made.
 */
export async function takeZip(request: FastifyRequest, config: Place, { format, noFile, place }: Taking) {
  const { dataDir, secretKeyFile } = config
  const said = { none: noFile, tooLarge: t.problems.tooLarge, interrupted: t.problems.interrupted }
  const { path: arriving, field } = await takeFile(request, {
    place: () => incomingPath(dataDir, '.zip'),
    mostBytes,
    said,
  })
  const plain = await incomingPath(dataDir, '.zip')
  try {
    const isLocked = await isEncrypted(arriving)
    if (isLocked) await decryptFile(arriving, plain, String(field('passphrase') ?? ''))
    const zip = isLocked ? plain : arriving
    const { manifest, origin, close } = await openBackup(zip, { secretKeyFile, expected: format })
    close()
    const path = await place(manifest)
    await rename(zip, path)
    await settle(path)
    return { path, origin }
  } finally {
    for (const one of [arriving, plain]) await rm(one, { force: true })
  }
}

/** What is wrong with an upload, at its field, for its form; undefined for what is no fault of it. */
export function uploadErrors(error: unknown, file: string) {
  if (!(error instanceof Refusal) || !(error.field === 'file' || error.field === 'passphrase')) return undefined
  const label = error.field === 'file' ? file : t.passphrase.field
  return [{ field: error.field, label, message: error.message }]
}

/** Where an uploaded backup is kept: named after the time it was made. */
export async function uploadedPlace(dataDir: string, { createdAt }: Manifest): Promise<string> {
  const at = new Date(createdAt)
  const name = await freeName(dataDir, 'uploaded', Number.isNaN(at.getTime()) ? new Date() : at)
  return join(backupFolder(dataDir), name)
}
