import type { FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import { referenceAt } from '../reference.ts'
import { type Body, typedIn, type Values } from '../web/form.ts'
import { maskRow } from '../web/masks.ts'
import type { Viewer } from '../web/viewer.ts'
import { type AlikeKey, alikeKeys, areaCodeFor, holdersOf } from './alike-keys.ts'
import { wordsOf } from './catalogue.ts'
import { fieldNamed, type Module, nameOf, type Stored } from './module.ts'
import { askingFor, ownedRows, ownerOf } from './reach.ts'
import { placeOf } from './record-address.ts'
import { binnedRows, visibleRows } from './rows.ts'

/** The box by which a person says that it is another record. */
export const acceptedName = 'is_duplicate_accepted'
export const isAccepted = (typed: Body) => typedIn(typed, acceptedName) === 'true'

/** A record that is perhaps the same, and by which rule of its module. */
export type Alike = { record: Stored; rule: number }

/** A record that is most likely there already; nothing was saved. */
export class FoundAlike extends Error {
  readonly found: Alike[]

  constructor(found: Alike[]) {
    super('a record like it is there already')
    this.found = found
  }
}

const most = 10
type Looking = { viewer: Viewer; before?: Stored }

/**
 * Records that are perhaps the same as one with these values, those of the recycle bin too: at most ten, by the first rule
 * they meet, the newest first. What `before` shared already counts no more, and what this person must not read is no evidence.
 */
export async function findAlike(
  db: Knex,
  module: Module,
  values: Values,
  { viewer, before }: Looking,
): Promise<Alike[]> {
  if (!module.alike) return []
  const areaCode = await areaCodeFor(db, module)
  const textOf = ({ rule, value_key }: AlikeKey) => `${rule} ${value_key}`
  const known = new Set(before ? alikeKeys(module, before, areaCode).map(textOf) : [])
  const keys = alikeKeys(module, values, areaCode).filter(
    (key) => !known.has(textOf(key)) && isRead(module, key, viewer),
  )
  const rules = new Map<number, number>()
  for (const key of keys.toSorted((a, b) => a.rule - b.rule))
    for (const id of await holdersOf(db, module, key, most + 1))
      if (id !== before?.id && !rules.has(id)) rules.set(id, key.rule)
  const ids = [...rules.keys()].slice(0, most)
  const records: Stored[] = ids.length > 0 ? await db(module.name).whereIn('id', ids) : []
  const byId = new Map(records.map((record) => [record.id, record]))
  return ids.flatMap((id) => {
    const record = byId.get(id)
    const rule = rules.get(id) as number
    return record && !isRefused(module, rule, record, values) ? [{ record, rule }] : []
  })
}

function isRefused(module: Module, rule: number, record: Stored, values: Values): boolean {
  const within = module.alike?.[rule]?.refusedWithin
  return within !== undefined && record[within] === (values[within] ?? null)
}

const isRead = (module: Module, { rule }: AlikeKey, viewer: Viewer) =>
  module.alike?.[rule]?.fields.every((name) => {
    const { mask } = fieldNamed(module, name)
    return !mask || !viewer.isMasked(mask)
  }) ?? false

/** Throws FoundAlike where a record is most likely there already, unless the form says that it is another one. */
export async function refuseAlike(
  trx: Knex,
  module: Module,
  values: Values,
  { typed, ...looking }: Looking & { typed: Body },
) {
  if (isAccepted(typed)) return
  const found = await findAlike(trx, module, values, looking)
  if (found.length > 0) throw new FoundAlike(found)
}

/**
 * What was found as views/shared/_duplicates.eta wants it. A record out of reach has no name and no way to it: only whose it
 * is, so that one can ask.
 */
export async function alikeView(db: Knex, { viewer, revision }: FastifyRequest, module: Module, found: Alike[]) {
  const reference = await referenceAt(db, revision)
  const ids = found.map(({ record }) => record.id)
  const among = (rows: Knex.QueryBuilder): Promise<number[]> =>
    rows.whereIn(`${module.name}.id`, ids).pluck(`${module.name}.id`)
  const asking = askingFor(module, viewer, 'view')
  const living = new Set(await among(visibleRows(db, module, viewer)))
  const binned = new Set(module.bin ? await among(ownedRows(db, binnedRows(db, module), module, asking)) : [])
  const words = wordsOf(module)
  const matches = []
  for (const { record, rule } of found) {
    const isSeen = living.has(record.id) || binned.has(record.id)
    const owner = reference.person(await ownerOf(db, module, record))?.name
    const notes = [
      ...(owner ? [text.duplicates.ownedBy(owner)] : []),
      ...(record.deleted_at ? [text.duplicates.deleted] : []),
    ]
    matches.push({
      name: isSeen ? nameOf(module, maskRow(record, module.fields, viewer)) : words.unseen,
      href: living.has(record.id) ? placeOf(module, record) : null,
      evidence: words.alike((module.alike?.[rule]?.fields ?? []).map((name) => fieldNamed(module, name).label)),
      tone: 'red',
      note: text.duplicates.listed(notes),
    })
  }
  const accept = { name: acceptedName, label: words.accept, isChecked: false }
  return { title: words.foundAlike, matches, accept, isRefused: true }
}
