import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import { type Asking, type Condition, type ConditionField, compare, takesValues } from '../web/conditions.ts'
import { fieldColumn } from '../web/field-column.ts'
import { link, linkedId, type Named } from '../web/link-kind.ts'
import type { Column, List, Row } from '../web/list.ts'
import type { Viewer } from '../web/viewer.ts'
import { aboveOf } from './catalogue.ts'
import { linksAmong, rowsNamed, rowsSeen, withNames } from './link-names.ts'
import { targetNamed } from './link-targets.ts'
import { type Module, type ModuleField, type Owner, ownerColumn } from './module.ts'

const keyOf = (name: string) => `${name}.named`
const namedIn = (row: Row, name: string) => row[keyOf(name)] as Named | undefined

/** A column with the names of what its rows point at, and in files the codes behind them. */
export function linkColumn(field: ModuleField): Column {
  const { name, label, to = '' } = field
  const shown = (row: Row, part: 'text' | 'plain') =>
    (row[name] ?? null) === null ? '' : (namedIn(row, name)?.[part] ?? text.form.link.hidden)
  const target = targetNamed(to)
  const hasCode = target?.codes[0] !== undefined && target.codes[0] !== target.title
  return fieldColumn(field, {
    cell: (row) => ({ ...linkParts(namedIn(row, name)), text: shown(row, 'text') }),
    value: (row) => shown(row, 'plain'),
    ...(hasCode && { companion: codeColumn(name, label) }),
  })
}

const codeColumn = (name: string, label: string): Column => ({
  name: `${name}_code`,
  label: text.form.link.code(label),
  kind: 'text',
  cell: (row) => ({ text: namedIn(row, name)?.code ?? '' }),
})

/**
 * The fields as a list has them: what a record hangs on stands behind its name, as a link whose column the table has with an
 * index.
 */
export function listedFields(module: Module): ModuleField[] {
  const { fields, title, owner } = module
  const above = aboveOf(module)
  if (!above) return fields
  const name = ownerColumn(owner as Owner)
  const hung: ModuleField = {
    name,
    label: text.record.above(above.label),
    kind: link,
    to: above.name,
    isRequired: true,
    isFilter: fields.find((field) => field.name === name)?.isFilter,
  }
  return fields
    .filter((field) => field.name !== name)
    .flatMap((field) => (field.name === title ? [field, hung] : [field]))
}

/** The way to a record that is named, or that it was deleted. */
export const linkParts = (named: Named | undefined) => ({ href: named?.href, isGone: named?.isGone })

/** Brings the names of what the rows of a page point at; nothing where a module points at nothing. */
export function namingOf({ name: table }: Module, fields: ModuleField[]): Pick<List, 'complete' | 'few'> {
  const links = linksAmong(fields)
  if (links.length === 0) return {}
  return {
    complete: (db, rows, columns, viewer) => {
      const shown = links.filter(({ name }) => columns.some((column) => column.name === name))
      return nameRows(db, viewer, shown, rows)
    },
    few: async (db, { viewer, conditions = [] }) => {
      const asked = conditions.find(
        ({ operator, field }) => operator === 'is' && links.some(({ name }) => name === field.name),
      )
      const to = links.find(({ name }) => name === asked?.field.name)?.to
      if (!asked || to === undefined) return undefined
      const ways = waysOf({ db, viewer }, to, asked)
      const ids: number[] = await pointingAmong(db(table), asked.field.name, ways)
        .limit(few + 1)
        .pluck('id')
      return ids.length > few ? undefined : ids
    },
  }
}

/** So few records that point at one are looked at one by one. */
const few = 2_000

/** Rows with the names of what they point at, for the columns of those fields. */
export async function nameRows(db: Knex, viewer: Viewer, fields: ModuleField[], rows: Row[]): Promise<Row[]> {
  const named = await withNames(db, viewer, linksAmong(fields), rows)
  if (named.length === 0) return rows
  return rows.map((row) => ({ ...row, ...Object.fromEntries(named.map((field) => namedPart(field, row))) }))
}

const namedPart = ({ name, named }: ModuleField, row: Row) => [keyOf(name), named?.get(Number(row[name]))]

/** The condition that rows point at a record with this code or name, or at one at all. */
export function linkCondition(table: string, field: ModuleField): ConditionField {
  const { name, label, to = '', isRequired } = field
  const column = `${table}.${name}`
  return {
    name,
    label,
    column,
    control: 'text',
    link: field,
    operators: ['is', ...(isRequired ? [] : (['empty', 'filled'] as const))],
    parse: (typed) => typed,
    apply: (query, condition, asking) => {
      if (!takesValues(condition.operator)) return compare(query, column, condition)
      return pointingAmong(query, column, asking ? waysOf(asking, to, condition) : [])
    },
  }
}

/** Narrows rows to those whose column is among the ids of one of these queries. */
export function pointingAmong(query: Knex.QueryBuilder, column: string, ways: Knex.QueryBuilder[]): Knex.QueryBuilder {
  if (ways.length === 0) return query.whereIn(column, [])
  return query.where((any) => {
    for (const ids of ways) any.orWhereIn(column, ids)
  })
}

/** A condition is about records that were chosen, as `id:17`, or about all that have a code or a name. */
function waysOf(asking: Asking, to: string, { values }: Condition): Knex.QueryBuilder[] {
  const said = values.map(String)
  const ids = said.flatMap((one) => linkedId(one) ?? [])
  const typed = said.filter((one) => linkedId(one) === undefined)
  return [
    ...(ids.length > 0 ? rowsSeen(asking, to, ids) : []),
    ...(typed.length > 0 ? rowsNamed(asking, to, typed) : []),
  ]
}
