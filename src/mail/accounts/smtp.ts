import { Readable } from 'node:stream'
import type { NodemailerError } from 'nodemailer/lib/errors.js'
import type SMTPConnection from 'nodemailer/lib/smtp-connection'
import { wireAddress } from '../../kernel/china/mail-address.ts'
import { singleLine } from '../../kernel/china/text.ts'
import { text } from '../../texts/index.ts'
import type { Account } from './account.ts'
import { meaningOf } from './server-answer.ts'

const { faults, serverSaid } = text.mail

/** What is needed to speak to a server. */
export type Server = Pick<Account, 'host' | 'port' | 'security' | 'is_certificate_trusted' | 'username'> & {
  password: string | null
}

/** What is handed over; `to` is the recipient, the others get the same message. */
export type Envelope = { from: string; to: string; others: string[] }

/**
 * What became of a message. `later`: nothing was sent, another time it may work. `account`: nobody's message would get
 * through. `uncertain`: the message was handed over whole and nobody said what became of it.
 */
export type Outcome = { answer: string } & (
  | { kind: 'sent'; refused: { address: string; answer: string }[] }
  | { kind: 'refused' | 'failed' | 'uncertain' }
  /** `isForAll` where the server itself was away. */
  | { kind: 'later' | 'account'; isForAll: boolean }
)

/** A server may look through a message for long before it takes it; the rest should not take an office's patience. */
const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, dnsTimeout: 10_000, socketTimeout: 20_000 }
const patience = 120_000

/** Loaded with the first letter: the library takes six megabytes. */
async function open({ host, port, security, is_certificate_trusted }: Server, socketTimeout: number) {
  const { default: Connection } = await import('nodemailer/lib/smtp-connection')
  return new Connection({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: { rejectUnauthorized: !is_certificate_trusted, minVersion: 'TLSv1.2' },
    ...timeouts,
    socketTimeout,
  })
}

/** Connects and signs in, lets `work` go on, and leaves. */
async function inSession<T>(server: Server, patient: number, work: (line: SMTPConnection) => Promise<T>): Promise<T> {
  const line = await open(server, patient)
  // A fault between two commands has nobody else to tell.
  const broken = Promise.withResolvers<never>()
  broken.promise.catch(() => {})
  line.on('error', broken.reject)
  const call = <R>(begin: (done: (error?: Error | null, answer?: R) => void) => void) =>
    Promise.race([
      broken.promise,
      new Promise<R>((resolve, reject) => begin((error, answer) => (error ? reject(error) : resolve(answer as R)))),
    ])
  try {
    await call((done) => line.connect(done))
    const { username: user, password: pass } = server
    if (user) {
      if (!line.allowsAuth) throw Object.assign(new Error(), { code: 'ENOAUTH' })
      await call((done) => line.login({ credentials: { user, pass: pass ?? '' } }, done))
    }
    return await Promise.race([broken.promise, work(line)])
  } finally {
    line.on('error', () => {})
    line.quit()
    setTimeout(() => line.close(), 2_000).unref()
  }
}

/** Tries whether a server takes the connection and the password: what it said, or why not. */
export async function tryServer(server: Server): Promise<{ isPassed: boolean; words: string }> {
  try {
    return await inSession(server, timeouts.socketTimeout, async (line) => ({
      isPassed: true,
      words: clean(String(line.lastServerResponse || ''), server),
    }))
  } catch (error) {
    return { isPassed: false, words: wordsOf(error as NodemailerError, server) }
  }
}

/** Gives one message to a server and tells what became of it; never throws for what the server or the network did. */
export async function deliver(server: Server, envelope: Envelope, content: () => Promise<Readable>): Promise<Outcome> {
  let isHandedOver = false
  async function* noted() {
    yield* await content()
    isHandedOver = true
  }
  try {
    return await inSession(server, patience, (line) => send(line, server, envelope, Readable.from(noted())))
  } catch (thrown) {
    const error = thrown as NodemailerError
    const answer = wordsOf(error, server)
    if (isHandedOver && error.code !== 'EMESSAGE') return { kind: 'uncertain', answer }
    return { answer, ...judged(error) }
  }
}

function send(line: SMTPConnection, server: Server, { from, to, others }: Envelope, content: Readable) {
  return new Promise<Outcome>((resolve, reject) => {
    const own = wireAddress(to)
    const all = [own, ...others.map(wireAddress)]
    line.send({ from: wireAddress(from), to: all }, content, (error, info) => {
      if (error || !info) return reject(error ?? new Error())
      const refused = (info.rejectedErrors ?? []).map((one) => ({
        address: String(one.recipient ?? ''),
        answer: wordsOf(one, server),
        code: one.responseCode ?? 550,
      }))
      const mine = refused.find(({ address }) => address.toLowerCase() === own.toLowerCase())
      if (mine) return resolve({ kind: 'refused', answer: mine.answer })
      resolve({
        kind: 'sent',
        answer: `${text.mail.answers.taken}${serverSaid(clean(info.response, server))}`,
        refused,
      })
    })
  })
}

type Judgement = { kind: 'refused' } | { kind: 'later' | 'account'; isForAll: boolean }

/** What a fault before the end of a message means for it and for those that follow. */
function judged({ code, command = '', responseCode = 0 }: NodemailerError): Judgement {
  const isForRecipient = /^RCPT|^DATA/.test(command)
  if (isForRecipient && responseCode >= 500) return { kind: 'refused' }
  if (isForRecipient && responseCode >= 400) return { kind: 'later', isForAll: false }
  if (code === 'EMESSAGE' || code === 'ESTREAM') return { kind: 'refused' }
  const isLasting = responseCode >= 500 || ['ENOAUTH', 'ETLS', 'EREQUIRETLS', 'EENVELOPE'].includes(String(code))
  const isRefusedSignIn = code === 'EAUTH' && responseCode === 0
  return { kind: isLasting || isRefusedSignIn ? 'account' : 'later', isForAll: true }
}

/** What the server answered, behind what that means. */
const answerOf = ({ responseCode, command = '' }: NodemailerError, words: string) => {
  const code = responseCode ?? (Number.parseInt(words, 10) || 0)
  return `${code >= 400 ? meaningOf({ code, words, command }) : ''}${serverSaid(words)}`
}

/** A fault as a person reads it, with the server's own words where it said any. */
export function wordsOf(error: NodemailerError & { originalCode?: string }, server: Server): string {
  const said = error.response ? answerOf(error, clean(error.response, server)) : ''
  if (error.command === 'STARTTLS') return `${faults.noStartTls}${said}`
  if (said) return said
  const { host, port } = server
  const cause = `${error.originalCode ?? ''} ${error.code ?? ''} ${error.message}`
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/i.test(error.originalCode ?? ''))
    return faults.certificate(error.originalCode as string)
  if (/ECONNREFUSED/.test(cause)) return faults.refused(host, port)
  if (/EDNS|ENOTFOUND|EAI_AGAIN/.test(cause)) return faults.unknownHost(host)
  if (/ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/.test(cause)) return faults.noAnswer(host, port)
  if (/ENOAUTH/.test(cause)) return faults.noLogin
  if (/certificate/i.test(cause)) return faults.certificate(error.originalCode ?? 'TLS')
  if (/ETLS|EPROTO|SSL|wrong version/i.test(cause))
    return server.security === 'starttls' ? faults.noStartTls : faults.tls
  if (/ECONNECTION|ESOCKET|ECONNRESET|EPIPE/.test(cause)) return faults.interrupted
  return faults.message
}

const longestAnswer = 500

/** The words of a server on one line, without what must not be seen in them. */
function clean(words: string, { password }: Server): string {
  const line = singleLine(words).slice(0, longestAnswer).toWellFormed()
  if (!password) return line
  const forms = [password, Buffer.from(password).toString('base64')]
  return forms.reduce((shown, secret) => shown.replaceAll(secret, '****'), line)
}
