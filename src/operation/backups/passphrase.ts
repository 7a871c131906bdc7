import { createReadStream, createWriteStream } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { askSecretly } from '../../kernel/operator.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { text } from '../../texts/index.ts'
import {
  AgeError,
  beginDecrypting,
  beginEncrypting,
  decrypting,
  encryptedBytes,
  encrypting,
  headerBytes,
  isAge,
} from './age.ts'
import { incomingPath } from './place.ts'

const t = text.backups.passphrase
const chunk = 1024 * 1024

/** What an encrypted copy is called. */
export const encryptedEnding = '.age'
const shortest = 12

/** A passphrase that was typed twice; a Refusal at its field where it is too short or not the same. */
export function chosenPassphrase(typed: string, again: string): string {
  if ([...typed].length < shortest) throw new Refusal({ message: t.tooShort(shortest), field: 'passphrase' })
  if (typed !== again) throw new Refusal({ message: t.different, field: 'again' })
  return typed
}

/** A file as it is read, encrypted; and how many bytes that will be. */
export async function encryptedFile(path: string, passphrase: string): Promise<{ content: Readable; bytes: number }> {
  const begun = await beginEncrypting(passphrase)
  const handle = await open(path)
  const { size } = await handle.stat()
  const content = encrypting(handle.createReadStream({ highWaterMark: chunk }), begun)
  return { content: Readable.from(content, { objectMode: false }), bytes: encryptedBytes(begun.head, size) }
}

async function beginningOf(path: string): Promise<Buffer> {
  const handle = await open(path)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headerBytes), 0, headerBytes, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

export const isEncrypted = async (path: string): Promise<boolean> => isAge(await beginningOf(path))

/**
 * Does work with a file at the command line, which may be encrypted: its passphrase is asked for then, and what was
 * decrypted is removed again.
 */
export async function withPlainFile(path: string, dataDir: string, work: (path: string) => Promise<void>) {
  if (!(await isEncrypted(path))) return work(path)
  const plain = await incomingPath(dataDir, '.zip')
  try {
    await decryptFile(path, plain, await askSecretly(t.ask))
    await work(plain)
  } finally {
    await rm(plain, { force: true })
  }
}

/** Decrypts a file into another; a Refusal at `passphrase` or at `file`. What is written is whole only when it answers. */
export async function decryptFile(path: string, target: string, passphrase: string) {
  try {
    if (passphrase === '') throw new Refusal({ message: t.wanted, field: 'passphrase' })
    const { from, key } = await beginDecrypting(await beginningOf(path), passphrase)
    const content = createReadStream(path, { start: from, highWaterMark: chunk })
    await pipeline(decrypting(content, key), createWriteStream(target, { flags: 'wx', mode: 0o600 }))
  } catch (error) {
    if (!(error instanceof AgeError)) throw error
    throw new Refusal({
      message: t.problems[error.reason],
      field: error.reason === 'passphrase' ? 'passphrase' : 'file',
    })
  }
}
