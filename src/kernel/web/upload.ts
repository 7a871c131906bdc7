import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import type { MultipartFile } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { text } from '../../texts/index.ts'
import { storageFault } from '../db/dialect.ts'
import { Refusal } from './refusal.ts'

/** Where a file goes once one was chosen, how large it may be, and what is said at `file` when it is not taken. */
export type Taking = {
  place(): Promise<string>
  mostBytes: number
  said: { none: string; tooLarge: string; interrupted: string }
}

export type Taken = { path: string; filename: string; sha256: string; field(name: string): unknown }

/** The parts of a form around its file. */
const envelopeBytes = 16 * 1024

/**
 * Takes the file of a form as it comes. A Refusal at `file` when none was chosen, it is too large or did not come whole,
 * and one without a field when the disk does not take it; nothing is left then.
 */
export async function takeFile(request: FastifyRequest, { place, mostBytes, said }: Taking): Promise<Taken> {
  const refused = (message: string) => new Refusal({ message, field: 'file' })
  // What is too large by its own account is not read at all.
  if (Number(request.headers['content-length']) > mostBytes + envelopeBytes) throw refused(said.tooLarge)
  // Who went away while the request was looked at would be waited for without end.
  if (request.raw.destroyed) throw refused(said.interrupted)
  const limits = { fileSize: mostBytes, files: 1, fields: 5, fieldSize: 1000 }
  const part = request.isMultipart() ? await request.file({ limits }) : undefined
  if (!part?.filename) {
    part?.file.resume()
    throw refused(said.none)
  }
  const path = await place()
  const hash = createHash('sha256')
  async function* hashed(content: AsyncIterable<Buffer>) {
    for await (const piece of content) {
      hash.update(piece)
      yield piece
    }
  }
  try {
    await pipeline(part.file, hashed, createWriteStream(path, { flags: 'wx' })).catch((error) => {
      const fault = storageFault(error)
      throw fault ? new Refusal({ status: 503, message: text.errors[fault] }) : refused(said.interrupted)
    })
    if (part.file.truncated) throw refused(said.tooLarge)
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
  return { path, filename: part.filename, sha256: hash.digest('hex'), field: (name) => fieldOf(part, name) }
}

function fieldOf({ fields }: MultipartFile, name: string): unknown {
  const field = fields[name]
  return field && 'value' in field ? field.value : undefined
}
