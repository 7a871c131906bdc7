import type { Knex } from 'knex'
import { foldKey } from '../../../kernel/db/fold-key.ts'
import { findAlike } from '../../../kernel/modules/alike.ts'
import { wordsOf } from '../../../kernel/modules/catalogue.ts'
import { fieldNamed, type Module, type Stored } from '../../../kernel/modules/module.ts'
import { ownerOf, visibleRows } from '../../../kernel/modules/records.ts'
import { importWords } from '../../../texts/zh/import-modules.ts'
import type { Existing } from '../checking/existing.ts'
import { forgiveStored } from '../checking/stored-mistakes.ts'
import { addReason, type ReadRow } from '../reading/row.ts'
import type { Work } from '../work.ts'
import { placeAbove } from './above.ts'
import { keyFields } from './facts.ts'
import { recordsByKey, recordsByTitle } from './finding.ts'
import { placeLines } from './lines.ts'
import { placeLinks } from './links.ts'

/**
 * The records that rows are about: by what no two have the same, else by their title among those this person sees. Each
 * row knows then on what it hangs. A row gets a reason where what it has is another record's, or a hidden one's.
 */
export async function existingRecords(db: Knex, module: Module, work: Work, rows: ReadRow[]) {
  await placeAbove(db, module, work, rows)
  const held = await heldByKeys(db, module, work, rows)
  const named = await namedRecords(
    db,
    module,
    work,
    rows.filter((row) => !held.has(row)),
  )
  const alike = await alikeRecords(
    db,
    module,
    work,
    rows.filter((row) => !held.has(row) && !named.has(row)),
  )
  const found = new Map<ReadRow, Existing>()
  for (const [row, { record, ...rest }] of [...held, ...named, ...alike])
    found.set(row, {
      id: record.id,
      name: String(record[module.title]),
      owner_id: await ownerOf(db, module, record),
      ...rest,
    })
  await placeLinks(db, module, work, found, rows)
  await placeLines(db, module, work, found, rows)
  await forgiveStored(db, { table: module.name, side: 'record' }, found)
  await checkNew(
    db,
    module,
    work,
    rows.filter((row) => !found.has(row)),
  )
  return found
}

type Held = { record: Stored } & Pick<Existing, 'evidence' | 'isOneOfSeveral'>

const none: ReadonlySet<number> = new Set()

/** A number that an earlier row of the file was given is no longer free for a later one. */
async function heldByKeys(db: Knex, module: Module, work: Work, rows: ReadRow[]) {
  const { viewer } = work
  const held = new Map<ReadRow, Held>()
  for (const field of keyFields(module)) {
    const texts = rows.map((row) => row.values.record?.[field.name])
    const byKey = await recordsByKey(db, module, field, texts)
    const here = module.number?.field === field.name ? await madeHere(db, work, module, [...byKey.values()]) : none
    for (const [index, row] of rows.entries()) {
      const record = texts[index] ? byKey.get(foldKey(String(texts[index]))) : undefined
      if (!record) continue
      const written = String(texts[index])
      // Whoever must not read such texts must not find out either whose they are.
      const isHidden = field.mask && viewer.isMasked(field.mask)
      if (module.bin && record.deleted_at) addReason(row, field.label, written, importWords(module.label).binned)
      else if (isHidden || here.has(record.id) || !isSame(module, row, record, held.get(row)))
        addReason(row, field.label, written, wordsOf(module).taken)
      else held.set(row, { record, evidence: 'code' })
    }
  }
  return held
}

/** Whether a record is the one that another field of the row named, and hangs on what the row hangs on. */
function isSame({ owner }: Module, row: ReadRow, record: Stored, other: Held | undefined) {
  const through = owner !== 'nobody' && 'module' in owner ? owner.through : undefined
  const isThere = !through || record[through] === row.values.record?.[through]
  return isThere && (!other || other.record.id === record.id)
}

async function namedRecords(db: Knex, module: Module, work: Work, rows: ReadRow[]) {
  const { title, owner } = module
  const through = owner !== 'nobody' && 'module' in owner ? owner.through : undefined
  const found = new Map<ReadRow, Held>()
  const field = fieldNamed(module, title)
  if (field.isUnique || (field.mask && work.viewer.isMasked(field.mask))) return found
  const query = visibleRows(db, module, work.viewer)
  if (through) query.whereIn(`${module.name}.${through}`, [...new Set(rows.flatMap((row) => idIn(row, through)))])
  const texts = rows.map((row) => row.values.record?.[title])
  const byTitle = await recordsByTitle(db, module, query, texts, through ? [through] : [])
  const here = await madeHere(db, work, module, [...byTitle.values()].flat())
  for (const [index, row] of rows.entries()) {
    const alike = (byTitle.get(foldKey(String(texts[index] ?? ''))) ?? []).filter(
      (record) => !here.has(record.id) && (!through || record[through] === row.values.record?.[through]),
    )
    if (alike[0]) found.set(row, { record: alike[0], evidence: 'exact', isOneOfSeveral: alike.length > 1 })
  }
  return found
}

/** Those that are perhaps the same by a rule of the declaration, among those this person sees; what is done with them is chosen. */
async function alikeRecords(db: Knex, module: Module, work: Work, rows: ReadRow[]) {
  const found = new Map<ReadRow, Held>()
  if (!module.alike) return found
  for (const row of rows) {
    const alike = await findAlike(db, module, row.values.record ?? {}, { viewer: work.viewer })
    const ids = alike.map(({ record }) => record.id)
    const seen = new Set(ids.length > 0 ? await idsAmong(visibleRows(db, module, work.viewer), module, ids) : [])
    const here = await madeHere(
      db,
      work,
      module,
      alike.map(({ record }) => record),
    )
    const usable = alike.filter(({ record }) => seen.has(record.id) && !here.has(record.id))
    if (usable[0]) found.set(row, { record: usable[0].record, evidence: 'exact', isOneOfSeveral: usable.length > 1 })
  }
  return found
}

const idsAmong = (rows: Knex.QueryBuilder, { name }: Module, ids: number[]): Promise<number[]> =>
  rows.whereIn(`${name}.id`, ids).pluck(`${name}.id`)

const idIn = (row: ReadRow, name: string) => {
  const id = row.values.record?.[name]
  return id ? [id as number] : []
}

/** Two rows of one title in a file are two records: what earlier rows made is nothing that was there. */
async function madeHere(db: Knex, { one }: Work, { name }: Module, records: Stored[]): Promise<Set<number>> {
  if (records.length === 0) return new Set()
  const made = { import_id: one.id, record_type: name, action: 'create' }
  return new Set(
    await db('import_rows')
      .where(made)
      .whereIn(
        'record_id',
        records.map(({ id }) => id),
      )
      .pluck('record_id'),
  )
}

/** What the declaration checks of new records. */
async function checkNew(trx: Knex, module: Module, { actor, viewer, reference }: Work, rows: ReadRow[]) {
  const { check } = module.hooks ?? {}
  if (!check) return
  for (const row of rows.filter(({ reasons, isStray }) => reasons.length === 0 && !isStray))
    for (const { label, message } of await check({ trx, actor, viewer, reference }, row.values.record ?? {}))
      addReason(row, label, '', message)
}
