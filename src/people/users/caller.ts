import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isFromThisMachine, senderOf } from '../../kernel/web/addresses.ts'
import { newToken, readKeyCookie, setKeyCookie } from '../../kernel/web/key-cookies.ts'
import type { Counter } from './counters.ts'

/**
 * Whose wrong passwords are counted together, after OWASP 「Slow Down Online Guessing Attacks with Device Cookies」
 * (owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies): a browser in which a person signed in
 * before carries a keyed cookie and is counted by itself, as is the machine the program runs on. All others count
 * together for the account they try, and for the address they come from. So strangers make each other wait, not her.
 */
export type Caller = {
  /** The address whose attempts are counted; null for one that is known. */
  strangerFrom(userId: number | undefined): string | null
  counterFor(user: { id: number } | undefined, username: string): Counter
  codeCounterFor(userId: number): Counter
}

const cookie = 'kehu_known'
const cookieDays = 180
const mostPeople = 10
/** Names that nobody has share so many counters. */
const buckets = 4096

export function callerOf({ secrets }: FastifyInstance, request: FastifyRequest): Caller {
  const isHere = isFromThisMachine(request)
  const [token = '', ...marks] = (readKeyCookie(request, cookie) ?? '').split('.')
  const known = (userId: number | undefined) => {
    if (userId === undefined) return undefined
    const mark = markOf(secrets, token, userId)
    return marks.includes(mark) ? keyOf(userId, `browser ${mark}`) : isHere ? keyOf(userId, 'machine') : undefined
  }
  const own = (sender: string): Counter => ({ table: 'sender_failures', where: { sender } })
  return {
    strangerFrom: (userId) => (known(userId) || (isHere && userId === undefined) ? null : senderOf(request.address)),
    counterFor: (user, username) => {
      const key = known(user?.id)
      if (key) return own(key)
      return user ? { table: 'users', where: { id: user.id } } : own(`=name ${bucketOf(username)}`)
    },
    codeCounterFor: (userId) => {
      const key = known(userId)
      return key ? own(`${key} code`) : { table: 'second_factors', where: { user_id: userId } }
    },
  }
}

/**
 * Bounds what comes from one address in a minute, before anything is looked at. A flood holds up neither browsers that
 * `userId`, whom the form is about, is known in, nor the machine itself.
 */
export const floodLimit = (app: FastifyInstance, max: number, userId: (request: FastifyRequest) => UserId) => ({
  max,
  timeWindow: '1 minute',
  hook: 'preHandler' as const,
  allowList: async (request: FastifyRequest) => {
    const id = await userId(request)
    return id !== undefined && callerOf(app, request).strangerFrom(id) === null
  },
})
type UserId = Promise<number | undefined>

const keyOf = (userId: number, of: string) => `=${userId} ${of}`
/** The counters of a person's own browsers and of the machine, as the beginning of their keys. */
export const ownCounters = (userId: number) => `${keyOf(userId, '')}%`
/** Counters that are no addresses begin with a sign that no address has. */
export const noAddress = '=%'

const bucketOf = (username: string) => createHash('sha256').update(username).digest().readUInt16BE(0) % buckets

const markOf = ({ mark }: FastifyInstance['secrets'], token: string, userId: number) =>
  mark(`${userId} ${token}`, 'known browser').slice(0, 22)

type From = { app: FastifyInstance; request: FastifyRequest; reply: FastifyReply }

/** Lets a browser be known again as one of this person, who has just signed in with it. */
export function rememberBrowser({ app, request, reply }: From, userId: number) {
  const [before, ...marks] = (readKeyCookie(request, cookie) ?? '').split('.')
  const token = before || newToken().token
  const mark = markOf(app.secrets, token, userId)
  const people = [mark, ...marks.filter((other) => other !== mark)].slice(0, mostPeople)
  setKeyCookie(reply, cookie, [token, ...people].join('.'), { maxAge: cookieDays * 86_400 })
}
