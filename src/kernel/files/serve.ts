import { open } from 'node:fs/promises'
import type { FastifyReply } from 'fastify'
import { text } from '../../texts/index.ts'
import { Refusal } from '../web/refusal.ts'
import type { StoredFile } from './file.ts'
import { kinds } from './kinds.ts'
import { endingOf } from './name.ts'
import { isPictureType, thumbnailType } from './picture.ts'
import { storedPath, thumbnailPath } from './storage.ts'

const anyType = 'application/octet-stream'

/**
 * Gives a file back: pictures to look at, everything else only to keep, so that nothing in it runs here; also what a
 * record that came by a backup or an archive calls a picture.
 */
export function sendFile(reply: FastifyReply, folder: string, file: StoredFile) {
  const isShown = kinds[file.kind].isPicture && isPictureType(file.content_type)
  reply.header('content-disposition', disposition(isShown ? 'inline' : 'attachment', file.name))
  return send(reply, storedPath(folder, file.storage_name), isShown ? file.content_type : anyType)
}

/** A picture to look at that hangs on no record; one that is never another one at its address may be kept. */
export const sendPicture = (
  reply: FastifyReply,
  folder: string,
  picture: Pick<StoredFile, 'content_type' | 'storage_name'>,
  isKept = false,
) => {
  const isShown = isPictureType(picture.content_type)
  if (!isShown) reply.header('content-disposition', 'attachment')
  return send(reply, storedPath(folder, picture.storage_name), isShown ? picture.content_type : anyType, isKept)
}

export function sendThumbnail(reply: FastifyReply, folder: string, file: StoredFile) {
  return send(reply, thumbnailPath(folder, file.storage_name), thumbnailType)
}

async function send(reply: FastifyReply, path: string, type: string, isKept = false) {
  const content = await open(path).catch((error) => {
    if (error.code !== 'ENOENT') throw error
    throw new Refusal({ status: 404, message: text.files.missing })
  })
  const { size } = await content.stat()
  reply.header('content-security-policy', "sandbox; default-src 'none'").header('x-content-type-options', 'nosniff')
  reply
    .header('cache-control', isKept ? 'private, max-age=31536000, immutable' : 'private, no-store')
    .header('content-length', size)
  return reply.type(type).send(content.createReadStream())
}

/** RFC 6266 with the name by RFC 8187; the plain one is for programs that know no other. */
function disposition(way: 'inline' | 'attachment', name: string) {
  const ending = endingOf(name)
  const plain = /^[a-z0-9]{1,10}$/.test(ending) ? `file.${ending}` : 'file'
  const encoded = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `${way}; filename="${plain}"; filename*=UTF-8''${encoded}`
}
