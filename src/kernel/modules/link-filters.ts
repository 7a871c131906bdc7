import { type Body, typedIn } from '../web/form.ts'
import { linkedId } from '../web/link-kind.ts'
import { pickedId } from '../web/link-pick.ts'
import type { Filter, List } from '../web/list.ts'
import { pointingAmong } from './link-columns.ts'
import { linksAmong, rowsSeen, withNames } from './link-names.ts'
import { lookUpLinks } from './link-typed.ts'
import type { ModuleField } from './module.ts'

/** The filter by the record that rows point at. */
export function linkFilter(table: string, field: ModuleField): Filter {
  const { name, label, to = '' } = field
  return {
    name,
    label,
    kind: 'link',
    field,
    apply: (query, value, asking) =>
      pointingAmong(query, `${table}.${name}`, rowsSeen(asking, to, [linkedId(value) ?? 0])),
  }
}

/** Looks up what was typed in such filters, and names the records that filters and conditions are about. */
export function linksOf(fields: ModuleField[]): Pick<List, 'links'> {
  const links = linksAmong(fields)
  if (links.length === 0) return {}
  return {
    links: async (db, viewer, body) => {
      const filters = links.filter(({ isFilter }) => isFilter)
      // Which of them this person may see is asked where they narrow the rows.
      const before = Object.fromEntries(filters.map(({ name }) => [name, chosenId(body, name)]))
      const looked = await lookUpLinks(db, viewer, filters, { body, before })
      const ids = Object.fromEntries(filters.map(({ name }) => [name, linkedId(typedIn(looked.body, name))]))
      const named = await withNames(db, viewer, links, [ids, ...idsOfConditions(body)])
      const whole = named.map((field) => ({ ...looked.fields.find(({ name }) => name === field.name), ...field }))
      return { typed: looked.body, links: new Map(whole.map((field) => [field.name, field])) }
    },
  }
}

const chosenId = (body: Body, name: string) => {
  const typed = typedIn(body, name)
  return linkedId(typed) ?? pickedId(body, name, typed)
}

/** The records that conditions in an address are about (kernel/web/condition-address.ts). */
const idsOfConditions = (body: Body) =>
  [body.f ?? []].flat().flatMap((condition) => {
    const [, name, written = ''] = /^(\w+):is:(id:\d+)$/.exec(String(condition)) ?? []
    return name ? [{ [name]: linkedId(written) }] : []
  })
