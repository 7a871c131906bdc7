import type { Knex } from 'knex'
import { declaredModules, moduleNamed } from '../../kernel/modules/catalogue.ts'
import { type Module, rightOf } from '../../kernel/modules/module.ts'
import type { MaskGroup, Permission } from '../../kernel/permissions.ts'
import type { Reference } from '../../kernel/reference.ts'
import type { Filter, List } from '../../kernel/web/list.ts'
import type { Option } from '../../kernel/web/options.ts'
import type { Scope, Viewer } from '../../kernel/web/viewer.ts'
import { sourceOf } from './declared.ts'

export type ChoiceFilter = Extract<Filter, { kind: 'choice' }>
export type DaysFilter = Extract<Filter, { kind: 'days' }>

/** What is counted: the records of a module. Every declared one is a source (declared.ts); others are handed in. */
export type Source = {
  /** The module; the first part of the addresses of its analyses, where they have none of their own. */
  name: string
  /** What one of what is counted is called. */
  label: string
  /** Where numbers lead to; its table has what is counted. */
  list: List
  /** Who has it counts what it reaches; undefined where the right to analyses is enough. */
  permission?: Permission
  /** The records within reach of a person. */
  rows(db: Knex, viewer: Viewer): Knex.QueryBuilder
  /** Whose records a person counts, and the conditions of the list about their departments; undefined where they are nobody's. */
  owned?: { reach(viewer: Viewer): Scope; departments: { within: string; itself: string } }
  analyses: Analysis[]
  /** What can be narrowed by beside the days; those of `inSight` stand above the others. */
  filters: Masked<Filter>[]
  inSight: string[]
  sums: Sum[]
  quick?: Quick
  /** An index that has columns of all records, for counts that would else read the rows. */
  covered?: { index: string; columns: string[] }
}

type Masked<T> = T & { mask?: MaskGroup }

/**
 * Records by the choices of one field: the options are the rows, and lead to the records behind a number. Growth counts
 * by month instead, departments stand for the people in them.
 */
export type Analysis = {
  name: string
  title: string
  /** The heading of the rows. */
  label: string
  path: string
  /** What is grouped by, with its table. */
  column: string
  options(reference: Reference, values: Record<string, string>): Option[]
  way: 'choices' | 'people' | 'departments' | 'levels' | 'growth'
  /** Filters each of which has options only below the one before; the last chosen one is gone into. */
  levels?: ChoiceFilter[]
  /** The days that a period narrows, and that growth is counted by. */
  day: DaysFilter
  periodLabel: string
  mask?: MaskGroup
}

/** A field of numbers that are added up; what stands in the table is so many times what is shown. */
export type Sum = {
  name: string
  label: string
  column: string
  times: number
  places: number
  unit: string
  mask?: MaskGroup
}

/** Records by the value they have in a column, and all together; those without a value are in the total only. */
export type Counts = { total: number; countByValue: Map<string, number> }

/** What a source knows without reading rows. */
export type Quick = {
  /** Counts by a column; undefined where rows must be read. */
  counts(column: string, filters: Record<string, string>, reach: Scope): undefined | CountValues
  /** How many records there are within reach. */
  size(db: Knex, reach: Scope): Promise<number>
}
type CountValues = (db: Knex, values: string[]) => Promise<Counts>

export const folder = '/analysis'

const handedIn = new Map<string, Source>()

/** Lets analyses count what is not declared as a module, before what is, or in another way than would follow. */
export function declareCounted(sources: readonly Source[]) {
  for (const source of sources) handedIn.set(source.name, source)
}

/** Those with addresses of their own. */
export const handedInSources = (): Source[] => [...handedIn.values()]

/** A source by its name; undefined where nothing of that name is counted. */
export function sourceNamed(name: string): Source | undefined {
  const module = moduleNamed(name)
  return handedIn.get(name) ?? (module && isCounted(module) ? sourceOf(module) : undefined)
}

/** Parts of the side bar with what is set up once and seldom changes: nobody counts it. */
const setUp = new Set(['settings', 'maintenance', 'tools'])
const isCounted = ({ name, group }: Module) => !handedIn.has(name) && group !== undefined && !setUp.has(group)

/** What this person may count. */
export function sourcesFor(viewer: Viewer): Source[] {
  const declared = declaredModules().filter((module) => isCounted(module) && viewer.can(rightOf(module, 'view')))
  return [...handedInSources().filter((source) => mayCount(source, viewer)), ...declared.map(sourceOf)]
}

export const mayCount = ({ permission }: Source, viewer: Viewer) => !permission || viewer.can(permission)

/** Of analyses, filters and sums those that this person is not kept from reading: masked fields are not counted either. */
export const open = <T extends object>(some: readonly Masked<T>[], viewer: Viewer): Masked<T>[] =>
  some.filter(({ mask }) => !mask || !viewer.isMasked(mask))

/** An analysis by the name a saved report has it under. */
export const analysisKept = (name: string): { source: Source; analysis: Analysis } | undefined =>
  analysisAt(`${folder}/${name}`)

export const keptName = ({ path }: Analysis) => path.slice(folder.length + 1)

/** The analysis of an address. */
export function analysisAt(path: string): { source: Source; analysis: Analysis } | undefined {
  const declared = sourceNamed(path.slice(folder.length + 1).split('/')[0] as string)
  for (const source of [...handedInSources(), ...(declared ? [declared] : [])]) {
    const analysis = source.analyses.find((one) => one.path === path)
    if (analysis) return { source, analysis }
  }
  return undefined
}

/** The same, where this person may see it. */
export function analysisFor(name: string, viewer: Viewer) {
  const found = analysisKept(name)
  return found && mayCount(found.source, viewer) && open([found.analysis], viewer).length > 0 ? found : undefined
}
