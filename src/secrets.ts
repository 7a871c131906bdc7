import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import type { Knex } from 'knex'
import { text } from './texts/index.ts'
import { Refusal } from './web/refusal.ts'

/**
 * What must not be read out of a copy of the database is encrypted with a key that lies outside of it. The key file
 * holds one key a line, 32 bytes in base64url: the first encrypts, all of them decrypt, so that a key can be replaced.
 */
export type Secrets = {
  /** `v1.key id.nonce.sealed text`, AES-256-GCM; `purpose` has to be named again to open it. */
  encrypt(plain: string, purpose: string): string
  /** What was encrypted for this purpose; a Refusal when the key is not there or the text was changed. */
  decrypt(sealed: string, purpose: string): string
  /** A keyed hash: what a text is known by again, of no use without the key. */
  mark(text: string, purpose: string): string
  keyIds: string[]
}

type Key = { id: string; bytes: Buffer }
const cipher = 'aes-256-gcm'

/** Why the key file cannot be used, as a sentence. */
export class SecretKeyError extends Error {}

/** Opens the key file the first time it is needed; without one, makes it, for its owner only. */
export function openSecrets(file: string): Secrets {
  let held: Key[] | undefined
  const keys = (): [Key, ...Key[]] => {
    held ??= readKeys(file) ?? makeKey(file)
    return held as [Key, ...Key[]]
  }
  const keyFor = (id: string) => keys().find((key) => key.id === id)
  return {
    encrypt: (plain, purpose) => seal(keys()[0], plain, purpose),
    decrypt: (sealed, purpose) => unseal(keyFor(sealed.split('.')[1] ?? ''), sealed, purpose),
    mark: (text, purpose) => createHmac('sha256', keys()[0].bytes).update(`${purpose}\0${text}`).digest('base64url'),
    get keyIds() {
      return keys().map(({ id }) => id)
    },
  }
}

function readKeys(file: string): Key[] | undefined {
  let content: string
  try {
    content = readFileSync(file, 'utf8')
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw new SecretKeyError(text.server.secretKeyUnreadable(file, code))
  }
  const lines = content.split('\n').filter((line) => line.trim() !== '')
  const keys = lines.map((line) => keyOf(Buffer.from(line.trim(), 'base64url')))
  if (keys.length === 0 || keys.some(({ bytes }) => bytes.length !== 32))
    throw new SecretKeyError(text.server.secretKeyMalformed(file))
  return keys
}

function makeKey(file: string): Key[] {
  const bytes = randomBytes(32)
  try {
    writeFileSync(file, `${bytes.toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    // Another server on the same folder was quicker.
    const theirs = code === 'EEXIST' ? readKeys(file) : undefined
    if (theirs) return theirs
    throw new SecretKeyError(text.server.secretKeyUnreadable(file, code))
  }
  return [keyOf(bytes)]
}

const keyOf = (bytes: Buffer): Key => ({ id: createHash('sha256').update(bytes).digest('hex').slice(0, 8), bytes })

function seal({ id, bytes }: Key, plain: string, purpose: string): string {
  const nonce = randomBytes(12)
  const sealing = createCipheriv(cipher, bytes, nonce).setAAD(Buffer.from(purpose))
  const sealed = Buffer.concat([sealing.update(plain, 'utf8'), sealing.final(), sealing.getAuthTag()])
  return ['v1', id, nonce.toString('base64url'), sealed.toString('base64url')].join('.')
}

function unseal(key: Key | undefined, whole: string, purpose: string): string {
  if (!key) throw new Refusal({ status: 503, message: text.errors.secretKeyMissing })
  const [, , nonce = '', text64 = ''] = whole.split('.')
  const sealed = Buffer.from(text64, 'base64url')
  try {
    const opening = createDecipheriv(cipher, key.bytes, Buffer.from(nonce, 'base64url'), { authTagLength: 16 })
    opening.setAAD(Buffer.from(purpose)).setAuthTag(sealed.subarray(-16))
    return Buffer.concat([opening.update(sealed.subarray(0, -16)), opening.final()]).toString('utf8')
  } catch {
    throw new Refusal({ status: 503, message: text.errors.secretKeyMissing })
  }
}

/**
 * Makes sure at the start that the key file is the one the database was written with: a new one made in its place
 * would lock everybody with a second factor out. Throws a SecretKeyError with a sentence.
 */
export async function fitSecrets(db: Knex, file: string, secrets: Secrets) {
  const used: string[] = await db('secret_keys').pluck('id')
  if (used.length > 0 && readKeys(file) === undefined) throw new SecretKeyError(text.server.secretKeyGone(file))
  const [present = ''] = secrets.keyIds
  if (used.some((id) => !secrets.keyIds.includes(id))) throw new SecretKeyError(text.server.secretKeyOther(file))
  if (!used.includes(present)) await db('secret_keys').insert({ id: present, created_at: new Date().toISOString() })
}
