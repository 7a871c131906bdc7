import type { Knex } from 'knex'
import { foldKey } from '../db/fold-key.ts'
import { indexTexts, textHits, unindexTexts } from '../db/text-index.ts'
import { withIds } from '../db/with-ids.ts'
import { madeOnce } from '../made-once.ts'
import type { TextPart, Texts } from '../search/part-tokens.ts'
import { rowsInOrder } from '../web/batched-scan.ts'
import { type Condition, conditionField } from '../web/conditions.ts'
import type { List, ListQuery } from '../web/list.ts'
import { countLimit, orderOf } from '../web/list-order.ts'
import { type Found, pagesOf } from '../web/list-rows.ts'
import type { Module, ModuleField, Stored, Written } from './module.ts'

/** What of a declaration says which texts are indexed. */
type Indexed = Pick<Module, 'name' | 'fields'>

/** The fields of which a part can be asked for: what is typed, not chosen. */
export const textFields = ({ name, fields }: Indexed): ModuleField[] => textsAmong(fields, name)

const textsAmong = madeOnce((fields: ModuleField[], name: string) =>
  fields.filter((field) => field.kind.control !== 'link' && conditionField(name, field).operators.includes('contains')),
)

/** As conditions compare it: what may stand once by its key. */
const compared = ({ isUnique }: ModuleField, value: unknown) => (isUnique ? foldKey(String(value)) : String(value))

/** The texts of a record, as they are indexed. */
export const textsOf = (fields: ModuleField[], record: Record<string, unknown>): Texts =>
  Object.fromEntries(
    fields.flatMap((field) => {
      const value = record[field.name] ?? null
      return value === null ? [] : [[field.name, compared(field, value)]]
    }),
  )

/** Brings the index of texts to how records stand after a write; those in the recycle bin keep theirs. */
export async function indexWritten(trx: Knex, of: Indexed, { before = [], after = [] }: Written) {
  const fields = textFields(of)
  const old = new Map(before.map((record) => [record.id, record]))
  const isChanged = (record: Stored) => {
    const was = old.get(record.id)
    return !was || fields.some(({ name }) => (was[name] ?? null) !== (record[name] ?? null))
  }
  const changed = after.filter(isChanged)
  await indexTexts(
    trx,
    of.name,
    changed.map((record) => ({ id: record.id, texts: textsOf(fields, record) })),
  )
  const there = new Set(after.map(({ id }) => id))
  const gone = before.filter(({ id }) => !there.has(id)).map(({ id }) => id)
  if (gone.length > 0) await unindexTexts(trx, of.name, gone)
}

const recordsAtOnce = 400

/** Makes the index of texts anew from the rows. */
export async function reindexTexts(trx: Knex, of: Indexed) {
  for (let last = 0; ; ) {
    const after: Stored[] = await trx(of.name).where('id', '>', last).orderBy('id').limit(recordsAtOnce)
    const end = after.at(-1)
    if (!end) return
    await indexWritten(trx, of, { after })
    last = end.id
  }
}

/** The parts of texts that conditions ask for; a whole text is a part of itself. */
export function partsIn(of: Indexed, conditions: Condition[] = []): TextPart[] {
  const fields = textFields(of)
  return conditions.flatMap(({ field: { name, column }, operator, values }) => {
    const field = fields.find((one) => one.name === name)
    const isPart = operator === 'contains' || (operator === 'is' && values.length === 1)
    return field && isPart && column === `${of.name}.${name}` ? [{ name, part: compared(field, values[0]) }] : []
  })
}

/** So few hits are looked at one by one, whatever else is asked for. */
const few = 5_000
/** So many are sorted: 60 ms on SQLite; of more a page is soon met along any order. */
const mostSorted = 100_000

/** The ids among which the rows are that have parts of texts; undefined where the index does not say it, or they are many. */
export async function fewWithParts(db: Knex, of: Indexed, parts: TextPart[]): Promise<number[] | undefined> {
  const ids: number[] | undefined = await textHits(db, of.name, parts)
    ?.limit(few + 1)
    .pluck('rowid')
  return ids && ids.length <= few ? ids : undefined
}

type Place = { list: List; query: ListQuery; rows: () => Knex.QueryBuilder }

/** A page of more rows that have such parts, among the `rows` a list is asked for: they are sorted, if they are not too many. */
export async function pageWithParts(
  db: Knex,
  of: Indexed,
  parts: TextPart[],
  { list, query, rows }: Place,
): Promise<Found | undefined> {
  const hits = textHits(db, of.name, parts)
  if (!hits || (await hits.clone().limit(1).offset(mostSorted)).length > 0) return undefined
  const found: number[] = await withIds(db, rows().clearSelect(), list.table, hits)
    .orderBy(orderOf(list, query))
    .limit(countLimit + 1)
    .pluck(`${list.table}.id`)
  const total = Math.min(found.length, countLimit)
  const page = Math.min(query.page, pagesOf(total, query.per))
  const ids = found.slice((page - 1) * query.per, Math.min(page * query.per, total))
  return { total, isCapped: found.length > total, page, rows: await rowsInOrder(db, list, query, ids) }
}
