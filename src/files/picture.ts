import { writeFile } from 'node:fs/promises'
import sharp from 'sharp'
import { text } from '../texts/index.ts'
import { Refusal } from '../web/refusal.ts'

/** Only these decoders of the library may run, whatever a file says it is. */
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({ operation: ['VipsForeignLoadJpegFile', 'VipsForeignLoadPngFile', 'VipsForeignLoadWebpFile'] })
sharp.unblock({ operation: ['VipsForeignLoadPngBuffer', 'VipsForeignLoadJpegBuffer', 'VipsForeignLoadWebpBuffer'] })
sharp.cache(false)

const formats = { jpeg: ['jpg', 'jpeg'], png: ['png'], webp: ['webp'] } as const
const mostPixels = 64_000_000
const longestSide = 1600
const thumbnailSide = 160
const secondsToDecode = 20

export const thumbnailType = 'image/webp'

export type Picture = { content_type: string; endings: readonly string[]; width: number; height: number }

const refused = (message: string) => new Refusal({ message, field: 'file' })

/**
 * Decodes the jpeg, png or webp at `from` and writes it anew, upright, without position or other notes of the camera:
 * at most 1600 pixels a side to `to`, at most 160 to `thumbnail` (webp). Throws a Refusal at `file` for anything that
 * is no such picture, is damaged or has more than 64 million pixels, which is seen before any is decoded.
 */
export async function rewritePicture(from: string, to: string, thumbnail: string): Promise<Picture> {
  const format = await formatOf(from)
  const original = sharp(from, { limitInputPixels: mostPixels, failOn: 'error' })
    .timeout({ seconds: secondsToDecode })
    .autoOrient()
    .resize({ width: longestSide, height: longestSide, fit: 'inside', withoutEnlargement: true })
    .toFormat(format)
  const { data, info } = await original.toBuffer({ resolveWithObject: true }).catch(() => {
    throw refused(text.files.damagedPicture)
  })
  await writeFile(to, data, { flag: 'wx' })
  await writeFile(thumbnail, await shrunk(data), { flag: 'wx' })
  return { content_type: `image/${format}`, endings: formats[format], width: info.width, height: info.height }
}

async function formatOf(path: string): Promise<keyof typeof formats> {
  const header = await sharp(path, { limitInputPixels: false })
    .metadata()
    .catch(() => undefined)
  if (!header || !Object.hasOwn(formats, header.format)) throw refused(text.files.notPicture)
  if (header.width * header.height > mostPixels) throw refused(text.files.tooManyPixels)
  return header.format as keyof typeof formats
}

const shrunk = (picture: Buffer) =>
  sharp(picture)
    .resize({ width: thumbnailSide, height: thumbnailSide, fit: 'inside', withoutEnlargement: true })
    .webp()
    .toBuffer()
