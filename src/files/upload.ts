import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import type { MultipartFile } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { text } from '../texts/index.ts'
import { Refusal } from '../web/refusal.ts'
import { checkContent } from './content.ts'
import { type Limits, tooLarge } from './kinds.ts'
import { cleanName, withEnding } from './name.ts'
import { rewritePicture } from './picture.ts'
import { incomingPath, measure, moveInto, newStorageName, storedPath, thumbnailPath } from './storage.ts'

/** What is known of a file that lies in its place, as the columns of its row. */
export type StoredContent = {
  name: string
  content_type: string
  size_bytes: number
  sha256: string
  storage_name: string
  width: number | null
  height: number | null
}

const refused = (message: string) => new Refusal({ message, field: 'file' })

/** What was sent with an upload, for a form that is done once (web/submissions.ts). */
export const uploadSent = (form_id: unknown, { name, sha256 }: Pick<StoredContent, 'name' | 'sha256'>) => ({
  form_id,
  name,
  sha256,
})

/** How large a file may be, and what is said of a larger one. */
export type Most = { bytes: number; sentence: string }

/**
 * Takes the file of a form, checks it and puts it into its place under a random name; pictures are made anew. Throws a
 * Refusal at `file` when none was chosen, it is too large, not whole or not what it says; nothing is left then.
 */
export async function storeUpload(
  request: FastifyRequest,
  folder: string,
  limits: Limits,
  most: Most = mostOf(limits),
) {
  const part = await chosenFile(request, most)
  const path = await incomingPath(folder)
  try {
    await receive(part, path, most)
    const name = cleanName(part.filename)
    const content = limits.isPicture
      ? await storePicture(path, folder, name, limits)
      : await storeFile(path, folder, name)
    return { formId: formIdOf(part), content }
  } finally {
    for (const left of [path, ...pictureParts(path)]) await rm(left, { force: true })
  }
}

const mostOf = ({ mostBytes }: Limits): Most => ({ bytes: mostBytes, sentence: tooLarge(mostBytes) })

/** The parts of a form around its file. */
const envelopeBytes = 16 * 1024

async function chosenFile(request: FastifyRequest, most: Most): Promise<MultipartFile> {
  // What is too large by its own account is not read at all.
  if (Number(request.headers['content-length']) > most.bytes + envelopeBytes) throw refused(most.sentence)
  const limits = { fileSize: most.bytes, files: 1, fields: 5, fieldSize: 1000 }
  const part = request.isMultipart() ? await request.file({ limits }) : undefined
  if (part?.filename) return part
  part?.file.resume()
  throw refused(text.files.none)
}

async function receive({ file }: MultipartFile, path: string, most: Most) {
  try {
    await pipeline(file, createWriteStream(path, { flags: 'wx' }))
  } catch (error) {
    throw storingProblem(error)
  }
  if (file.truncated) throw refused(most.sentence)
}

async function storeFile(path: string, folder: string, name: string): Promise<StoredContent> {
  await checkContent(path, name)
  const storage_name = newStorageName()
  const measures = await measure(path)
  await moveInto(storedPath(folder, storage_name), path)
  return { name, content_type: 'application/octet-stream', ...measures, storage_name, width: null, height: null }
}

const pictureParts = (path: string) => [`${path}.picture`, `${path}.thumbnail`] as const

async function storePicture(path: string, folder: string, name: string, { mark }: Limits): Promise<StoredContent> {
  const [picture, thumbnail] = pictureParts(path)
  const { endings, ...facts } = await rewritePicture(path, picture, thumbnail, mark)
  const storage_name = newStorageName()
  const measures = await measure(picture)
  await moveInto(thumbnailPath(folder, storage_name), thumbnail)
  await moveInto(storedPath(folder, storage_name), picture)
  return { name: withEnding(name, endings), ...facts, ...measures, storage_name }
}

function formIdOf({ fields }: MultipartFile): unknown {
  const field = fields.form_id
  return field && 'value' in field ? field.value : undefined
}

function storingProblem(error: unknown) {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC') return new Refusal({ status: 503, message: text.errors.full })
  if (code === 'EACCES' || code === 'EROFS') return new Refusal({ status: 503, message: text.errors.readOnly })
  return refused(text.files.interrupted)
}
