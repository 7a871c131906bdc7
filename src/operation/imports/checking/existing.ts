import type { Knex } from 'knex'
import { existingContacts } from '../../../customers/imports/existing-contacts.ts'
import { existingCustomers } from '../../../customers/imports/existing-customers.ts'
import type { ReadRow } from '../reading/row.ts'
import type { Work } from '../work.ts'

/** The record in the program that a row is about, and by what it was found. */
export type Existing = { id: number; name: string; owner_id?: number; evidence: 'code' | 'credit' | 'exact' | 'phone' }

/**
 * What is in the program already, by row. Rows whose code belongs to another record, or whose customer cannot be found,
 * get a reason instead.
 */
export const existingOf = (db: Knex, work: Work, rows: ReadRow[]): Promise<Map<ReadRow, Existing>> =>
  work.one.kind === 'customers' ? existingCustomers(db, work, rows) : existingContacts(db, work, rows)
