import type { Knex } from 'knex'
import { companyPinyin } from '../src/kernel/china/pinyin.ts'
import { dropColumns, text } from '../src/kernel/db/columns.ts'

/** A declared module keeps the pinyin of its titles. */
export async function up(knex: Knex) {
  await knex.schema.alterTable('departments', (t) => void text(t, 'name_pinyin', 400))
  for (let last = 0; ; ) {
    const next = await knex('departments').where('id', '>', last).orderBy('id').first('id', 'name')
    if (next?.id === undefined) return
    await knex('departments')
      .where({ id: next.id })
      .update({ name_pinyin: companyPinyin(next.name).full })
    last = next.id
  }
}

export const down = (knex: Knex) => dropColumns(knex, 'departments', ['name_pinyin'])
