import { Agent, request } from 'node:http'

export type Answer = { status: number; headers: NodeJS.Dict<string | string[]>; body: Buffer; headerBytes: number }
type Options = { headers?: Record<string, string>; form?: Record<string, string> }

/** Speaks HTTP to one server over a single connection that is kept open. */
export function connect(origin: string, standing: Record<string, string> = {}) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return async (path: string, { headers = {}, form }: Options = {}): Promise<Answer> => {
    const body = form && new URLSearchParams(form).toString()
    const posted = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }
    return send(new URL(path, origin), agent, { ...standing, ...headers, ...(body ? posted : {}) }, body)
  }
}

export type Send = ReturnType<typeof connect>

/** Asks as htmx does for a part of a page. */
export const asPart =
  (send: Send, target: string): Send =>
  (path, { headers, ...options } = {}) =>
    send(path, {
      ...options,
      headers: { ...headers, 'hx-request': 'true', 'hx-request-type': 'partial', 'hx-target': `div#${target}` },
    })

function send(url: URL, agent: Agent, headers: Record<string, string>, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, headers, method: body === undefined ? 'GET' : 'POST' }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part) => parts.push(part))
      answer.on('error', reject)
      answer.on('end', () => {
        const headerBytes = 17 + answer.rawHeaders.reduce((sum, part) => sum + part.length + 2, 0)
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts), headerBytes })
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

type Account = { username: string; password: string }

/** Signs in and answers a client with the cookie of the session. */
export const signIn = async (origin: string, account: Account) =>
  connect(origin, { cookie: await sessionOf(origin, account) })

/** The cookie of a new session. */
export async function sessionOf(origin: string, { username, password }: Account): Promise<string> {
  const { headers, status } = await connect(origin)('/login', { form: { username, password } })
  const cookie = [headers['set-cookie']].flat()[0]?.split(';')[0]
  if (status !== 303 || !cookie) throw new Error(`cannot sign in: ${status}`)
  return cookie
}
