import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  scrypt,
  timingSafeEqual,
} from 'node:crypto'
import { promisify } from 'node:util'
import { inTurn } from '../../people/users/hash-turns.ts'

/*
 * The file format of age (https://c2sp.org/age), version 1, with a passphrase: what is encrypted here opens with any
 * program that knows it, also when this one is gone. scrypt makes a key of the passphrase, that key wraps the key of the
 * file, and that one encrypts the content in pieces of 64 KiB (ChaCha20-Poly1305), each with its number and whether it
 * is the last: pieces that were changed, exchanged or cut off are noticed before anything of them is given out.
 *
 * Written with Node's own cryptography: the library of the format (age-encryption) reckons in JavaScript and takes three
 * times as long, on the thread of the pages, and four more packages.
 */

const pieceBytes = 64 * 1024
const tagBytes = 16
const cipher = 'chacha20-poly1305'
/** 128 MiB and some tenths of a second for each attempt; what other programs make is read up to twice that. */
const workFactor = { made: 17, most: 18 }
const base64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')
const start = 'age-encryption.org/v1\n'
const header =
  /^age-encryption\.org\/v1\n-> scrypt ([A-Za-z0-9+/]{22}) (\d{1,2})\n([A-Za-z0-9+/]{43})\n--- ([A-Za-z0-9+/]{43})\n/
/** More than any header with a passphrase takes. */
export const headerBytes = 512

/** Why something cannot be decrypted. */
export class AgeError extends Error {
  readonly reason: 'passphrase' | 'damaged' | 'otherRecipient'

  constructor(reason: AgeError['reason']) {
    super(reason)
    this.reason = reason
  }
}

/** Whether a file begins like one of this format. */
export const isAge = (beginning: Buffer) => beginning.toString('latin1').startsWith(start)

/** How many bytes content of so many takes when it is encrypted. */
export const encryptedBytes = (head: Buffer, bytes: number) =>
  head.length + bytes + tagBytes * Math.max(1, Math.ceil(bytes / pieceBytes))

const derive = promisify(
  (passphrase: string, salt: Buffer, logN: number, done: (error: Error | null, key: Buffer) => void) =>
    scrypt(passphrase, salt, 32, { N: 2 ** logN, r: 8, p: 1, maxmem: 2 ** logN * 1024 + (8 << 20) }, done),
)

const wrappingKey = (passphrase: string, salt: Buffer, logN: number) =>
  inTurn(() => derive(passphrase, Buffer.concat([Buffer.from('age-encryption.org/v1/scrypt'), salt]), logN))

const hkdf = (fileKey: Buffer, salt: Buffer, info: string) => Buffer.from(hkdfSync('sha256', fileKey, salt, info, 32))

const macOf = (fileKey: Buffer, said: string) =>
  createHmac('sha256', hkdf(fileKey, Buffer.alloc(0), 'header'))
    .update(said)
    .digest()

function locked(key: Buffer, nonce: Buffer, plain: Buffer): Buffer {
  const one = createCipheriv(cipher, key, nonce, { authTagLength: tagBytes })
  return Buffer.concat([one.update(plain), one.final(), one.getAuthTag()])
}

function unlocked(key: Buffer, nonce: Buffer, sealed: Buffer, reason: AgeError['reason']): Buffer {
  try {
    const one = createDecipheriv(cipher, key, nonce, { authTagLength: tagBytes })
    one.setAuthTag(sealed.subarray(-tagBytes))
    return Buffer.concat([one.update(sealed.subarray(0, -tagBytes)), one.final()])
  } catch {
    throw new AgeError(reason)
  }
}

/** The number of a piece and whether it is the last; a key serves for one file only. */
function nonceOf(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeUIntBE(number, 5, 6)
  nonce[11] = isLast ? 1 : 0
  return nonce
}

/** What stands before encrypted content, and the key that it is encrypted with. */
export async function beginEncrypting(passphrase: string): Promise<{ head: Buffer; key: Buffer }> {
  const [fileKey, salt, nonce] = [randomBytes(16), randomBytes(16), randomBytes(16)]
  const wrapped = locked(await wrappingKey(passphrase, salt, workFactor.made), Buffer.alloc(12), fileKey)
  const said = `${start}-> scrypt ${base64(salt)} ${workFactor.made}\n${base64(wrapped)}\n---`
  const head = Buffer.concat([Buffer.from(`${said} ${base64(macOf(fileKey, said))}\n`), nonce])
  return { head, key: hkdf(fileKey, nonce, 'payload') }
}

/** Opens the header at the beginning of a file; answers where the content begins and its key. Throws an AgeError. */
export async function beginDecrypting(beginning: Buffer, passphrase: string): Promise<{ from: number; key: Buffer }> {
  const [whole, salt = '', logN = '', wrapped = '', mac = ''] = header.exec(beginning.toString('latin1')) ?? []
  if (whole === undefined) throw new AgeError('otherRecipient')
  const from = whole.length + 16
  if (Number(logN) > workFactor.most || Number(logN) < 1 || beginning.length < from) throw new AgeError('damaged')
  const key = await wrappingKey(passphrase, Buffer.from(salt, 'base64'), Number(logN))
  const fileKey = unlocked(key, Buffer.alloc(12), Buffer.from(wrapped, 'base64'), 'passphrase')
  const right = macOf(fileKey, whole.slice(0, whole.lastIndexOf('---') + 3))
  const said = Buffer.from(mac, 'base64')
  if (said.length !== right.length || !timingSafeEqual(said, right)) throw new AgeError('damaged')
  return { from, key: hkdf(fileKey, beginning.subarray(whole.length, from), 'payload') }
}

/** Content in pieces of one size; the last is known as such when there is no more. */
async function* piecesOf(content: AsyncIterable<Buffer>, size: number) {
  let held: Buffer = Buffer.alloc(0)
  let number = 0
  for await (const part of content) {
    held = held.length === 0 ? part : Buffer.concat([held, part])
    for (; held.length > size; held = held.subarray(size))
      yield { piece: held.subarray(0, size), number: number++, isLast: false }
  }
  yield { piece: held, number, isLast: true }
}

/** Encrypts content as it comes. */
export async function* encrypting(content: AsyncIterable<Buffer>, { head, key }: { head: Buffer; key: Buffer }) {
  yield head
  for await (const { piece, number, isLast } of piecesOf(content, pieceBytes))
    yield locked(key, nonceOf(number, isLast), piece)
}

/** Decrypts what stands behind a header as it comes; throws an AgeError at the first piece that is not as it was. */
export async function* decrypting(content: AsyncIterable<Buffer>, key: Buffer) {
  for await (const { piece, number, isLast } of piecesOf(content, pieceBytes + tagBytes)) {
    if (piece.length < tagBytes || (piece.length === tagBytes && number > 0)) throw new AgeError('damaged')
    yield unlocked(key, nonceOf(number, isLast), piece, 'damaged')
  }
}
