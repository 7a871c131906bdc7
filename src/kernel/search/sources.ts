import type { Knex } from 'knex'
import { declaredModules, moduleNamed } from '../modules/catalogue.ts'
import { sourceOf } from '../modules/search-source.ts'
import type { Field } from '../web/fields.ts'
import type { List, Row } from '../web/list.ts'
import type { Viewer } from '../web/viewer.ts'

/** What the box on top searches beside others: a list with a search, and what is said of a hit. */
export type SearchSource = {
  list: List
  /** The column that names a record; beside it the list has `<title>_pinyin`. */
  title: string
  href(row: Row): string
  /** The columns that stand beside the name of a hit, by their names. */
  beside: string[]
  /** The fields that may be why something was found. */
  fields: Field[]
  /** The columns of folded codes (db/keyed-texts.ts): what has exactly the code that was typed is gone to at once. */
  codes: string[]
  /** Why rows were found whose own fields do not say it, by their ids; `parts` are those of kernel/search/terms.ts. */
  reasons?(db: Knex, viewer: Viewer, unexplained: Unexplained[]): Promise<Map<number, string>>
}

export type Unexplained = { id: number; parts: string[] }

const handwritten = new Map<string, SearchSource>()

/** Lets the box search what is not declared as a module, before those that are, in this order. */
export function declareSources(sources: readonly SearchSource[]) {
  for (const source of sources) handwritten.set(source.list.path, source)
}

/** What this person may search, in the order of the page. */
export function sourcesFor(viewer: Viewer): SearchSource[] {
  const searched = declaredModules().filter(({ search }) => search.length > 0)
  return [...handwritten.values(), ...searched.map(sourceOf)].filter(({ list: { permissions } }) =>
    permissions.view === 'signed-in' ? true : viewer.can(permissions.view),
  )
}

/** The source of a module's records, by its table. */
export function sourceNamed(name: string): SearchSource | undefined {
  const module = moduleNamed(name)
  const [found] = [...handwritten.values()].filter(({ list }) => list.table === name)
  return found ?? (module && module.search.length > 0 ? sourceOf(module) : undefined)
}

export const searchPath = '/search'

/** Where the box on top leads: to the page of all, to the only list there is for this person, or nowhere. */
export function searchAddressFor(viewer: Viewer): string | null {
  const [first, ...others] = sourcesFor(viewer)
  return first ? (others.length > 0 ? searchPath : first.list.path) : null
}
