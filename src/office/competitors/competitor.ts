import type { Knex } from 'knex'
import { companyPinyin } from '../../kernel/china/pinyin.ts'
import { foldedKeys } from '../../kernel/db/keyed-texts.ts'
import { recordEvent } from '../../kernel/history/history.ts'
import type { Reference } from '../../kernel/reference.ts'
import type { Values } from '../../kernel/web/form.ts'
import { changeRecord, eventOf, Stale } from '../../kernel/web/record.ts'
import { notFound } from '../../kernel/web/refusal.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { competitorKind } from './fields.ts'

export type Competitor = { id: number; name: string; version: number } & Record<string, unknown>

const spelled = (name: unknown) => ({ name_pinyin: companyPinyin(String(name)).full })

export async function findCompetitor(db: Knex, id: number): Promise<Competitor> {
  const competitor = await db('competitors').where({ id }).first()
  if (!competitor) throw notFound()
  return competitor
}

/** Adds a competitor; answers its id. Fails by the unique index when the name is taken. */
export async function addCompetitor(trx: Knex, values: Values, actor: Actor): Promise<number> {
  const now = new Date().toISOString()
  const keys = { ...foldedKeys('competitors', values), ...spelled(values.name) }
  const row = { ...values, ...keys, created_at: now, updated_at: now, version: 1 }
  const [{ id }] = await trx('competitors').insert(row).returning('id')
  await recordEvent(trx, actor, { ...eventOf(competitorKind, { ...row, id }), action: 'create', record_version: 1 })
  return id
}

type Save = { version: number; values: Values; actor: Actor; reference: Reference }

/** Saves a competitor that still stands at `version`, throws Stale otherwise. Fails by the unique index when the name is taken. */
export const saveCompetitor = (trx: Knex, before: Competitor, save: Save) =>
  changeRecord(trx, competitorKind, { before, derived: spelled(save.values.name), ...save })

/** Removes a competitor for good. Throws Stale when it no longer stands at its version. */
export async function removeCompetitor(trx: Knex, competitor: Competitor, actor: Actor) {
  const { id, version } = competitor
  if ((await trx('competitors').where({ id, version }).delete()) === 0) throw new Stale()
  await recordEvent(trx, actor, {
    ...eventOf(competitorKind, competitor),
    action: 'delete',
    record_version: version + 1,
  })
}
