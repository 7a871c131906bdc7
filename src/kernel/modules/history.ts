import type { Knex } from 'knex'
import { eventsOf } from '../history/history.ts'
import { maskFor } from '../web/change-mask.ts'
import type { Values } from '../web/form.ts'
import { historyView } from '../web/record.ts'
import type { Viewer } from '../web/viewer.ts'
import { linksAmong, withNames } from './link-names.ts'
import type { Module } from './module.ts'
import { kindOf } from './records.ts'

/** The history of a record as this person may read it: what it pointed at is named where it may be seen. */
export async function recordHistory(db: Knex, module: Module, viewer: Viewer, id: number) {
  const links = linksAmong(module.fields)
  if (links.length === 0) return historyView(db, kindOf(module), id, maskFor(viewer))
  const named = await withNames(db, viewer, links, await valuesSince(db, module, id))
  const seen = (name: string, value: unknown) =>
    named.find((field) => field.name === name)?.named?.has(Number(value)) === true
  return historyView(db, kindOf(module), id, maskFor(viewer, seen))
}

/** What stood in a record by its history, change by change; of those after a version where one is given. */
export async function valuesSince(db: Knex, { name }: Module, id: number, version = 0): Promise<Values[]> {
  const events = (await eventsOf(db, name, id)).filter(({ record_version }) => (record_version ?? 0) > version)
  return events.flatMap(({ changes }) =>
    changes.flatMap(({ field, before, after }) => [{ [field]: before }, { [field]: after }]),
  )
}
