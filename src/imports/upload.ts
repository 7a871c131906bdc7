import { createHash, randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { MultipartFile } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { singleLine } from '../china/text.ts'
import { text } from '../texts/index.ts'
import { Refusal } from '../web/refusal.ts'
import type { ImportKind } from './targets.ts'

export type Upload = {
  formId: unknown
  kind: ImportKind
  file_name: string
  stored_name: string
  sha256: string
  path: string
}

export const uploadLimits = { fileSize: 500 * 1024 * 1024, files: 1, fields: 5, fieldSize: 1000 }

const refused = (message: string) => new Refusal({ message, field: 'file' })

/**
 * Stores the uploaded file under a random name. Throws a Refusal at `file` when none was chosen, when it is too large
 * or did not arrive whole; nothing is left in the folder then.
 */
export async function storeUpload(request: FastifyRequest, folder: string): Promise<Upload> {
  const part = request.isMultipart() ? await request.file() : undefined
  if (!part?.filename) {
    part?.file.resume()
    throw refused(text.imports.noFile)
  }
  const stored_name = randomUUID()
  const path = join(folder, stored_name)
  const hash = createHash('sha256')
  await mkdir(folder, { recursive: true })
  try {
    part.file.on('data', (chunk) => hash.update(chunk))
    await pipeline(part.file, createWriteStream(path, { flags: 'wx' }))
  } catch (error) {
    await rm(path, { force: true })
    throw storingProblem(error)
  }
  if (part.file.truncated) {
    await rm(path, { force: true })
    throw refused(text.imports.tooLargeFile)
  }
  const kind = fieldOf(part, 'kind') === 'contacts' ? 'contacts' : 'customers'
  const file_name = shownName(part.filename)
  return { formId: fieldOf(part, 'form_id'), kind, file_name, stored_name, sha256: hash.digest('hex'), path }
}

/** Browsers send the name alone; very old ones the whole path. */
const shownName = (name: string) =>
  [...singleLine(name.split(/[\\/]/).at(-1) ?? '')].slice(0, 150).join('') || text.imports.file

function fieldOf({ fields }: MultipartFile, name: string): unknown {
  const field = fields[name]
  return field && 'value' in field ? field.value : undefined
}

function storingProblem(error: unknown) {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC') return new Refusal({ status: 503, message: text.errors.full })
  if (code === 'EACCES' || code === 'EROFS') return new Refusal({ status: 503, message: text.errors.readOnly })
  return refused(text.imports.interrupted)
}
