import type { Knex } from 'knex'
import type { LogEnd } from './anchor.ts'

/** Where the chain of the log ends, and how far the events were looked at. */
export type Chain = LogEnd & {
  /** Events up to here are older than the chain and carry no hash. */
  adopted_id: number
  seen_id: number
  settled_id: number
  sealed_at: string | null
}

/** Where the chain ends. Nobody removes this row; where it is missing all the same, nothing fits what is said here. */
export async function findChain(db: Knex): Promise<Chain> {
  const missing = { adopted_id: 0, seen_id: 0, settled_id: 0, sequence: 0, hash: 'missing', sealed_at: null }
  return (await db('event_chain').where({ id: 1 }).first()) ?? missing
}
