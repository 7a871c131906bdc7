import type { Knex } from 'knex'
import { companyPinyin } from '../src/kernel/china/pinyin.ts'
import { type Indexed, indexModule } from '../src/kernel/db/module-search.ts'
import { joinedText } from '../src/kernel/search/tokens.ts'

const batch = 400
const columns = ['name', 'short_name', 'code', 'phone', 'address', 'goods'] as const

type Supplier = { id: number; name_pinyin: string } & Record<(typeof columns)[number], string | null>

export async function up(knex: Knex) {
  for (let last = 0; ; ) {
    const rows: Supplier[] = await knex('suppliers')
      .where('id', '>', last)
      .whereNull('deleted_at')
      .orderBy('id')
      .limit(batch)
      .select('id', 'name_pinyin', ...columns)
    const end = rows.at(-1)?.id
    if (end === undefined) return
    await indexModule(knex, 'suppliers', rows.map(indexedOf))
    last = end
  }
}

function indexedOf({ id, name_pinyin, phone, ...texts }: Supplier): Indexed {
  const { name, short_name, code, address, goods } = texts
  const { initials } = companyPinyin(name ?? '')
  return {
    id,
    text: joinedText([name, name_pinyin, initials, short_name, code, address, goods]),
    masked_text: joinedText([phone], 500) || null,
  }
}

/** What is found by more does no harm. */
export async function down() {}
