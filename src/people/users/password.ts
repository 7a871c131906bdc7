import { type Argon2Parameters, argon2, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { inTurn } from './hash-turns.ts'

const argon2id = promisify(argon2) as (kind: 'argon2id', parameters: Argon2Parameters) => Promise<Buffer>
const scryptKey = promisify(scrypt) as (
  password: string,
  salt: Buffer,
  length: number,
  options: object,
) => Promise<Buffer>
const length = 32

/** Two passes over 32 MB: above OWASP's least for argon2id (two over 19 MB), and some 60 ms of a core. */
const cost = { memory: 32_768, passes: 2, parallelism: 1 }

/** A password as it is stored: `argon2id$memory$passes$parallelism$salt$key`, so that the cost can rise without a migration. */
export async function hashPassword(password: string, { memory, passes, parallelism } = cost): Promise<string> {
  const salt = randomBytes(16)
  const numbers = [memory, passes, parallelism]
  const key = await inTurn(() => derive('argon2id', password, salt, numbers))
  return ['argon2id', ...numbers, salt.toString('base64url'), key.toString('base64url')].join('$')
}

/** Stands in for the password of a user who does not exist: no password fits, and finding that out takes as long. */
export const nobodysHash = ['argon2id', ...Object.values(cost), 'A'.repeat(22), 'A'.repeat(43)].join('$')

/** Whether a password is the stored one; takes the same time whether it is or not, unless it is not looked at any more. */
export async function isPassword(password: string, stored: string, isStillAsked = async () => true): Promise<boolean> {
  const [kind = '', first, second, third, salt = '', key = ''] = stored.split('$')
  const numbers = [first, second, third].map(Number)
  const derived = await inTurn(async () =>
    (await isStillAsked()) ? derive(kind, password, Buffer.from(salt, 'base64url'), numbers) : undefined,
  )
  return derived !== undefined && timingSafeEqual(derived, Buffer.from(key, 'base64url'))
}

/** Whether a password should be stored anew when its owner next types it: it was, in the way of an earlier version. */
export const isOutdated = (stored: string) => !stored.startsWith('argon2id$')

/** Off the main thread. `scrypt$logN$r$p$salt$key` is how passwords were stored first. */
function derive(kind: string, password: string, salt: Buffer, numbers: number[]): Promise<Buffer> {
  const message = password.normalize('NFKC')
  const [first = 0, second = 0, third = 0] = numbers
  return kind === 'scrypt'
    ? scryptKey(message, salt, length, { N: 2 ** first, r: second, p: third, maxmem: 256 * 1024 * 1024 })
    : argon2id('argon2id', {
        message,
        nonce: salt,
        memory: first,
        passes: second,
        parallelism: third,
        tagLength: length,
      })
}
