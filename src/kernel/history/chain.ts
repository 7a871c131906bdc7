import { hash } from 'node:crypto'
import type { Sealer } from '../secrets.ts'

/** What an event says; its number is not part of it, since the database gives it. */
export type EventContent = {
  occurred_at: string
  user_id: number | null
  user_name: string | null
  address: string | null
  action: string
  record_type: string | null
  record_id: number | null
  record_version: number | null
  record_name: string | null
  changes: string | null
}

/** What a row of the log says, with what it said before where it was carried over a restoration (operation/audit-log/carry-over.ts). */
export type StoredContent = EventContent & { origin?: string | null }

/** The order of the canonical text. Another order or another column needs a new version, beside this one. */
export const contentColumns = [
  'occurred_at',
  'user_id',
  'user_name',
  'address',
  'action',
  'record_type',
  'record_id',
  'record_version',
  'record_name',
  'changes',
] as const satisfies (keyof EventContent)[]

/** Every hash begins with the version of the canonical text it was made of. */
const version = '1:'

export const isContentHash = (text: string | null): text is string => text?.startsWith(version) ?? false

/** The hash of what an event says, the same on every database: of JSON with the values in a fixed order. */
export const contentHash = (event: StoredContent): string => {
  const written = asWritten(event)
  return version + sha256(JSON.stringify(contentColumns.map((column) => written[column])))
}

/** Numbers of people and records that mean nothing in the restored data stand in `origin`, and nowhere else then. */
function asWritten({ origin, ...event }: StoredContent): EventContent {
  if (!origin) return event
  const { user_id, record_id } = numbersIn(origin)
  return { ...event, user_id: event.user_id ?? user_id ?? null, record_id: event.record_id ?? record_id ?? null }
}

function numbersIn(origin: string): Partial<EventContent> {
  try {
    return JSON.parse(origin) ?? {}
  } catch {
    return {}
  }
}

/** What a link is made of: all links before, which one it is, and what its event says. */
export type LinkContent = { previous: string; sequence: number; event_id: number; content: string }

const linkText = ({ previous, sequence, event_id, content }: LinkContent) =>
  JSON.stringify([previous, sequence, event_id, content])

/** Links are keyed since version 2: `2:key id:HMAC`. Those of version 1 anybody could make anew. */
const keyedVersion = '2:'

export const isKeyed = (hash: string | null): hash is string => hash?.startsWith(keyedVersion) ?? false
export const isLinkHash = (hash: string | null): hash is string => isKeyed(hash) || isContentHash(hash)

/** The hash of one link of the chain. */
export const linkHash = (sealer: Sealer, link: LinkContent): string => keyedVersion + sealer.seal(linkText(link))

/** The same as earlier versions of the program made it, for those that stand in databases since. */
export const plainLinkHash = (link: LinkContent): string => version + sha256(linkText(link))

/** Whether a hash is that of a link: `unknown` where its key is not here. */
export function lookAtLink(sealer: Sealer, hash: string, link: LinkContent): 'right' | 'unknown' | 'wrong' {
  if (!isKeyed(hash)) return hash === plainLinkHash(link) ? 'right' : 'wrong'
  const state = sealer.look(linkText(link), hash.slice(keyedVersion.length))
  return state === 'own' || state === 'replaced' ? 'right' : state
}

const sha256 = (text: string) => hash('sha256', text, 'base64url')
