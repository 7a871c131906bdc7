import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Server } from 'node:https'
import { text } from '../texts/index.ts'

const t = text.server
const day = 86_400_000

/** Why the server cannot speak TLS with these files, as a sentence. */
export class TlsError extends Error {}

type Files = { cert: string; key: string }
export type Tls = { cert: Buffer; key: Buffer; certificate: X509Certificate; warning: string | null }

/** The certificate and its key; a certificate that has expired, or soon will, is a warning. */
export function readTls(files: Files, now = Date.now()): Tls {
  const cert = content(files.cert)
  const key = content(files.key)
  const certificate = parsed(files.cert, () => new X509Certificate(cert))
  const privateKey = parsed(files.key, () => createPrivateKey(key))
  if (!certificate.checkPrivateKey(privateKey)) throw new TlsError(t.tlsKeyOther(files.key, files.cert))
  return { cert, key, certificate, warning: warningOf(files.cert, certificate, now) }
}

function content(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new TlsError(t.tlsFileMissing(file, (error as NodeJS.ErrnoException).code ?? ''))
  }
}

function parsed<T>(file: string, parse: () => T): T {
  try {
    return parse()
  } catch {
    throw new TlsError(t.tlsFileMalformed(file))
  }
}

function warningOf(file: string, certificate: X509Certificate, now: number): string | null {
  const until = certificate.validToDate
  const left = Math.floor((until.getTime() - now) / day)
  if (left < 0) return t.tlsExpired(file, until.toISOString().slice(0, 10))
  return left < 15 ? t.tlsExpiresSoon(file, left) : null
}

type Log = { error(what: unknown): void; warn(what: string): void }

/**
 * Takes a renewed certificate up while the server runs, once an hour and whenever the answered function is called; files
 * that do not fit leave the old one.
 */
export function watchTls(server: Server, files: Files, present: Tls, log: Log): () => void {
  let held = present
  const look = () => {
    try {
      const next = readTls(files)
      if (!next.cert.equals(held.cert) || !next.key.equals(held.key))
        server.setSecureContext({ cert: next.cert, key: next.key })
      held = next
      if (next.warning) log.warn(next.warning)
    } catch (error) {
      log.error(error)
    }
  }
  setInterval(look, 3_600_000).unref()
  return look
}
