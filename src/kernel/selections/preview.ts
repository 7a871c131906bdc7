import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import type { Act } from '../permissions.ts'
import type { Reference } from '../reference.ts'
import { matchingIds } from '../web/batched-scan.ts'
import { showCount } from '../web/formatting.ts'
import { wayThrough } from '../web/list-rows.ts'
import type { BatchField } from '../web/selecting.ts'
import type { Viewer } from '../web/viewer.ts'
import { kindOf } from './kinds.ts'
import { type Selection, selectedList } from './selection.ts'

/** Who asks what would happen, and by which act. */
type Asked = { viewer: Viewer; reference: Reference; act: Act }
type Tagging = NonNullable<BatchField['tagging']>
type Value = string | number | null
type Narrow = (rows: Knex.QueryBuilder) => Knex.QueryBuilder

const mostLines = 15
const idsAtOnce = 1_000
const t = text.selections

/** What a new value would do to a selection, line by line: from what to what, what is so already, what one may not change. */
export async function changeLines(db: Knex, selection: Selection, field: BatchField, value: Value, asked: Asked) {
  const { tagging } = field
  const counts = tagging
    ? await tagCounts(db, selection, tagging, value as number, asked)
    : await valueCounts(db, selection, field, asked)
  const shown = value === null ? t.nothing : field.kind.show(value, field, asked.reference)
  const isSame = (one: unknown) => (one ?? null) === value
  const others = [...counts].filter(([one]) => !isSame(one)).sort(([, one], [, other]) => other - one)
  const rest = others.slice(mostLines)
  const nameOf = (one: unknown) => field.kind.show(one, field, asked.reference) || t.nothing
  const having = (isHad: boolean) => (isHad ? t.withTag : t.withoutTag)(shown)
  const to = tagging ? having(!tagging.isRemoved) : shown
  const from = (one: unknown) => (tagging ? having(tagging.isRemoved) : nameOf(one))
  const same = [...counts].find(([one]) => isSame(one))?.[1] ?? 0
  const changed = sum(others.map(([, count]) => count))
  return {
    changed,
    lines: [
      ...others.slice(0, mostLines).map(([one, count]) => t.fromTo(from(one), to, showCount(count))),
      ...(rest.length > 0 ? [t.otherValues(showCount(rest.length), to, showCount(sum(rest.map(([, n]) => n))))] : []),
      ...(same > 0 ? [t.soAlready(showCount(same))] : []),
      ...forbiddenLine(selection.row_count - changed - same),
    ],
  }
}

/** How many of a selection one may delete, and how many not. */
export async function deletionLines(db: Knex, selection: Selection, asked: Asked) {
  const count = sum([...(await countsIn(db, selection, null, asked)).values()])
  return { count, lines: forbiddenLine(selection.row_count - count) }
}

const forbiddenLine = (count: number) => (count > 0 ? [t.notYours(showCount(count))] : [])
const sum = (counts: number[]) => counts.reduce((all, count) => all + count, 0)

const valueCounts = (db: Knex, selection: Selection, { name }: BatchField, asked: Asked) =>
  countsIn(db, selection, `${kindOf(selection).list.table}.${name}`, asked)

/** Under the tag those that have it already (or, when it is taken, those that do not); under null the others. */
async function tagCounts(db: Knex, selection: Selection, { isRemoved, tagged }: Tagging, tag: number, asked: Asked) {
  const id = `${kindOf(selection).list.table}.id`
  const all = sum([...(await countsIn(db, selection, null, asked)).values()])
  const counts = await countsIn(db, selection, null, asked, (rows) => rows.whereIn(id, tagged(db, tag)))
  const having = sum([...counts.values()])
  const [same, others] = isRemoved ? [all - having, having] : [having, all - having]
  return new Map<unknown, number>([
    ...(same > 0 ? [[tag, same] as const] : []),
    ...(others > 0 ? [[null, others] as const] : []),
  ])
}

/** How many of a selection an act of this person reaches, by the values of a column; all under null without one. */
async function countsIn(
  db: Knex,
  selection: Selection,
  column: string | null,
  { viewer, reference, act }: Asked,
  more: Narrow = (rows) => rows,
): Promise<Map<unknown, number>> {
  const { list: kindList, visible } = kindOf(selection)
  const { list, query } = selectedList(selection, kindList, { viewer, reference })
  const id = `${list.table}.id`
  const narrow: Narrow = (rows) => more(rows.whereIn(id, visible(db, viewer, act).select(id)))
  const { isWindowed, rows } = await wayThrough(db, list, query)
  const counts = new Map<unknown, number>()
  const add = async (some: Knex.QueryBuilder) => {
    const counted = narrow(some.clearSelect()).count({ row_count: '*' })
    if (column) counted.groupBy(column).select({ value: column })
    for (const { value = null, row_count } of await counted)
      counts.set(value, (counts.get(value) ?? 0) + Number(row_count))
  }
  if (!isWindowed) await add(rows())
  else
    for await (const ids of matchingIds(db, list, query, rows))
      for (let at = 0; at < ids.length; at += idsAtOnce)
        await add(db(list.table).whereIn(id, ids.slice(at, at + idsAtOnce)))
  return counts
}
