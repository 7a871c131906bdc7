import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hash,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import type { Knex } from 'knex'
import { text } from '../texts/index.ts'
import { Refusal } from './web/refusal.ts'

/** What a key is derived for; each has one of its own, so that nothing made for one purpose passes for another. */
type Label = keyof typeof labels
const labels = { secrets: 'kehu secrets v2', backups: 'kehu backup seal v1', log: 'kehu log chain v1' } as const

/** What a seal says: made with the key in use, with one that was replaced, with one that is not here, or not of this text. */
export type SealState = 'own' | 'replaced' | 'unknown' | 'wrong'

/** Seals, and looks at seals, for one purpose. */
export type Sealer = {
  /** `key id:HMAC-SHA256`. */
  seal(content: string | Buffer): string
  look(content: string | Buffer, seal: string): SealState
}

/**
 * What must not be read out of a copy of the database is encrypted with a key that lies outside of it, and what must not
 * be made elsewhere is sealed with it. The key file holds one key a line, 32 bytes in base64url: the first encrypts and
 * seals, all of them decrypt, so that a key can be replaced. Neither key is used itself: each purpose derives one (HKDF).
 */
export type Secrets = {
  /** `v2.key id.nonce.sealed text`, AES-256-GCM; `purpose` has to be named again to open it. */
  encrypt(plain: string, purpose: string): string
  /** What was encrypted for this purpose; a Refusal when the key is not there or the text was changed. */
  decrypt(sealed: string, purpose: string): string
  /** A keyed hash: what a text is known by again, of no use without the key. */
  mark(text: string, purpose: string): string
  sealer(label: Exclude<Label, 'secrets'>): Sealer
  keyIds: string[]
}

type Key = { id: string; bytes: Buffer; derived(label: Label): Buffer }
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
    // With the key itself: marks stand in databases since before there were derived keys, and must be found again.
    mark: (text, purpose) => createHmac('sha256', keys()[0].bytes).update(`${purpose}\0${text}`).digest('base64url'),
    sealer: (label) => ({
      seal: (content) => `${keys()[0].id}:${macOf(keys()[0].derived(label), content).toString('base64url')}`,
      look: (content, seal) => {
        const [id = '', mac = ''] = seal.split(':')
        const key = keyFor(id)
        if (!key) return 'unknown'
        if (!isSame(macOf(key.derived(label), content), Buffer.from(mac, 'base64url'))) return 'wrong'
        return key === keys()[0] ? 'own' : 'replaced'
      },
    }),
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

function keyOf(bytes: Buffer): Key {
  const held = new Map<Label, Buffer>()
  const derived = (label: Label) => {
    const key = held.get(label) ?? Buffer.from(hkdfSync('sha256', bytes, '', labels[label], 32))
    held.set(label, key)
    return key
  }
  return { id: createHash('sha256').update(bytes).digest('hex').slice(0, 8), bytes, derived }
}

/**
 * HMAC-SHA256 of a key of 32 bytes (RFC 2104), by two plain hashes: `createHmac` takes ten times as long for a short text,
 * and a check of the log makes millions.
 */
function macOf(key: Buffer, content: string | Buffer): Buffer {
  const [inner, outer] = paddedKeys.get(key) ?? padKey(key)
  const digest = hash('sha256', Buffer.concat([inner, Buffer.from(content as string)]), 'buffer')
  return hash('sha256', Buffer.concat([outer, digest]), 'buffer')
}

const paddedKeys = new WeakMap<Buffer, [Uint8Array, Uint8Array]>()

function padKey(key: Buffer): [Uint8Array, Uint8Array] {
  const padded = (byte: number) => Buffer.alloc(64, byte).map((pad, index) => pad ^ (key[index] ?? 0))
  const both: [Uint8Array, Uint8Array] = [padded(0x36), padded(0x5c)]
  paddedKeys.set(key, both)
  return both
}

const isSame = (one: Buffer, other: Buffer) => one.length === other.length && timingSafeEqual(one, other)

function seal({ id, derived }: Key, plain: string, purpose: string): string {
  const nonce = randomBytes(12)
  const sealing = createCipheriv(cipher, derived('secrets'), nonce).setAAD(Buffer.from(purpose))
  const sealed = Buffer.concat([sealing.update(plain, 'utf8'), sealing.final(), sealing.getAuthTag()])
  return ['v2', id, nonce.toString('base64url'), sealed.toString('base64url')].join('.')
}

function unseal(key: Key | undefined, whole: string, purpose: string): string {
  if (!key) throw new Refusal({ status: 503, message: text.errors.secretKeyMissing })
  const [version, , nonce = '', text64 = ''] = whole.split('.')
  const sealed = Buffer.from(text64, 'base64url')
  // What earlier versions of the program encrypted was encrypted with the key itself.
  const bytes = version === 'v1' ? key.bytes : key.derived('secrets')
  try {
    const opening = createDecipheriv(cipher, bytes, Buffer.from(nonce, 'base64url'), { authTagLength: 16 })
    opening.setAAD(Buffer.from(purpose)).setAuthTag(sealed.subarray(-16))
    return Buffer.concat([opening.update(sealed.subarray(0, -16)), opening.final()]).toString('utf8')
  } catch {
    throw new Refusal({ status: 503, message: text.errors.secretKeyMissing })
  }
}

/** A key file that was there once is not made anew, as the first use of it would. */
export async function refuseGoneKey(db: Knex, file: string) {
  if ((await db('secret_keys').first('id')) && readKeys(file) === undefined)
    throw new SecretKeyError(text.server.secretKeyGone(file))
}

/**
 * Makes sure at the start that the key file is the one the database was written with: a new one made in its place
 * would lock everybody with a second factor out. Throws a SecretKeyError with a sentence.
 */
export async function fitSecrets(db: Knex, file: string, secrets: Secrets) {
  await refuseGoneKey(db, file)
  const used: string[] = await db('secret_keys').pluck('id')
  const [present = ''] = secrets.keyIds
  if (used.some((id) => !secrets.keyIds.includes(id))) throw new SecretKeyError(text.server.secretKeyOther(file))
  if (!used.includes(present)) await db('secret_keys').insert({ id: present, created_at: new Date().toISOString() })
}
