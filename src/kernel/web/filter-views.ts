import { text } from '../../texts/index.ts'
import type { Reference } from '../reference.ts'
import { fieldView, optionViews } from './field-view.ts'
import type { Filter, List, ListQuery } from './list.ts'
import { keepRendering } from './template-cache.ts'

type LinkFilter = Extract<Filter, { kind: 'link' }>
type FilterView = ReturnType<typeof filterView>
const unsetViews = new WeakMap<Reference, WeakMap<List, FilterView[]>>()

/** Without any filter set the views are the same for everyone, until the reference data changes. */
export function filterViews(list: List, query: ListQuery, reference: Reference): FilterView[] {
  if (Object.keys(query.filters).length > 0 || query.unread?.length)
    return list.filters.map((filter) => filterView(filter, query, reference))
  const held = unsetViews.get(reference) ?? new WeakMap<List, FilterView[]>()
  unsetViews.set(reference, held)
  const views = held.get(list) ?? list.filters.map((filter) => keepRendering(filterView(filter, query, reference)))
  held.set(list, views)
  return views
}

function filterView(filter: Filter, query: ListQuery, reference: Reference) {
  const { name, label, kind } = filter
  if (kind === 'days') {
    const side = (name: string, label: string) => ({ name, label, value: query.filters[name] ?? '' })
    const from = side(`${name}_from`, text.common.fromOf(label))
    const to = side(`${name}_to`, text.common.toOf(label))
    return { name, label, kind, from, to, between: text.common.to, isSet: Boolean(from.value || to.value) }
  }
  if (filter.kind === 'link') return linkView(filter, query, reference)
  const value = query.filters[name] ?? ''
  const options = kind === 'choice' ? optionViews(filter.options(reference, query.filters), value) : undefined
  return { name, label, kind, value, options, any: text.common.any, isSet: value !== '' }
}

/** The chosen record by its name; what was typed and is none stays, and of several one is chosen. */
function linkView({ name, field }: LinkFilter, { filters, links, unread }: ListQuery, reference: Reference) {
  const written = filters[name] ?? unread?.find((one) => one.name === name)?.written ?? ''
  const view = fieldView({ ...field, ...links?.get(name), isRequired: false }, { [name]: written }, [], reference)
  return { ...view, kind: 'link' as const, id: `filters-${name}`, choose: text.form.link.choose, isSet: written !== '' }
}
