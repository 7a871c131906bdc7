import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyRequest } from 'fastify'
import { singleLine } from '../../kernel/china/text.ts'
import { takeFile } from '../../kernel/web/upload.ts'
import { text } from '../../texts/index.ts'
import type { ImportKind } from './kind.ts'
import { importKinds, kindNamed } from './kinds.ts'

export type Upload = {
  formId: unknown
  kind: ImportKind
  file_name: string
  stored_name: string
  sha256: string
  path: string
}

export const uploadLimits = { fileSize: 500 * 1024 * 1024 }

/**
 * Stores the uploaded file under a random name. Throws a Refusal at `file` when none was chosen, when it is too large
 * or did not arrive whole; nothing is left in the folder then.
 */
export async function storeUpload(request: FastifyRequest, folder: string): Promise<Upload> {
  const stored_name = randomUUID()
  const place = async () => {
    await mkdir(folder, { recursive: true })
    return join(folder, stored_name)
  }
  const { noFile: none, tooLargeFile: tooLarge, interrupted } = text.imports
  const taking = { place, mostBytes: uploadLimits.fileSize, said: { none, tooLarge, interrupted } }
  const { path, filename, sha256, field } = await takeFile(request, taking)
  const kind = kindNamed(String(field('kind'))) ?? (importKinds()[0] as ImportKind)
  return { formId: field('form_id'), kind, file_name: shownName(filename), stored_name, path, sha256 }
}

/** Browsers send the name alone; very old ones the whole path. */
const shownName = (name: string) =>
  [...singleLine(name.split(/[\\/]/).at(-1) ?? '')].slice(0, 150).join('') || text.imports.file
