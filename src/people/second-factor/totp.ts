import { Secret, TOTP } from 'otpauth'
import encodeQr from 'qr'

const period = 30
/** What authenticator apps understand without being told: SHA-1, six digits, thirty seconds. */
const totpOf = (secret: string, issuer = '', label = '') =>
  new TOTP({
    issuer,
    label,
    issuerInLabel: false,
    algorithm: 'SHA1',
    digits: 6,
    period,
    secret: Secret.fromBase32(secret),
  })

/** A new secret of 160 bits, in base32. */
export const newSecret = (): string => new Secret({ size: 20 }).base32

/** What the QR code says, without what every app takes for granted: the fewer signs, the easier it is to scan. */
export function addressOfSecret(secret: string, issuer: string, label: string): string {
  const address = new URL(totpOf(secret, issuer, label).toString())
  for (const usual of ['algorithm', 'digits', 'period']) address.searchParams.delete(usual)
  return address.href
}

/** The time step a code belongs to, at most one before or after the present one; undefined when it is none. */
export function stepOf(secret: string, code: string, now = Date.now()): number | undefined {
  const delta = totpOf(secret).validate({ token: code, timestamp: now, window: 1 })
  return delta === null ? undefined : Math.floor(now / 1000 / period) + delta
}

/** A QR code as the path of an SVG of `size` units, its border included; every run of dark modules is one piece. */
export function qrCode(said: string): { size: number; path: string } {
  const rows = encodeQr(said, 'raw', { ecc: 'medium', border: 4 })
  const runs = rows.flatMap((row, y) => {
    const line = row.map((isDark) => (isDark ? '#' : ' ')).join('')
    return [...line.matchAll(/#+/g)].map(({ 0: run, index }) => `M${index} ${y}h${run.length}v1h-${run.length}z`)
  })
  return { size: rows.length, path: runs.join('') }
}
