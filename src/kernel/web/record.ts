import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import { changedKeys } from '../db/keyed-texts.ts'
import { type Change, eventsOf, recordEvent, type StoredEvent } from '../history/history.ts'
import type { Reference } from '../reference.ts'
import { changeViews, labelsOf, type Mask } from './changes.ts'
import type { Field } from './fields.ts'
import { type Body, typedIn, type Values } from './form.ts'
import { showInstant } from './formatting.ts'
import type { Actor } from './session.ts'

type Stored = { id: number; version: number } & Record<string, unknown>

/** A kind of record whose changes are kept: its table is also its name in the history. */
export type RecordKind = {
  table: string
  fields: Field[]
  nameOf(row: Record<string, unknown>): string
  /** The labels of what hangs on a record, for its history. */
  parts?: Record<string, string>
}

/** Somebody else saved the record since the form was opened. */
export class Stale extends Error {}

/** The version a form was opened at; 0, which no record stands at, where it is missing or no number. */
export function versionIn(body: Body): number {
  const typed = typedIn(body, 'version')
  return /^[1-9]\d{0,8}$/.test(typed) ? Number(typed) : 0
}

/** Throws Stale when a form was opened at another version of the record. */
export function refuseStale(body: Body, { version }: Stored) {
  if (versionIn(body) !== version) throw new Stale()
}

/** What a save would change, field by field, as stored and as read. */
export function changesBetween(fields: Field[], before: Values, after: Values, reference: Reference): Change[] {
  return fields
    .filter(({ name }) => name in after && (before[name] ?? null) !== (after[name] ?? null))
    .map((field) => changeOf(field, before[field.name] ?? null, after[field.name] ?? null, reference))
}

function changeOf(field: Field, before: unknown, after: unknown, reference: Reference): Change {
  const show = (value: unknown) => field.kind.show(value, field, reference)
  const [beforeText, afterText] = field.kind.tell?.(before, after, field, reference) ?? [show(before), show(after)]
  return { field: field.name, before, after, beforeText, afterText }
}

/**
 * Saves the declared fields of a record if it still stands at `version`, with its history, inside the caller's
 * transaction; `derived` are columns computed from them, beside the keys of what may stand once (kernel/db/keyed-texts.ts).
 * Throws Stale otherwise. Answers what was changed.
 */
export async function changeRecord(
  trx: Knex,
  kind: RecordKind,
  {
    before,
    version,
    values,
    derived = {},
    actor,
    reference,
  }: { before: Stored; version: number; values: Values; derived?: Values; actor: Actor; reference: Reference },
): Promise<Change[]> {
  const changes = changesBetween(kind.fields, before, values, reference)
  if (changes.length === 0) return changes
  if (before.version !== version) throw new Stale()
  const columns = { ...columnsOf(kind, values), ...derived, ...changedKeys(kind.table, before, values) }
  const saved = { ...columns, updated_at: new Date().toISOString(), version: version + 1 }
  const count = await trx(kind.table).where({ id: before.id, version }).update(saved)
  if (count === 0) throw new Stale()
  await recordEvent(trx, actor, {
    ...eventOf(kind, { ...before, ...values }),
    action: 'update',
    record_version: version + 1,
    changes,
  })
  return changes
}

/** What of the values stands in columns of the record itself. */
function columnsOf({ fields }: RecordKind, values: Values): Values {
  const linked = new Set(fields.filter(({ isLinked }) => isLinked).map(({ name }) => name))
  return Object.fromEntries(Object.entries(values).filter(([name]) => !linked.has(name)))
}

/** The record an event is about. */
export const eventOf = (kind: RecordKind, row: Record<string, unknown>) => ({
  record_type: kind.table,
  record_id: row.id as number,
  record_name: kind.nameOf(row),
})

/** Moves a record into the recycle bin or out of it, with its history. Throws Stale when its version moved on. */
export async function markDeleted(trx: Knex, kind: RecordKind, row: Stored, deleted_at: string | null, actor: Actor) {
  const version = row.version + 1
  const count = await trx(kind.table).where({ id: row.id, version: row.version }).update({ deleted_at, version })
  if (count === 0) throw new Stale()
  await recordEvent(trx, actor, {
    ...eventOf(kind, row),
    action: deleted_at ? 'delete' : 'restore',
    record_version: version,
  })
}

/** In a form sent from the conflict screen, puts the stored texts where 「采用对方的」was chosen. */
export function takeChoices(kind: RecordKind, body: Body, theirs: Values): Body {
  const taken = { ...body }
  for (const { name, kind: fieldKind } of kind.fields)
    if (body[`keep_${name}`] === 'theirs') taken[name] = fieldKind.write(theirs[name])
  return taken
}

export type Conflicting = {
  theirs: Stored
  yours: Values
  version: number
  action: string
  cancelHref: string
  reference: Reference
}

/**
 * The screen for the second of two who saved the same record (views/shared/_conflict.eta): what both changed to
 * different values must be chosen; what only one changed is taken from there. Of a form whose version tells nothing,
 * everything that differs must be chosen.
 */
export async function conflictView(
  db: Knex,
  kind: RecordKind,
  { theirs, yours, version, action, cancelHref, reference }: Conflicting,
) {
  const since = (await eventsOf(db, kind.table, theirs.id))
    .filter((event) => (event.record_version ?? 0) > version)
    .reverse()
  const base = new Map<string, unknown>()
  for (const { changes } of since)
    for (const change of changes) if (!base.has(change.field)) base.set(change.field, change.before)
  const isUntold = version < 1 || version >= theirs.version
  const rows = kind.fields
    .filter(({ name }) => name in yours && (yours[name] ?? null) !== (theirs[name] ?? null))
    .map((field) => {
      const { name } = field
      const shown = (value: unknown) => field.kind.show(value, field, reference)
      const before = base.has(name) ? base.get(name) : theirs[name]
      const isConflict = isUntold || (base.has(name) && (before ?? null) !== (yours[name] ?? null))
      return {
        field: name,
        label: field.label,
        base: shown(before),
        theirs: shown(theirs[name]),
        yours: shown(yours[name]),
        isConflict,
        isTheirs: base.has(name) && !isConflict,
      }
    })
  const isTheirs = new Set(rows.filter((row) => row.isTheirs).map((row) => row.field))
  const hidden = kind.fields
    .filter(({ name }) => name in yours)
    .map((field) => ({
      name: field.name,
      value: field.kind.write(isTheirs.has(field.name) ? theirs[field.name] : yours[field.name]),
    }))
  const who = text.common.listed([...new Set(since.map((event) => event.user_name ?? ''))])
  return {
    conflict: {
      title: text.record.conflictTitle,
      message: text.record.conflict(who),
      rows,
      action,
      cancelHref,
      hidden: [...hidden, { name: 'version', value: String(theirs.version) }],
    },
  }
}

/** The history of a record as views/shared/_history.eta wants it. */
export const historyView = async (db: Knex, kind: RecordKind, id: number, mask?: Mask) =>
  entriesOf(kind, await eventsOf(db, kind.table, id), mask)

/** Events of records of a kind likewise. */
export function entriesOf(kind: RecordKind, events: StoredEvent[], mask?: Mask) {
  const labels = labelsOf(kind)
  return events.map(({ id, occurred_at, user_name, address, action, changes }) => ({
    id,
    at: showInstant(occurred_at),
    who: user_name,
    from: address,
    action: text.actions[action as keyof typeof text.actions] ?? action,
    changes: changeViews(kind.table, labels, changes, mask),
  }))
}
