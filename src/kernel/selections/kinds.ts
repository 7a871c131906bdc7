import type { Knex } from 'knex'
import { declaredModules } from '../modules/catalogue.ts'
import type { Act } from '../permissions.ts'
import type { ActingContext, BulkChange, Done, RecordVersion, UndoBy } from '../web/bulk.ts'
import type { Row, SelectableList } from '../web/list.ts'
import { notFound } from '../web/refusal.ts'
import type { Viewer } from '../web/viewer.ts'
import { kindOfModule } from './declared.ts'

/** A list in which rows can be selected, what is done to many of them at once, and how that is taken back. */
export type Kind = {
  list: SelectableList
  /** The column that names a record, and its address. */
  title: string
  href(row: Row): string
  /** The records that an act of this person reaches. */
  visible(db: Knex, viewer: Viewer, act: Act): Knex.QueryBuilder
  /** Whether it reaches everybody's. */
  reachesAll(viewer: Viewer, act: Act): boolean
  change?(trx: Knex, meant: RecordVersion[], change: BulkChange, by: ActingContext): Promise<Done>
  remove(trx: Knex, meant: RecordVersion[], by: ActingContext): Promise<Done>
  /** Answers the ids of those that were brought back to what they were. */
  restore(trx: Knex, acted: RecordVersion[], change: BulkChange | 'delete', by: UndoBy): Promise<number[]>
}

/** What is done to many records of each declared module whose list can be selected in. */
export const kinds = (): Kind[] =>
  declaredModules()
    .filter(({ byHand }) => !byHand?.includes('list'))
    .map(kindOfModule)
    .filter(({ list }) => list.selection)

/** What a selection was made in. */
export function kindOf({ list: path }: { list: string }): Kind {
  const kind = kinds().find(({ list }) => list.path === path)
  if (!kind) throw notFound()
  return kind
}
