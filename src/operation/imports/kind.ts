import type { Knex } from 'knex'
import type { Permission } from '../../kernel/permissions.ts'
import type { Reference } from '../../kernel/reference.ts'
import type { Field } from '../../kernel/web/fields.ts'
import type { Actor } from '../../kernel/web/session.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import type { Taken } from './applying/applied.ts'
import type { Outcome } from './applying/outcome.ts'
import type { Evidence, Existing } from './checking/existing.ts'
import type { Columns, Import } from './import.ts'
import type { ReadRow, RowContext, Texts } from './reading/row.ts'
import type { Lined } from './reading/together.ts'
import type { Work } from './work.ts'

/** What a column can be: a field of one of the records that a row is about, or a part of some of them. */
export type Target = {
  key: string
  /** Which of the records (`ReadRow.values`). */
  record: string
  name: string
  label: string
  field?: Field
  /** What it is called in a list of all, where two are called alike. */
  shownLabel?: string
  /** Its other headings, in other programs too. */
  headings?: string[]
  /** How the values of a choice are written beside their labels. */
  valueNames?: Record<string, string[]>
  /** It has a star in the template. */
  isNeeded?: true
  /** It is understood, but does not stand in the template. */
  isUntold?: true
  /** It says whose the record is: a name nobody has is a question. */
  isOwner?: true
}
export type Targets = (Target | undefined)[]

/** What headings may mean, the likeliest first; where there is a gap, columns that mean but one thing choose before it. */
export type Meanings = (string | null)[]

export type ImportWords = {
  /** What is imported, on its own and in 「导入客户或联系人」. */
  label: string
  short: string
  newOnes: string
  rowsBecome: string
  templateName: string
  templateLink: string
  help: string[]
  /** By what a record was found. */
  evidence: Partial<Record<Evidence, string>>
  /** Of rows that hang on what is not there: so many, that it is made with them, and the button that asks for it. */
  missing?: { found(rows: string): string; making(rows: string): string; make: string }
  /** The record of a row where it may not be seen. */
  others: string
  /** What an undo does not take back, beside what was changed since. */
  keptNote: string
}

/** A table of records that an import makes: how they are called, listed and counted. */
export type MadeSort = {
  type: string
  /** The column with their name, and others that their address needs, by what they are called then. */
  title: string
  beside?: Record<string, string>
  href(row: Record<string, unknown>): string | undefined
  counted(rows: string): string
}

export type Undo = { one: Import; actor: Actor; reference: Reference }
/** How many a person counts as undone, and the rows of import_rows that are. */
export type Undone = { done: Set<number>; count: number }

/** One step of an undo, in batches: what was made, or changed, of one table. */
export type UndoStep = Pick<Taken, 'record_type' | 'action'> & {
  run(trx: Knex, undo: Undo, rows: Taken[]): Promise<Undone>
}

/**
 * What can be imported: what columns may be, how a row becomes records, how they are found, taken in and taken back.
 * That of a declared module follows from its declaration (declared/kind.ts); another is declared in its place.
 */
export type ImportKind = {
  /** The kind in addresses and in the rows of imports; of a module its name. */
  name: string
  words: ImportWords
  /** The address of its template. */
  template: string
  targets: Target[]
  /** The records of a row, as the groups in which targets are offered. */
  groups: { record: string; label: string }[]
  /** Of each of these targets one must be chosen. */
  demands: { keys: string[]; message: string }[]
  /** The targets that name a record: a row with a name is no line below the table. */
  naming: string[]
  /** Where successive rows may be lines of one record, and how those beside the first are read. */
  lined?: Lined
  readMore?(read: ReadRow, written: Texts, context: RowContext): void
  /** What headings probably mean, by their keys; what they are known for where it is missing. */
  meanings?(keys: string[]): Meanings[]
  /** Files of address cards are of this kind. */
  isOfCards?: true

  /** Who may import it, and what of it they may see. */
  permission: Permission
  /** Rights without a range reach all. */
  isReached(viewer: Viewer, permission: Permission, owner: number | null | undefined): boolean
  /** What an import makes must be this person's to make. */
  needed(columns?: Pick<Columns, 'targets' | 'makesMissing'>): Permission[]
  /** What this person lacks who has not a right that is needed. */
  lacking(right: Permission): string
  toChange: Permission[]
  toRemove: Permission
  toGive?: Permission
  toView: Permission

  /** What a new record has of which a row says nothing. */
  presets(ownerId: number): Texts
  /** What a row without any record has. */
  blank: ReadRow['values']
  /** What the columns are in one row. */
  targetsInRow?(cells: string[], targets: Targets): Targets
  /** Reads a row out of what stands in its cells, as if it had been typed into the form. */
  read(read: ReadRow, written: Texts, context: RowContext): void
  /** Computes what follows from a row that is to be taken in, beside the writing of others. */
  compute?(read: ReadRow, context: RowContext): void

  /** Gives reasons to rows of one file that must not have the same; asked of each row in turn. */
  repeats(): { look(row: ReadRow): void }
  /**
   * What is in the program already, by row. Rows that must not be taken in, by what is there, get a reason.
   */
  existing(db: Knex, work: Work, rows: ReadRow[]): Promise<Map<ReadRow, Existing>>
  hrefOf(id: number): string

  /** Takes rows in, and says what became of each. */
  take(trx: Knex, work: Work, rows: ReadRow[], outcome: Outcome): Promise<void>
  /** What is said before rows are taken in. */
  notes?(one: Import): string[]

  /** What it makes: its own records first. */
  makes: [MadeSort, ...MadeSort[]]
  undoing: UndoStep[]
}

export const targetNamed = ({ targets }: ImportKind, key: string | null | undefined): Target | undefined =>
  targets.find((target) => target.key === key)

/** The dictionary whose entries a target holds. */
export const dictionaryOf = (target: Target | undefined) => target?.field?.options?.dictionary

/** Whether an unknown name is a question to the person, not a fault of the row. */
export const isAsked = (target: Target) => target.isOwner === true || dictionaryOf(target) !== undefined

/** The target whose unknown names are asked about, by its field. */
export const askedTarget = ({ targets }: ImportKind, name: string): Target | undefined =>
  targets.find((target) => target.name === name && isAsked(target))
