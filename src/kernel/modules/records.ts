import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import { companyPinyin } from '../china/pinyin.ts'
import { bumpRevision } from '../db/cache-revision.ts'
import { foldedKeys } from '../db/keyed-texts.ts'
import { purgeFilesOf } from '../files/file.ts'
import { recordEvent } from '../history/history.ts'
import { codesFor } from '../numbers.ts'
import type { Act } from '../permissions.ts'
import type { Reference } from '../reference.ts'
import type { Values } from '../web/form.ts'
import { changeRecord, eventOf, markDeleted, type RecordKind, Stale } from '../web/record.ts'
import { forbidden, notFound } from '../web/refusal.ts'
import type { Actor } from '../web/session.ts'
import type { Viewer } from '../web/viewer.ts'
import { moveToBin } from './bin-moves.ts'
import { declaredModules, modulesBelow } from './catalogue.ts'

import { deriveRecords } from './derived.ts'
import { eraseLines, saveLines, withLines, withoutLines } from './line-records.ts'
import { summed, withLineFields } from './lines.ts'
import { withNames } from './link-names.ts'
import { eraseLinked, saveLinked, withLinked, withoutLinked } from './linked.ts'
import { letSiblingsGo } from './links.ts'
import { givenColumn, type Module, nameOf, type Stored } from './module.ts'

import { nextPosition } from './next-position.ts'
import { askingFor, isReached } from './reach.ts'
import { visibleRows } from './rows.ts'

export { ownedRows, ownerOf } from './reach.ts'
export { binnedRows, hangingOn, livingRows, ownerPlace, visibleRows } from './rows.ts'

/** What the history of records knows of a module. */
export const kindOf = (module: Module): RecordKind => ({
  table: module.name,
  fields: withLineFields(module),
  nameOf: (row) => nameOf(module, row),
  parts: {
    ...module.parts,
    ...Object.assign({}, ...modulesBelow(module).map(({ tells }) => tells)),
    ...(module.files && text.files.kinds),
    ...(module.papers && { paper: text.papers.paper }),
    ...(givenColumn(module) && { reason: text.transfers.reason }),
  },
})

/**
 * A record that this person may see. Throws notFound where there is none or it may not be seen, forbidden where an act
 * beside looking does not reach it.
 */
export async function findRecord(
  db: Knex,
  module: Module,
  viewer: Viewer,
  id: number,
  act: Act = 'view',
): Promise<Stored> {
  const row = await visibleRows(db, module, viewer).where(`${module.name}.id`, id).first(`${module.name}.*`)
  if (!row) throw notFound()
  if (act !== 'view' && !(await isReached(db, module, askingFor(module, viewer, act), row))) throw forbidden()
  return whole(db, module, row)
}

/** A record with what of it stands in further tables. */
async function whole(db: Knex, module: Module, row: Stored): Promise<Stored> {
  const [record = row] = await withLinked<Stored>(db, module, await withLines(db, module, [row]))
  return module.hooks?.complete?.(db, record) ?? record
}
/** The columns that follow from the values of a record. */
const derived = ({ title, hooks }: Module, values: Values): Values => ({
  ...(title in values ? { [`${title}_pinyin`]: companyPinyin(String(values[title] ?? '')).full } : {}),
  ...hooks?.fill?.(values),
})

/** Holds back others who would change what is held in memory, until this transaction ends. */
export const beginChange = async (trx: Knex, { isReference }: Module) => isReference && bumpRevision(trx)

/** A new record has its number, the next one where none was typed. */
async function withNumber(trx: Knex, { name, number }: Module, values: Values): Promise<Values> {
  if (!number) return values
  const [code] = await codesFor(trx, name, [values[number.field]], number.pattern, number.field)
  return { ...values, [number.field]: code }
}

/** What a new record has of which nothing is said: no lines, and it is shared with nobody. */
const unsaid = ({ lines = [], shared }: Module): Values => ({
  ...Object.fromEntries(lines.map(({ name }) => [name, null])),
  ...(shared && { [shared]: false }),
})

/** A new record stands behind those beside it, where they stand in an order. */
async function placed(trx: Knex, { name, positions }: Module, values: Values): Promise<Values> {
  if (!positions) return {}
  return { position: await nextPosition(trx, name, { [positions.within]: values[positions.within] ?? null }) }
}

/** Adds a record; answers it. Fails by a unique index where a text that stands once is taken. */
export async function addRecord(trx: Knex, module: Module, given: Values, actor: Actor): Promise<Stored> {
  await beginChange(trx, module)
  const { author } = module
  const whole = { ...unsaid(module), ...given, ...(author && { [author]: given[author] ?? actor.id }) }
  const values = { ...(await withNumber(trx, module, whole)), ...summed(module, whole) }
  const now = new Date().toISOString()
  const computed = {
    ...foldedKeys(module.name, values),
    ...derived(module, values),
    ...(await placed(trx, module, values)),
  }
  const row = { ...values, ...computed, created_at: now, updated_at: now, version: 1 }
  const [{ id }] = await trx(module.name)
    .insert(withoutLinked(module, withoutLines(module, row)))
    .returning('id')
  await saveLines(trx, module, id, values)
  await saveLinked(trx, module, { ...row, id })
  await recordEvent(trx, actor, { ...eventOf(kindOf(module), { ...row, id }), action: 'create', record_version: 1 })
  await deriveRecords(trx, module, { after: [{ ...row, id }] })
  return { ...row, id }
}

type Save = { version: number; values: Values; actor: Actor; reference: Reference }

/** Saves a record that still stands at `version`, throws Stale otherwise. Fails by a unique index as `addRecord`. */
export async function saveRecord(trx: Knex, module: Module, stored: Stored, given: Save) {
  await beginChange(trx, module)
  const isWhole = (module.lines ?? []).every(({ name }) => name in stored)
  const [before = stored] = isWhole ? [stored] : await withLines(trx, module, [stored])
  const save = { ...given, values: { ...given.values, ...summed(module, given.values) } }
  const computed = derived(module, save.values)
  const fields = await withNames(trx, 'history', withLineFields(module), [before, save.values])
  const changes = await changeRecord(trx, { ...kindOf(module), fields }, { before, derived: computed, ...save })
  if (changes.length === 0) return changes
  const after = { ...before, ...save.values, ...computed }
  await saveLines(trx, module, before.id, save.values, before)
  await saveLinked(trx, module, after, before)
  await deriveRecords(trx, module, { before: [before], after: [after] })
  return changes
}

/** Removes a record, to the recycle bin or for good. Throws Stale when it no longer stands at its version. */
export async function removeRecord(trx: Knex, module: Module, record: Stored, actor: Actor) {
  const kind = kindOf(module)
  if (module.bin) {
    const deleted_at = new Date().toISOString()
    await markDeleted(trx, kind, record, deleted_at, actor)
    return moveToBin(trx, module, [record], deleted_at)
  }
  await eraseRecords(trx, module, [record])
  await recordEvent(trx, actor, { ...eventOf(kind, record), action: 'delete', record_version: record.version + 1 })
}

/**
 * Takes records, at most 500, with their files out of the database, without a word in the history. Throws Stale as
 * `removeRecord`.
 */
export async function eraseRecords(trx: Knex, module: Module, records: Stored[]) {
  const ids = idsOf(records)
  if (ids.length === 0) return
  await beginChange(trx, module)
  for (const record of records) await module.hooks?.removing?.(trx, record)
  await tellErased(trx, module.name, ids)
  await eraseLines(trx, module, ids)
  await eraseLinked(trx, module, ids)
  for (const [version, some] of Map.groupBy(records, ({ version }) => version)) {
    const count = await trx(module.name).where({ version }).whereIn('id', idsOf(some)).delete()
    if (count < some.length) throw new Stale()
  }
  await deriveRecords(trx, module, { before: records })
  if (module.files) await purgeFilesOf(trx, module.name, ids)
}

const idsOf = (records: Stored[]) => records.map(({ id }) => id)

/** Has all that may hang on records of any module follow some that go for good; at most 500 at once. */
export async function tellErased(trx: Knex, name: string, ids: number[]) {
  await letSiblingsGo(trx, name, ids)
  for (const { hooks } of declaredModules()) await hooks?.erased?.(trx, name, ids)
}
