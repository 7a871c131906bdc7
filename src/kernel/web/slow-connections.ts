import type { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Config } from '../../config.ts'
import { text } from '../../texts/index.ts'
import { addressList, senderOf } from './addresses.ts'
import { plainPage } from './plain-page.ts'

/**
 * How long each part of a request may take, in milliseconds. Nobody is waited for who sends a letter now and then to hold
 * a connection, and nobody is cut off who is only slow: an upload may take hours, so it has no end but a pace.
 */
export const patience = {
  headers: 20_000,
  betweenRequests: 65_000,
  /** The secret talk before anything is said over https. */
  handshake: 15_000,
  /** A whole form; files have only the pace. */
  form: 120_000,
  /** So many bytes have to come within such a time. */
  pace: { bytes: 16 * 1024, within: 30_000 },
  /** Nothing of an answer is taken. */
  unread: 60_000,
  /** How often it is looked. */
  every: 5_000,
  /** Connections of one address on which nobody has signed in. */
  strangers: 300,
}

/** What Node bounds by itself, as options of Fastify; alike for http and https. */
export function connectionOptions<S extends object>(https: S | undefined) {
  const bounds = { headersTimeout: patience.headers, connectionsCheckingInterval: patience.every }
  const protocol = https ? { https: { ...https, ...bounds, handshakeTimeout: patience.handshake } } : { http: bounds }
  return { ...protocol, keepAliveTimeout: patience.betweenRequests, connectionTimeout: patience.unread }
}

type Coming = { reply: FastifyReply; isFile: boolean; begun: number; since: number; bytes: number }

/** Cuts off who is too slow in sending or taking; registered before the sessions, for strangers above all. */
export function slowConnections(app: FastifyInstance) {
  const coming = new Map<IncomingMessage, Coming>()
  app.addHook('onRequest', async (request, reply) => {
    // Without this, Node would take work of ours that is long for a connection that is dead.
    reply.raw.on('timeout', (socket: Socket) => {
      if (socket.writableLength > 0) socket.destroy()
    })
    // What Fastify injects comes on no connection.
    if (!hasBody(request) || !(request.raw.socket instanceof Socket)) return
    coming.set(request.raw, newComing(request, reply))
    request.raw.once('close', () => coming.delete(request.raw))
  })
  const look = () => {
    for (const [raw, state] of coming)
      if (raw.complete) coming.delete(raw)
      else if (isTooSlow(raw, state)) cutOff(raw, state)
  }
  const looking = setInterval(look, patience.every).unref()
  app.addHook('onClose', async () => clearInterval(looking))
}

const hasBody = ({ headers }: FastifyRequest) =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0

function newComing({ raw, headers }: FastifyRequest, reply: FastifyReply): Coming {
  const now = performance.now()
  const isFile = headers['content-type']?.startsWith('multipart/form-data') ?? false
  return { reply, isFile, begun: now, since: now, bytes: raw.socket.bytesRead }
}

function isTooSlow(raw: IncomingMessage, state: Coming): boolean {
  const now = performance.now()
  if (!state.isFile && now - state.begun > patience.form) return true
  if (now - state.since < patience.pace.within) return false
  const { bytesRead } = raw.socket
  // What came and was not read yet waits for us: a disk that is slow is not the sender's fault.
  const isOurs = raw.readableLength >= raw.readableHighWaterMark
  if (!isOurs && bytesRead - state.bytes < patience.pace.bytes) return true
  state.since = now
  state.bytes = bytesRead
  return false
}

function cutOff({ socket }: IncomingMessage, { reply }: Coming) {
  // One that waits behind another answer would be taken for that.
  if (reply.raw.headersSent || reply.raw.socket !== socket) return void socket.destroy()
  const page = plainPage(text.errors.titles[408], text.errors.tooSlow)
  const head = 'HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-type: text/html; charset=utf-8\r\n'
  socket.write(`${head}content-length: ${Buffer.byteLength(page)}\r\n\r\n${page}`)
  socket.destroySoon()
}

/**
 * Bounds the connections of one address on which nobody has signed in: the oldest makes room, so that whoever comes to
 * work is let in. Behind a proxy all have its address, and the proxy bounds them. Registered after the sessions.
 */
export function strangersOfAddress(app: FastifyInstance, { trustProxy }: Config) {
  if (trustProxy === true) return
  const isProxy = addressList(trustProxy || [])
  const strangers = new Map<string, Map<number, Socket>>()
  app.server.on('connection', (socket: Socket) => {
    const { remoteAddress, remotePort = 0 } = socket
    if (!remoteAddress || isProxy(remoteAddress)) return
    const sender = senderOf(remoteAddress)
    const own = strangers.get(sender) ?? new Map<number, Socket>()
    strangers.set(sender, own.set(remotePort, socket))
    socket.once('close', () => {
      if (own.get(remotePort) === socket) own.delete(remotePort)
      if (own.size === 0 && strangers.get(sender) === own) strangers.delete(sender)
    })
    const [oldest] = own.values()
    if (own.size > patience.strangers) oldest?.destroy()
  })
  app.addHook('onRequest', async ({ user, raw }) => {
    const { remoteAddress, remotePort = 0 } = raw.socket
    // Known by its port, for over https the socket of a request is another one than that of its connection.
    if (user && remoteAddress) strangers.get(senderOf(remoteAddress))?.delete(remotePort)
  })
}
