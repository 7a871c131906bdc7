import type { Knex } from 'knex'
import { companyPinyin } from '../src/kernel/china/pinyin.ts'
import { type Indexed, indexModule, unindexModule } from '../src/kernel/db/module-search.ts'
import { joinedText } from '../src/kernel/search/tokens.ts'

const batch = 400

type Competitor = { id: number; name: string; name_pinyin: string; products: string | null }

/** What the list of competitors looked for in its rows stands in the index. */
export async function up(knex: Knex) {
  for (let last = 0; ; ) {
    const rows: Competitor[] = await knex('competitors')
      .where('id', '>', last)
      .orderBy('id')
      .limit(batch)
      .select('id', 'name', 'name_pinyin', 'products')
    const end = rows.at(-1)?.id
    if (end === undefined) return
    await indexModule(knex, 'competitors', rows.map(indexedOf))
    last = end
  }
}

function indexedOf({ id, name, name_pinyin, products }: Competitor): Indexed {
  return { id, text: joinedText([name, name_pinyin, companyPinyin(name).initials, products]), masked_text: null }
}

export const down = (knex: Knex) => unindexModule(knex, 'competitors')
