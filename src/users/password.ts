import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify(scrypt) as (password: string, salt: Buffer, length: number, options: object) => Promise<Buffer>
const length = 32

/** OWASP's setting for scrypt with 32 MB: N = 2^15, r = 8, p = 3. */
const cost = { logN: 15, r: 8, p: 3 }

/** A password as it is stored: `scrypt$logN$r$p$salt$key`, so that the cost can rise without a migration. */
export async function hashPassword(password: string, { logN, r, p } = cost): Promise<string> {
  const salt = randomBytes(16)
  const key = await scryptKey(password, salt, logN, r, p)
  return ['scrypt', logN, r, p, salt.toString('base64url'), key.toString('base64url')].join('$')
}

/** Stands in for the password of a user who does not exist: no password fits, and finding that out takes as long. */
export const nobodysHash = ['scrypt', cost.logN, cost.r, cost.p, 'A'.repeat(22), 'A'.repeat(43)].join('$')

/** Whether a password is the stored one; takes the same time whether it is or not. */
export async function isPassword(password: string, stored: string): Promise<boolean> {
  const [, logN, r, p, salt = '', key = ''] = stored.split('$')
  const derived = await scryptKey(password, Buffer.from(salt, 'base64url'), Number(logN), Number(r), Number(p))
  return timingSafeEqual(derived, Buffer.from(key, 'base64url'))
}

const scryptKey = (password: string, salt: Buffer, logN: number, r: number, p: number) =>
  derive(password.normalize('NFKC'), salt, length, { N: 2 ** logN, r, p, maxmem: 256 * 1024 * 1024 })
