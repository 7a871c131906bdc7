import type { Knex } from 'knex'
import { companyPinyin } from '../china/pinyin.ts'
import { type Indexed, indexModule, unindexModule } from '../db/module-search.ts'
import { isWhollySpelled, spelledTexts } from '../search/spelled.ts'
import { joinedText, textLength } from '../search/tokens.ts'
import type { Viewer } from '../web/viewer.ts'
import { fieldNamed, givenColumn, type Module, nameOf, type Stored } from './module.ts'
import { livingRows } from './rows.ts'

const recordsAtOnce = 400

/**
 * What of a record its search finds: name, initials, the syllables of its pinyin, the whole of it where it is more than
 * these, and the other fields that are searched, without what is masked.
 */
function indexedOf(module: Module, record: Stored): Indexed {
  const { title, search } = module
  const named = nameOf(module, record)
  const full = String(record[`${title}_pinyin`] ?? '')
  const { initials } = companyPinyin(named)
  const spellings = spelledTexts(full, initials)
  const pinyin = [isWhollySpelled(full, spellings) ? '' : full, initials]
  const valuesOf = (isMasked: boolean) =>
    search
      .filter((name) => Boolean(fieldNamed(module, name).mask) === isMasked)
      .map((name) => String(record[name] ?? ''))
  const text = joinedText([named, ...pinyin, ...valuesOf(false)], textLength, spellings)
  const owner = givenColumn(module)
  return {
    id: record.id,
    text,
    masked_text: joinedText(valuesOf(true), textLength / 4) || null,
    ...(owner !== undefined && { owner: Number(record[owner]) }),
  }
}

/** The columns by which a record is found, and those of whom. */
export const foundBy = (module: Module): string[] => [
  module.title,
  ...module.search,
  ...[givenColumn(module) ?? []].flat(),
]

/** Makes records findable as they stand. Call it in the transaction that writes them. */
export async function indexRecords(trx: Knex, module: Module, records: Stored[]) {
  if (module.search.length === 0) return
  await indexModule(
    trx,
    module.name,
    records.map((record) => indexedOf(module, record)),
  )
}

/** Records that are gone are not found any more. */
export async function unindexRecords(trx: Knex, { name, search }: Module, ids: number[]) {
  if (search.length === 0) return
  for (let at = 0; at < ids.length; at += recordsAtOnce)
    await unindexModule(trx, name, ids.slice(at, at + recordsAtOnce))
}

/** Makes what the records of a module are found by anew from its rows; what is in the recycle bin is not found. */
export async function reindexRecords(trx: Knex, module: Module) {
  if (module.derive) return module.reindex?.(trx)
  if (module.search.length === 0) return
  await unindexModule(trx, module.name)
  for (let last = 0; ; ) {
    const rows: Stored[] = await livingRows(trx, module).where('id', '>', last).orderBy('id').limit(recordsAtOnce)
    const end = rows.at(-1)
    if (!end) return
    await indexRecords(trx, module, rows)
    last = end.id
  }
}

/** Who must not read all that is searched finds nothing by what is masked. */
export const findsOpenOnly = (module: Module, viewer: Viewer) =>
  module.search.some((name) => {
    const { mask } = fieldNamed(module, name)
    return mask !== undefined && viewer.isMasked(mask)
  })
