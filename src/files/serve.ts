import { open } from 'node:fs/promises'
import type { FastifyReply } from 'fastify'
import { text } from '../texts/index.ts'
import { Refusal } from '../web/refusal.ts'
import type { StoredFile } from './file.ts'
import { kinds } from './kinds.ts'
import { endingOf } from './name.ts'
import { thumbnailType } from './picture.ts'
import { storedPath, thumbnailPath } from './storage.ts'

/** Gives a file back: pictures to look at, everything else only to keep, so that nothing in it runs here. */
export function sendFile(reply: FastifyReply, folder: string, file: StoredFile) {
  const { isPicture } = kinds[file.kind]
  const type = isPicture ? file.content_type : 'application/octet-stream'
  reply.header('content-disposition', disposition(isPicture ? 'inline' : 'attachment', file.name))
  return send(reply, storedPath(folder, file.storage_name), type)
}

/** A picture to look at that hangs on no customer; one that is never another one at its address may be kept. */
export const sendPicture = (
  reply: FastifyReply,
  folder: string,
  picture: Pick<StoredFile, 'content_type' | 'storage_name'>,
  isKept = false,
) => send(reply, storedPath(folder, picture.storage_name), picture.content_type, isKept)

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
