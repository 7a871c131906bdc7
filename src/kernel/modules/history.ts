import type { Knex } from 'knex'
import { kindNames, kinds } from '../files/kinds.ts'
import { eventsOf, type StoredEvent } from '../history/history.ts'
import type { Permission } from '../permissions.ts'
import { maskFor } from '../web/change-mask.ts'
import type { Mask } from '../web/changes.ts'
import type { Field } from '../web/fields.ts'
import type { Values } from '../web/form.ts'
import { link } from '../web/link-kind.ts'
import { entriesOf } from '../web/record.ts'
import type { Viewer } from '../web/viewer.ts'
import { declaredModules } from './catalogue.ts'
import { fileRightsOn } from './file-rights.ts'
import { linesIn, withLineFields } from './lines.ts'
import { linksAmong, withNames } from './link-names.ts'
import { type Module, rightOf, type Stored } from './module.ts'
import { kindOf } from './records.ts'

/** The history of a record as this person may read it: what it pointed at is named where it may be seen. */
export async function recordHistory(db: Knex, module: Module, viewer: Viewer, record: Stored) {
  const events = await toldEvents(db, module, viewer, record, await eventsOf(db, module.name, record.id))
  return entriesOf(kindOf(module), events, await maskOf(db, module, viewer, events))
}

/** Events of a record without the names of what hangs on it and this person may not see. */
export async function toldEvents(
  db: Knex,
  module: Module,
  viewer: Viewer,
  record: Stored,
  events: StoredEvent[],
): Promise<StoredEvent[]> {
  const may = await fileRightsOn(db, module, viewer, record)
  return events.map((event) => ({ ...event, changes: event.changes.filter(({ field }) => isRead(field, may)) }))
}

/** Whether this person may read what hangs on a record by such a name; of what few may see the history says a number alone. */
function isRead(name: string, may: (right: Permission) => boolean): boolean {
  const kind = kindNames.find((one) => one === name && !kinds[one].isPrivate)
  const told = declaredModules().find(({ tells = {} }) => Object.hasOwn(tells, name))
  const right = kind ? (`${kinds[kind].module}.view` as const) : told && rightOf(told, 'view')
  return !right || may(right)
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
