import type { Knex } from 'knex'
import {
  contentColumns,
  contentHash,
  isContentHash,
  isKeyed,
  lookAtLink,
  type StoredContent,
} from '../../kernel/history/chain.ts'
import type { Sealer } from '../../kernel/secrets.ts'
import { type LogPlace, logSealer } from './anchor.ts'
import { findBeginning, logKind } from './beginning.ts'
import { breakAction } from './breaks.ts'
import { type Chain, findChain } from './chain.ts'

/** The first thing that is wrong with the chain. */
export type Fault = {
  kind: 'changed' | 'missing' | 'gap' | 'cut' | 'head' | 'inserted' | 'break' | 'otherKey'
  sequence: number
  event_id: number
  count: number
}

/** How far a check is; kept with its job after every block. */
export type Check = {
  first_sequence: number
  /** The next link that must come, and the hash it must be made from. */
  next: number
  previous: string
  /** Up to which event those outside of the chain were looked for. */
  looked_id: number
  row_count: number
  from_at: string | null
  to_at: string | null
  fault_count: number
  first_fault: Fault | null
  unsealed_count: number
  /** From which link on the chain is keyed; null before the first such link. */
  keyed_from: number | null
  /** The links whose key is not here. */
  unknown_count: number
  /** What a cleanup and the log itself say of gaps. */
  breaks: string[]
  /** Where the chain ended when the check began. */
  end: Pick<Chain, 'sequence' | 'hash' | 'settled_id' | 'adopted_id'>
}

type Linked = StoredContent & {
  sequence: number
  link_hash: string
  event_id: number
  /** null where the event is gone. */
  present_id: number | null
  content_hash: string | null
}

const blockSize = 1_000
/** Numbers begin with 1, unless somebody put a row in by hand. */
const belowAny = -2_147_483_649

/** A check of the chain from where the last cleanup left it, or only up to one link. */
export async function beginCheck(db: Knex, place: LogPlace, last?: number): Promise<Check> {
  const { sequence, hash, settled_id, adopted_id } = await findChain(db)
  const beginning = await findBeginning(db, place)
  const next = beginning.sequence + 1
  const check: Check = {
    first_sequence: next,
    next,
    previous: beginning.hash,
    looked_id: belowAny,
    row_count: 0,
    from_at: null,
    to_at: null,
    fault_count: 0,
    first_fault: null,
    unsealed_count: 0,
    keyed_from: isKeyed(beginning.hash) ? next : null,
    unknown_count: 0,
    breaks: beginning.breaks,
    end: { sequence: last ?? sequence, hash, settled_id, adopted_id },
  }
  for (const _ of beginning.breaks) note(check, { kind: 'break' })
  return check
}

/** Checks the next block; answers whether there is more. At the end `check` says all there is to say. */
export async function checkBlock(db: Knex, check: Check, place: LogPlace): Promise<boolean> {
  const sealer = logSealer(place)
  const links = await nextLinks(db, check)
  for (const link of links) checkLink(check, link, sealer)
  const highest = Math.max(check.looked_id, ...links.map(({ event_id }) => event_id))
  await lookForForeign(db, check, Math.min(highest, check.end.settled_id))
  return links.length === blockSize
}

/** What is behind the last link: an end that was cut off, and events outside of the chain. */
export async function endCheck(db: Knex, check: Check) {
  const { sequence, hash, settled_id, adopted_id } = check.end
  const missing = sequence - check.next + 1
  if (missing > 0) note(check, { kind: 'cut', sequence: check.next, count: missing })
  else if (check.previous !== hash || (await isSetBack(db))) note(check, { kind: 'head', sequence })
  await lookForForeign(db, check, settled_id)
  const rest: { id: number; hash: string | null }[] = await outsiders(db, settled_id).select('id', 'hash')
  const foreign = rest.filter(({ id, hash }) => id > adopted_id && !isContentHash(hash))
  for (const { id } of foreign) note(check, { kind: 'inserted', event_id: id })
  check.unsealed_count = rest.length - foreign.length
}

/** There are links behind what is said to be the end. */
async function isSetBack(db: Knex): Promise<boolean> {
  const { sequence } = await findChain(db)
  return Boolean(await db('event_links').where('sequence', '>', sequence).first('sequence'))
}

const nextLinks = (db: Knex, { next, end }: Check): Promise<Linked[]> =>
  db('event_links')
    .leftJoin('events', 'events.id', 'event_links.event_id')
    .where('event_links.sequence', '>=', next)
    .where('event_links.sequence', '<=', end.sequence)
    .orderBy('event_links.sequence')
    .limit(blockSize)
    .select(
      'event_links.sequence',
      'event_links.hash as link_hash',
      'event_links.event_id',
      'events.id as present_id',
      'events.hash as content_hash',
      'events.origin',
      ...contentColumns.map((column) => `events.${column}`),
    )

function checkLink(check: Check, link: Linked, sealer: Sealer) {
  const { sequence, event_id } = link
  if (sequence > check.next) note(check, { kind: 'gap', sequence: check.next, count: sequence - check.next })
  check.row_count++
  if (link.present_id === null) note(check, { kind: 'missing', sequence, event_id })
  else {
    if (!isAsLinked(check, link, sealer)) note(check, { kind: 'changed', sequence, event_id })
    if (isBreak(link)) noteBreak(check, link)
    check.from_at ??= link.occurred_at
    check.to_at = link.occurred_at
  }
  // What comes next must follow from what stands here, so that one fault is not found again in every row behind it.
  check.previous = link.link_hash
  check.next = sequence + 1
}

/** Whether an event says what its hash was made of, and its link follows from the one before. */
function isAsLinked(check: Check, link: Linked, sealer: Sealer): boolean {
  const { next, previous, end } = check
  const content = contentHash(link)
  const isOld = link.content_hash === null && link.event_id <= end.adopted_id
  if (!isOld && link.content_hash !== content) return false
  if (!isKeyedWhereDue(check, link)) return false
  if (link.sequence > next) return true
  const state = lookAtLink(sealer, link.link_hash, { ...link, previous, content })
  if (state === 'unknown') noteUnknown(check, link)
  return state !== 'wrong'
}

/** Behind the first link with a key there is none without. */
function isKeyedWhereDue(check: Check, { sequence, link_hash }: Linked): boolean {
  if (!isKeyed(link_hash)) return check.keyed_from === null
  check.keyed_from ??= sequence
  return true
}

/** Links of another installation are one fault together: what they say cannot be checked here. */
function noteUnknown(check: Check, { sequence, event_id }: Linked) {
  check.unknown_count += 1
  if (check.unknown_count === 1) note(check, { kind: 'otherKey', sequence, event_id })
}

const isBreak = ({ action, record_type }: Linked) => action === breakAction && record_type === logKind

function noteBreak(check: Check, { sequence, event_id, occurred_at }: Linked) {
  check.breaks.push(occurred_at)
  note(check, { kind: 'break', sequence, event_id })
}

/** Events up to an id that are not in the chain though they should be. */
async function lookForForeign(db: Knex, check: Check, id: number) {
  if (id <= check.looked_id) return
  const found: number[] = await outsiders(db, check.looked_id).where('events.id', '<=', id).orderBy('id').pluck('id')
  const [event_id] = found
  if (event_id !== undefined) note(check, { kind: 'inserted', event_id, count: found.length })
  check.looked_id = id
}

const outsiders = (db: Knex, above: number): Knex.QueryBuilder =>
  db('events')
    .where('events.id', '>', above)
    .whereNotExists(db('event_links').where('event_links.event_id', db.ref('events.id')).select('event_id'))

function note(check: Check, fault: Partial<Fault> & Pick<Fault, 'kind'>) {
  check.fault_count += 1
  check.first_fault ??= { sequence: 0, event_id: 0, count: 1, ...fault }
}
