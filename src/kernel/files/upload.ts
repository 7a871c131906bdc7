import { rm } from 'node:fs/promises'
import type { FastifyRequest } from 'fastify'
import { text } from '../../texts/index.ts'
import { takeFile } from '../web/upload.ts'
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

/** What was sent with an upload, for a form that is done once (kernel/web/submissions.ts). */
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
  const said = { none: text.files.none, tooLarge: most.sentence, interrupted: text.files.interrupted }
  const taking = { place: () => incomingPath(folder), mostBytes: most.bytes, said }
  const { path, filename, field } = await takeFile(request, taking)
  try {
    const name = cleanName(filename)
    const content = limits.isPicture
      ? await storePicture(path, folder, name, limits)
      : await storeFile(path, folder, name)
    return { formId: field('form_id'), content }
  } finally {
    for (const left of [path, ...pictureParts(path)]) await rm(left, { force: true })
  }
}

const mostOf = ({ mostBytes }: Limits): Most => ({ bytes: mostBytes, sentence: tooLarge(mostBytes) })

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
