import type { Knex } from 'knex'
import { companyPinyin } from '../../../kernel/china/pinyin.ts'
import { foldKey } from '../../../kernel/db/fold-key.ts'
import type { Module, ModuleField, Stored } from '../../../kernel/modules/module.ts'

/** Records that have one of these texts in a field in which no two have the same, by the key of the text. */
export async function recordsByKey(db: Knex, { name }: Module, field: ModuleField, texts: unknown[]) {
  const keys = [...new Set(texts.flatMap((text) => (text ? [foldKey(String(text))] : [])))]
  if (keys.length === 0) return new Map<string, Stored>()
  const rows: Stored[] = await db(name).whereIn(`${field.name}_key`, keys)
  return new Map(rows.map((row) => [row[`${field.name}_key`] as string, row]))
}

/** More records of one title say nothing about any of them. */
const mostAlike = 10

/**
 * Records of a query whose title is one of these, by its key; they are found by its pinyin, which has an index. Of many
 * alike there are the first, within what `within` names.
 */
export async function recordsByTitle(
  db: Knex,
  { name, title }: Module,
  rows: Knex.QueryBuilder,
  texts: unknown[],
  within: string[] = [],
): Promise<Map<string, Stored[]>> {
  const pinyin = `${name}.${title}_pinyin`
  const spelled = [...new Set(texts.flatMap((text) => (text ? [companyPinyin(String(text)).full] : [])))]
  if (spelled.length === 0) return new Map()
  const parts = [`${name}.${title}`, ...within.map((column) => `${name}.${column}`)]
  const ranked = rows
    .whereIn(pinyin, spelled)
    .select(`${name}.*`)
    .rowNumber('place', (over) => over.partitionBy(parts).orderBy(`${name}.id`))
  const found: Stored[] = await db.from(ranked.as('ranked')).where('place', '<=', mostAlike).orderBy('id')
  return Map.groupBy(found, (row) => foldKey(String(row[title])))
}
