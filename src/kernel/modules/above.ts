import type { FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import { type Body, typedIn } from '../web/form.ts'
import type { Row } from '../web/list.ts'
import { maskRow } from '../web/masks.ts'
import { forbidden, notFound, Refusal } from '../web/refusal.ts'
import type { Viewer } from '../web/viewer.ts'
import { aboveOf } from './catalogue.ts'
import { type Module, nameOf, type Owner, ownerColumn, rightOf, type Stored } from './module.ts'
import { askingFor, isReached, ownedRows } from './reach.ts'
import { aboveParam } from './reading.ts'
import { placeOf } from './record-address.ts'
import { livingRows } from './rows.ts'

/** What a record hangs on, as this person may read it; `href` where it may be looked at. */
export type Above = { id: number; label: string; name: string; href: string | undefined }

const seenAs = (above: Module, row: Stored, viewer: Viewer): Above => ({
  id: row.id,
  label: above.label,
  name: nameOf(above, maskRow(row, above.fields, viewer)),
  href: viewer.can(rightOf(above, 'view')) ? placeOf(above, row) : undefined,
})

/** What a record hangs on; undefined where its module stands by itself. */
export async function readAbove(
  db: Knex,
  module: Module,
  record: Row & { id: number },
  viewer: Viewer,
): Promise<Above | undefined> {
  return (await readEachAbove(db, module, [record], viewer)).get(record.id)
}

/** What each of some records of a module hangs on, by their ids. */
export async function readEachAbove(
  db: Knex,
  module: Module,
  records: Row[],
  viewer: Viewer,
): Promise<Map<number, Above>> {
  const found = new Map<number, Above>()
  for (const [above, some] of Map.groupBy(records, (record) => aboveOf(module, record))) {
    if (!above) continue
    const idOf = (record: Row) => record[ownerColumn(module.owner as Owner)] as number
    const rows: Stored[] = await db(above.name).whereIn('id', [...new Set(some.map(idOf))])
    const byId = new Map(rows.map((row) => [row.id, seenAs(above, row, viewer)]))
    for (const record of some) {
      const seen = byId.get(idOf(record))
      if (seen) found.set(record.id as number, seen)
    }
  }
  return found
}

/**
 * What a new record is to hang on, by its address, or what was sent. Throws notFound where that is not there for one who
 * may see what hangs on it, forbidden where nothing may be added to it.
 */
export async function aboveNew(
  db: Knex,
  module: Module,
  { viewer, params }: FastifyRequest,
  sent: Body,
): Promise<Above | undefined> {
  const above = aboveOf(module)
  if (!above) return undefined
  const param = aboveParam(module)
  const id = param
    ? String((params as Record<string, unknown>)[param])
    : typedIn(sent, ownerColumn(module.owner as Owner))
  if (id === '' && !param) throw new Refusal({ message: text.record.noAbove(above.label) })
  if (!/^[1-9]\d{0,8}$/.test(id)) throw notFound()
  const seen = ownedRows(db, livingRows(db, above), above, askingFor(module, viewer, 'view'))
  const row: Stored | undefined = await seen.where(`${above.name}.id`, Number(id)).first(`${above.name}.*`)
  if (!row) throw notFound()
  if (!(await isReached(db, above, askingFor(module, viewer, 'create'), row))) throw forbidden()
  return seenAs(above, row, viewer)
}
