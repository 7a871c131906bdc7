import type { Knex } from 'knex'
import type { Permission } from '../permissions.ts'
import type { Field } from './fields.ts'
import type { Actor } from './session.ts'

/** A field that many rows can get one value of; `tagging`: it is one of several that they get or lose. */
export type BatchField = Field & {
  tagging?: {
    column: string
    isRemoved: boolean
    /** The ids of the records that have it. */
    tagged(db: Knex, value: number): Knex.QueryBuilder
    /** Makes one that is not there, for those with the right; answers its id, of one of that name too. */
    making?: { permission: Permission; field: Field; make(trx: Knex, name: string, actor: Actor): Promise<number> }
  }
}

/** What can be done with rows that are selected, beside what can be done with the whole list (src/kernel/selections). */
export type Selecting = {
  /** What one row is called. */
  noun: string
  fields: BatchField[]
  update?: Permission
  /** They can be given to somebody else, who then stands in the column. */
  transfer?: { permission: Permission; column: string }
  delete?: Permission
  /** What is deleted is in no recycle bin, so that it cannot be taken back. */
  isForGood?: boolean
  /** What deleting them means, for the page that asks. */
  deletionDetails: string[]
  /** The fields that must not be emptied, beside those that are so declared. */
  required?(db: Knex, revision: number): Promise<readonly string[]>
}
