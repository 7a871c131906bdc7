import { madeOnce } from '../made-once.ts'
import { declaredModules, moduleNamed } from '../modules/catalogue.ts'
import type { Module } from '../modules/module.ts'
import { sourceOf } from '../modules/search-source.ts'
import type { Viewer } from '../web/viewer.ts'
import type { SearchSource } from './source.ts'

/** What this person may search, in the order of the page. */
export function sourcesFor(viewer: Viewer): SearchSource[] {
  const searched = declaredModules().filter(isSearched)
  return searched
    .map(sourceOf)
    .filter(({ list: { permissions } }) => (permissions.view === 'signed-in' ? true : viewer.can(permissions.view)))
}

/** The source of a module's records, by its table. */
export function sourceNamed(name: string): SearchSource | undefined {
  const module = moduleNamed(name)
  return module && isSearched(module) ? sourceOf(module) : undefined
}

export const isSearched = ({ search, source }: Module) => source !== undefined || search.length > 0

export const searchPath = '/search'
export const proposalsPath = '/search-proposals'

/** Where the box on top leads: to the page of all, to the only list there is for this person, or nowhere. */
export const searchAddressFor = madeOnce((viewer: Viewer): string | null => {
  const [first, ...others] = sourcesFor(viewer)
  return first ? (others.length > 0 ? searchPath : first.list.path) : null
})
