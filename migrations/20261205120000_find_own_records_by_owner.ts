import type { Knex } from 'knex'
import { engine } from '../src/kernel/db/dialect.ts'
import { type Indexed, indexModule } from '../src/kernel/db/module-search.ts'

const batch = 400

/** Records of own modules that belong to somebody are found by whose they are as well; no other such module was searched by this index. */
export async function up(knex: Knex) {
  // SQL Server asks the rows.
  if (engine(knex) === 'mssql') return
  const ids: number[] = await knex('own_modules').where({ ownership: 'owner' }).pluck('id')
  for (const name of ids.map((id) => `own_${id}`)) if (await knex.schema.hasTable(name)) await findByOwner(knex, name)
}

async function findByOwner(knex: Knex, module: string) {
  for (let last = 0; ; ) {
    const rows: (Indexed & { record_id: number })[] = await knex('module_search_texts')
      .join(module, `${module}.id`, 'module_search_texts.record_id')
      .where({ 'module_search_texts.module': module })
      .where('record_id', '>', last)
      .orderBy('record_id')
      .limit(batch)
      .select('record_id', 'text', 'masked_text', { owner: `${module}.owner_id` })
    const end = rows.at(-1)
    if (!end) return
    await indexModule(
      knex,
      module,
      rows.map(({ record_id, ...row }) => ({ ...row, id: record_id })),
    )
    last = end.record_id
  }
}

/** What is found by more does no harm. */
export async function down() {}
