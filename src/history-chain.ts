import { hash } from 'node:crypto'

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
export const contentHash = (event: EventContent): string =>
  version + sha256(JSON.stringify(contentColumns.map((column) => event[column])))

/** The hash of one link of the chain: what the event says, which one it is, and all links before. */
export const linkHash = (previous: string, sequence: number, event_id: number, content: string): string =>
  version + sha256(JSON.stringify([previous, sequence, event_id, content]))

const sha256 = (text: string) => hash('sha256', text, 'base64url')
