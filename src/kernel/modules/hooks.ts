import type { Knex } from 'knex'
import type { Actor } from '../history/actor.ts'
import type { Act } from '../permissions.ts'
import type { Reference } from '../reference.ts'
import type { Body, FieldError, Values } from '../web/form.ts'
import type { Viewer } from '../web/viewer.ts'
import type { OnForm } from './page-views.ts'

/**
 * Who acts by what the program knows at the moment, inside the transaction of the act; `remarks` are said beside its message,
 * where there is one.
 */
export type Run = { trx: Knex; actor: Actor; viewer: Viewer; reference: Reference; remarks?: string[] }
export type Stored = { id: number; version: number } & Record<string, unknown>

/** Records as they stood before a write and stand after it: a new one only after, one that is gone for good only before. */
export type Written = { before?: Stored[]; after?: Stored[] }

/** Why something cannot be, with the way to what would have to change. */
export type Reason = { text: string; href?: string; label?: string }

/** Named functions for what a declaration cannot say. */
export type Hooks = {
  /** Columns that follow from the values. */
  fill?(values: Values): Values
  /** What is wrong with values that are right one by one. */
  check?(run: Run, values: Values, before?: Stored): Promise<FieldError[]>
  saved?(run: Run, after: Stored, before?: Stored): Promise<void>
  /** A record with what of it stands in further tables: its fields that are `isLinked`. */
  complete?(db: Knex, record: Stored): Promise<Stored>
  /** What stands in the form of a new one, by what its address says. */
  begin?(at: OnForm & { db: Knex }, query: Body): Promise<Values>
  /** Why an act is not done to a record, by nobody or not by this person; its card does not offer it. */
  barred?(record: Stored, act: Act, viewer?: Viewer): string | undefined
  /** Why a record cannot go. */
  leaving?(db: Knex, record: Stored): Promise<Reason[]>
  /** What follows when a record, as it stood there, came out of the recycle bin. */
  restored?(trx: Knex, record: Stored, actor: Actor): Promise<void>
  /** What goes along with a record for good, as sentences for the page that asks. */
  removal?(db: Knex, record: Stored): Promise<string[]>
  /** Takes along what hangs on a record that goes for good. */
  removing?(trx: Knex, record: Stored): Promise<void>
  /** What becomes of its own records, all at once, when records of any module go for good; they hold nothing back then. */
  erased?(trx: Knex, module: string, ids: number[]): Promise<void>
}

/** A new record: its id, and what it is named by. */
export type Added = { id: number } & Record<string, unknown>

/** How its records are written where that is more than their columns; each throws Stale as records.ts, or a Refusal at a field. */
export type Writing = {
  add(run: Run, values: Values): Promise<Added>
  /** Answers whether anything changed. */
  save(run: Run, before: Stored, save: { version: number; values: Values }): Promise<boolean>
  remove(run: Run, record: Stored): Promise<void>
}
