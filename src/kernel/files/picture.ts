import { writeFile } from 'node:fs/promises'
import { text } from '../../texts/index.ts'
import { Refusal } from '../web/refusal.ts'

/** The library, loaded with the first picture: an idle program does without its memory. Only these decoders may run. */
async function loadDecoder() {
  const { default: sharp } = await import('sharp')
  sharp.block({ operation: ['VipsForeignLoad'] })
  sharp.unblock({ operation: ['VipsForeignLoadJpegFile', 'VipsForeignLoadPngFile', 'VipsForeignLoadWebpFile'] })
  sharp.unblock({ operation: ['VipsForeignLoadPngBuffer', 'VipsForeignLoadJpegBuffer', 'VipsForeignLoadWebpBuffer'] })
  sharp.cache(false)
  return sharp
}

let loading: ReturnType<typeof loadDecoder> | undefined
const decoder = () => {
  loading ??= loadDecoder()
  return loading
}

const formats = { jpeg: ['jpg', 'jpeg'], png: ['png'], webp: ['webp'] } as const
const mostPixels = 64_000_000
const longestSide = 1600
const thumbnailSide = 160
const secondsToDecode = 20

export const thumbnailType = 'image/webp'

/** The types that pictures are kept in; whatever else stands in a record of one is none to look at. */
export const isPictureType = (type: string) => Object.keys(formats).some((format) => type === `image/${format}`)

export type Picture = { content_type: string; endings: readonly string[]; width: number; height: number }

const refused = (message: string) => new Refusal({ message, field: 'file' })

/**
 * Decodes the jpeg, png or webp at `from` and writes it anew, upright, without position or other notes of the camera:
 * at most 1600 pixels a side to `to`, at most 160 to `thumbnail` (webp); a `mark` as a PNG of its size, which reports can
 * embed. Throws a Refusal at `file` for anything that
 * is no such picture, is damaged or has more than 64 million pixels, which is seen before any is decoded.
 */
export async function rewritePicture(
  from: string,
  to: string,
  thumbnail: string,
  mark?: { width: number; height: number },
): Promise<Picture> {
  const sharp = await decoder()
  const given = await formatOf(from)
  const format = mark ? 'png' : given
  const size = mark ?? { width: longestSide, height: longestSide }
  const original = sharp(from, { limitInputPixels: mostPixels, failOn: 'error' })
    .timeout({ seconds: secondsToDecode })
    .autoOrient()
    .resize({ ...size, fit: 'inside', withoutEnlargement: true })
    .toFormat(format)
  const { data, info } = await original.toBuffer({ resolveWithObject: true }).catch(() => {
    throw refused(text.files.damagedPicture)
  })
  await writeFile(to, data, { flag: 'wx' })
  await writeFile(thumbnail, await shrunk(data), { flag: 'wx' })
  return { content_type: `image/${format}`, endings: formats[format], width: info.width, height: info.height }
}

async function formatOf(path: string): Promise<keyof typeof formats> {
  const sharp = await decoder()
  const header = await sharp(path, { limitInputPixels: false })
    .metadata()
    .catch(() => undefined)
  if (!header || !Object.hasOwn(formats, header.format)) throw refused(text.files.notPicture)
  if (header.width * header.height > mostPixels) throw refused(text.files.tooManyPixels)
  return header.format as keyof typeof formats
}

async function shrunk(picture: Buffer): Promise<Buffer> {
  const sharp = await decoder()
  const size = { width: thumbnailSide, height: thumbnailSide, fit: 'inside', withoutEnlargement: true } as const
  return sharp(picture).resize(size).webp().toBuffer()
}
