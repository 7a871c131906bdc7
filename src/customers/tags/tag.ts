import type { Knex } from 'knex'
import { companyPinyin } from '../../kernel/china/pinyin.ts'
import { moveRevision } from '../../kernel/db/cache-revision.ts'
import { foldKey } from '../../kernel/db/fold-key.ts'
import { foldedKeys } from '../../kernel/db/keyed-texts.ts'
import { recordEvent } from '../../kernel/history/history.ts'
import type { Reference, Tag } from '../../kernel/reference.ts'
import type { Values } from '../../kernel/web/form.ts'
import { changeRecord, eventOf, Stale } from '../../kernel/web/record.ts'
import { notFound } from '../../kernel/web/refusal.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { tagKind } from './fields.ts'

export type StoredTag = Tag & { version: number } & Record<string, unknown>

const spelled = (name: unknown) => ({ name_pinyin: companyPinyin(String(name)).full })

export async function findTag(db: Knex, id: number): Promise<StoredTag> {
  const tag = await db('tags').where({ id }).first()
  if (!tag) throw notFound()
  return tag
}

/*
 * Every change begins with the revision: its row is then locked, so that two changes of tags never overlap.
 */

/** Adds a tag; answers its id. Fails by the unique index when the name is taken. */
export async function addTag(trx: Knex, { name, tone = null }: Values, actor: Actor): Promise<number> {
  await moveRevision(trx)
  const keys = { ...foldedKeys('tags', { name }), ...spelled(name) }
  const row = { name, tone, ...keys, updated_at: new Date().toISOString(), version: 1 }
  const [{ id }] = await trx('tags').insert(row).returning('id')
  await recordEvent(trx, actor, { ...eventOf(tagKind, { ...row, id }), action: 'create', record_version: 1 })
  return id
}

type Save = { version: number; values: Values; actor: Actor; reference: Reference }

/** Saves a tag that still stands at `version`, throws Stale otherwise. Fails by the unique index when the name is taken. */
export async function saveTag(trx: Knex, before: StoredTag, save: Save) {
  await moveRevision(trx)
  await changeRecord(trx, tagKind, { before, derived: spelled(save.values.name), ...save })
}

/**
 * Removes a tag from all customers, those in the recycle bin too, and then for good. Throws Stale when it no longer stands
 * at `version`. Its tokens stay in the search index, where nobody asks for them: ids are never used twice.
 */
export async function removeTag(trx: Knex, tag: StoredTag, { version, actor }: { version: number; actor: Actor }) {
  await moveRevision(trx)
  await trx('customer_tags').where({ tag_id: tag.id }).delete()
  if ((await trx('tags').where({ id: tag.id, version }).delete()) === 0) throw new Stale()
  await recordEvent(trx, actor, { ...eventOf(tagKind, tag), action: 'delete', record_version: version + 1 })
}

/** The ids of tags by their names; those that are missing are made. */
export async function tagsNamed(trx: Knex, names: string[], actor: Actor): Promise<number[]> {
  await moveRevision(trx)
  const present = await trx('tags').whereIn('name_key', names.map(foldKey)).select('id', 'name_key')
  const idByKey = new Map<string, number>(present.map(({ id, name_key }) => [name_key, id]))
  for (const name of names)
    if (!idByKey.has(foldKey(name))) idByKey.set(foldKey(name), await addTag(trx, { name }, actor))
  return [...new Set(names.map((name) => idByKey.get(foldKey(name)) as number))]
}
