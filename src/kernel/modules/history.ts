import type { Knex } from 'knex'
import { eventsOf, type StoredEvent } from '../history/history.ts'
import { maskFor } from '../web/change-mask.ts'
import type { Mask } from '../web/changes.ts'
import type { Field } from '../web/fields.ts'
import type { Values } from '../web/form.ts'
import { link } from '../web/link-kind.ts'
import { entriesOf } from '../web/record.ts'
import type { Viewer } from '../web/viewer.ts'
import { linesIn, withLineFields } from './lines.ts'
import { linksAmong, withNames } from './link-names.ts'
import type { Module } from './module.ts'
import { kindOf } from './records.ts'

/** The history of a record as this person may read it: what it pointed at is named where it may be seen. */
export async function recordHistory(db: Knex, module: Module, viewer: Viewer, id: number) {
  const events = await eventsOf(db, module.name, id)
  return entriesOf(kindOf(module), events, await maskOf(db, module, viewer, events))
}

/** What this person may read of the values in some events of records of a module. */
export async function maskOf(db: Knex, module: Module, viewer: Viewer, events: StoredEvent[]): Promise<Mask> {
  const fields = withLineFields(module).filter(({ kind, lines = [] }) => kind === link || linksAmong(lines).length > 0)
  if (fields.length === 0) return maskFor(viewer)
  const named = await withNames(db, viewer, fields, valuesIn(events))
  return maskFor(viewer, (name, value) =>
    isSeen(
      named.find((field) => field.name === name),
      value,
    ),
  )
}

/** Whether all that a value points at, or its lines do, is named. */
function isSeen(field: Field | undefined, value: unknown): boolean {
  if (!field?.lines) return field?.named?.has(Number(value)) === true
  const links = linksAmong(field.lines)
  return linesIn(value).every((line) => links.every((one) => !line[one.name] || isSeen(one, line[one.name])))
}

/** What stood in a record by its history, change by change, after a version. */
export async function valuesSince(db: Knex, { name }: Module, id: number, version: number): Promise<Values[]> {
  return valuesIn((await eventsOf(db, name, id)).filter(({ record_version }) => (record_version ?? 0) > version))
}

const valuesIn = (events: StoredEvent[]): Values[] =>
  events.flatMap(({ changes }) =>
    changes.flatMap(({ field, before, after }) => [{ [field]: before }, { [field]: after }]),
  )
