import type { Knex } from 'knex'
import type { ModuleWords } from '../../texts/zh/module.ts'
import type { FileKind } from '../files/kinds.ts'
import type { Act, MaskGroup, Permission } from '../permissions.ts'
import type { SearchSource } from '../search/source.ts'
import type { Field } from '../web/fields.ts'
import type { Column, List, Row } from '../web/list.ts'
import type { Hooks, Writing, Written } from './hooks.ts'
import type { Card, FormPage, OnCard, OnForm } from './page-views.ts'
import type { Paper } from './papers.ts'

export type { Added, Hooks, Reason, Run, Stored, Writing, Written } from './hooks.ts'

/**
 * A module, declared once: list, form, card, paper, files, rights, history and log follow from it (mount.ts). Its table has
 * `id`, `version`, `created_at`, `updated_at`, and `<title>_pinyin`; where records belong to somebody, their owner. What is only
 * looked at, in a list that says its order, needs `id` alone.
 */
export type Module = {
  /** Its table, the kind of its records in the log, and the first part of its rights. */
  name: string
  /** The first part of its rights where that is no word for the table; or what guards some of its acts, rights of others. */
  rights?: string | Partial<Record<Act, Permission>>
  path: string
  /** What one record is called. */
  label: string
  /** Said instead of what follows from the label. */
  words?: Partial<ModuleWords>
  /** The part of the side bar it stands in (program/menu.ts); none where other pages lead to it, and nobody counts it. */
  group?: string
  fields: ModuleField[]
  /** The fields of the small form in which it is added on the card of what it hangs on; all where it is not said. */
  brief?: readonly string[]
  /** Its fields in groups, as its form and its card show them. */
  groups?: readonly { title: string; fields: readonly { name: string }[] }[]
  /** The fields that its form shows at once, beside those that are required; the others are folded. Without it all are shown. */
  short?: readonly string[]
  /** The field that names a record. */
  title: string
  /**
   * What the head of its card says beside the name: choices as marks, by what they are called there, the day of the next
   * step, and facts; else whose it is.
   */
  head?: { marks?: Record<string, string>; next?: string; facts?: readonly string[] }
  /** The day or the instant its list begins with the latest of, instead of being ordered by the title. */
  latestBy?: string
  /** The field that gets the next number where it is left empty, and its pattern (kernel/numbers.ts). */
  number?: { field: string; pattern: string }
  /** Rows of further tables that are saved with a record: one version, one event. */
  lines?: readonly Lines[]
  /** Its records are there for those alone who made them, of whom this column says; no form asks for it. */
  personal?: string
  /** Who makes one, of whom this column says, reaches it by each of their rights, whosever it is; no form asks for it. */
  giver?: string
  /**
   * Those in which this field is ticked are there for all who may look. It is asked of those alone who have the right to
   * `share`, and they alone change and delete such records, whoever made them.
   */
  shared?: string
  /**
   * Whose its records are: of who stands in the column `by`, of whose record of another module they hang on, or of nobody.
   * One that hangs on another is added from the card of that alone, and goes with it; to choose and list it, point at it (`to`).
   * Of those that hang on records of several modules the column `among` says of which.
   */
  owner: { by: string } | { through: string; module: string } | Among | 'nobody'
  /** The column of who made a record: nobody is asked for it, an import may say it. */
  author?: string
  /** Its records stand apart by a column: those of each section have pages of their own under its path. */
  sections?: { column: string; of: readonly { name: string; label: string }[] }
  /**
   * Its records stand in an order one chooses (its column `position`), among those with the same value of the column
   * `within`; the rows of the page of all are called by `row` and the id.
   */
  positions?: { within: string; row: string }
  /** The section that is looked at (sections.ts). */
  section?: string
  acts: readonly Act[]
  /** The fields that the search of its list looks in, beside the pinyin of the title. */
  search: string[]
  /** What is deleted goes to the recycle bin; the table has `deleted_at`. */
  bin?: true
  /** Its records are counted by each choice as they are saved, so that its list says exactly how many there are (tallies.ts). */
  isTallied?: true
  /** Parts of its texts are found by an index (db/text-index.ts), so that a condition that asks for one looks at few of a million records. */
  isTextIndexed?: true
  /** Its records are held in memory (kernel/reference.ts): each change begins with the revision, so that no two overlap. */
  isReference?: true
  /** The rights over what else hangs on its records, which reach as far as those over them. */
  covers?: readonly string[]
  /**
   * Where its records stand, if not below its path: below the address of what they hang on, whose id is the parameter of it.
   * There they are added, and there those of that one are listed.
   */
  under?: `${string}/:${string}/${string}`
  /** Where a record is looked at, if that is no card at its path. */
  standsAt?(record: Row): string
  /** Its records have no card: the form shows their history. */
  isCardless?: true
  /**
   * Records that have the same in all fields of one of these are perhaps one: whoever saves another is asked; not about
   * those with the same value of the column `refusedWithin`, where a second one is refused anyway.
   */
  alike?: readonly { fields: readonly string[]; refusedWithin?: string }[]
  /** Its records have files: `true` is files of any format, a list names the kinds (kernel/files/kinds.ts). */
  files?: true | readonly FileKind[]
  /** Papers of one record beside the print of its card, for those who may print. */
  papers?: readonly Paper[]
  /** What the built-in roles may do, by their codes: given once to those that nobody changed (people/roles/installed.ts). */
  preset?: Record<string, readonly Act[] | 'all'>
  /** Its pages that are written by hand beside it (program/features.ts) instead of those that follow. */
  byHand?: readonly Part[]
  /** How the box on top searches it, where that is not by the index of all modules. */
  source?: () => SearchSource
  /** How the ids of records of a whole name are found, where that is not by the title and its pinyin. */
  named?: (ids: Knex.QueryBuilder, name: string) => Knex.QueryBuilder
  /** The places where its list, its form and its card are something else than what follows. */
  list?: (list: List) => List
  form?: (page: FormPage, at: OnForm) => FormPage
  card?: (card: Card, shown: OnCard) => Promise<Card>
  /** What hangs on a record beside its fields, as its history calls it. */
  parts?: Record<string, string>
  /** What the history of that on which its records hang tells of them. */
  tells?: Record<string, string>
  /** What is kept beside its rows so that they are found and counted, where that is not what follows (derived.ts). */
  derive?(trx: Knex, written: Written): Promise<void>
  /** Makes anew what `derive` keeps to find its records by, from how they stand: after an archive was taken in. */
  reindex?(trx: Knex): Promise<void>
  hooks?: Hooks
  writing?: Partial<Writing>
}

/** What follows from a declaration at addresses of its own. */
export type Part = 'list' | 'form' | 'card' | 'transfer' | 'deletion'

export type ModuleField = Field & {
  /** No two records have the same; the table has `<name>_key` with a unique index. */
  isUnique?: true
  /** How it stands in the list; false where it does not. `sort` where an index serves it. */
  column?: Partial<Column> | false
  /** Its values, of which a record has several, stand in a table of their own (linked.ts). */
  linked?: Linked
  /** Many records can get one value of it at once; it is a choice that nobody is kept from reading. */
  isBatch?: true
  /** Its value is copied from the card at a click. */
  isCopied?: true
  /** It is a filter above the list. */
  isFilter?: true
  /** It is asked of who has this right alone. */
  right?: Act
  /** It points at a record that hangs on the same one as this, and is chosen from those (siblings.ts). */
  isSibling?: true
  /** It is chosen as a record is made, and stays. */
  isLasting?: true
}

/** The table of values of which a record may have several: its columns of the record and of the value, and the table `of` the values. */
export type Linked = { table: string; record: string; value: string; of: string }

/**
 * Lines of a record. Their table has `id`, `record_id` (its head, with an index) and `position`; sums of numbers stand at
 * their foot, and in the field `into` of the head where that is named. No more than `most` belong to one record.
 */
export type Lines = {
  name: string
  label: string
  table: string
  fields: ModuleField[]
  most: number
  totals?: readonly { field: string; into?: string }[]
}

/** Records that hang on those of each module that stands by itself and of which `on` says so. */
export type Among = { through: string; among: string; on(module: Module): boolean }
export type Owner = Exclude<Module['owner'], 'nobody'>
/** The column that says whose a record is, or on what it hangs. */
export const ownerColumn = (owner: Owner): string => ('by' in owner ? owner.by : owner.through)

/** Whether records stand on the card of another module's. */
export const isHanging = ({ owner }: Module): boolean => owner !== 'nobody' && 'through' in owner

/** The column of the person whose a record is, who can give it to another. */
export const givenColumn = ({ owner }: Module): string | undefined =>
  owner !== 'nobody' && 'by' in owner ? owner.by : undefined

/** The first part of the rights that are a module's own. */
export const rightsNameOf = ({ name, rights }: Pick<Module, 'name' | 'rights'>) =>
  typeof rights === 'string' ? rights : name
/** The rights of others that guard acts of a module. */
export const borrowedRights = ({ rights }: Pick<Module, 'rights'>) => (typeof rights === 'object' ? rights : {})
export const rightOf = (module: Pick<Module, 'name' | 'rights'>, act: Act): Permission =>
  borrowedRights(module)[act] ?? `${rightsNameOf(module)}.${act}`
export const has = ({ acts }: Module, act: Act) => acts.includes(act)
export const maskedGroups = ({ fields }: Module): MaskGroup[] => fields.flatMap(({ mask }) => mask ?? [])
export const fieldNamed = ({ fields }: Module, name: string) =>
  fields.find((field) => field.name === name) as ModuleField
/** What a record is named by; `seenName` (reading.ts) keeps from it what its reader must not read. */
export const nameOf = (module: Module, row: Record<string, unknown>) => String(row[module.title] ?? '')
