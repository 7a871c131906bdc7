import type { Knex } from 'knex'
import { engine } from '../src/kernel/db/dialect.ts'
import { storeWords } from '../src/kernel/db/full-text.ts'
import { searchTokens } from '../src/kernel/search/tokens.ts'

const batch = 200

type Row = { id: number; text: string; masked_text?: string | null; module?: string }

/** On SQLite the tokens stand in FTS5. */
export async function up(knex: Knex) {
  if (engine(knex) !== 'mssql') return
  await fill(
    knex,
    'customer_search',
    knex('customer_search_texts').select({ id: 'customer_id' }, 'text'),
    'customer_id',
  )
  await fill(knex, 'module_search', knex('module_search_texts').select('id', 'text', 'masked_text', 'module'), 'id')
}

async function fill(knex: Knex, index: 'customer_search' | 'module_search', texts: Knex.QueryBuilder, key: string) {
  for (let last = 0; ; ) {
    const rows: Row[] = await texts.clone().where(key, '>', last).orderBy(key).limit(batch)
    const end = rows.at(-1)?.id ?? last
    if (end <= last) return
    await storeWords(knex, index, rows.map(tokensOf))
    last = end
  }
}

const tokensOf = ({ id, text, masked_text, module }: Row) => ({
  id,
  tokens: searchTokens([text, masked_text ?? ''].join('|'), module === undefined ? {} : { module }),
})

/** The words go with their tables. */
export async function down() {}
