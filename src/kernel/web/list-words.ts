import { text } from '../../texts/index.ts'
import type { Reference } from '../reference.ts'
import { conditionText } from './conditions.ts'
import { filterViews } from './filter-views.ts'
import type { List, ListQuery } from './list.ts'

/** A condition as a person reads it. */
export type Said = { label: string; value: string }

/** What a list is narrowed by, the words searched for first. */
export function listConditions(list: List, query: ListQuery, reference: Reference): Said[] {
  const filters = filterViews(list, query, reference).map((view) => ({ label: view.label, value: filterText(view) }))
  return [
    ...(query.q ? [{ label: text.list.search, value: query.q }] : []),
    ...filters.filter(({ value }) => value !== ''),
    ...(query.conditions ?? []).map((one) => ({
      label: one.field.label,
      value: conditionText(one, reference, query.links),
    })),
  ]
}

function filterText(filter: ReturnType<typeof filterViews>[number]) {
  if (filter.kind === 'days') {
    const { from, to } = filter
    return from.value || to.value ? `${from.value} – ${to.value}` : ''
  }
  const { options, value = '' } = filter
  return options ? (options.find((option) => option.isSelected)?.label ?? '') : value
}

/** What was printed or taken out, as the log names it: a title, and what it was narrowed by. */
export const namedFor = (title: string, conditions: Said[]): string =>
  conditions.length === 0
    ? title
    : text.common.pair(title, text.common.listed(conditions.map(({ label, value }) => `${label} ${value}`)))
