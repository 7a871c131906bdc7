import type { Knex } from 'knex'
import { companyPinyin } from '../src/kernel/china/pinyin.ts'

/** Roles that are there already; of when they were made only the last change is known. */
export async function up(knex: Knex) {
  for (let last = 0; ; ) {
    const next = await knex('roles').where('id', '>', last).orderBy('id').first('id', 'updated_at', 'name')
    if (next?.id === undefined) return
    await knex('roles')
      .where({ id: next.id })
      .update({ name_pinyin: companyPinyin(next.name).full, created_at: next.updated_at })
    last = next.id
  }
}

export const down = (knex: Knex) => knex('roles').update({ name_pinyin: null, created_at: null })
