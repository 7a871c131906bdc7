import type { Knex } from 'knex'
import { companyPinyin } from '../src/kernel/china/pinyin.ts'
import { indexModule, unindexModule } from '../src/kernel/db/module-search.ts'
import { joinedText } from '../src/kernel/search/tokens.ts'

/** Templates that are there already stand in their list by their pinyin, and are found. */
export async function up(knex: Knex) {
  for (let last = 0; ; ) {
    const next = await knex('mail_templates').where('id', '>', last).orderBy('id').first('id', 'name', 'subject')
    if (next?.id === undefined) return
    const { id, name, subject } = next
    const { full, initials } = companyPinyin(name)
    await knex('mail_templates').where({ id }).update({ name_pinyin: full })
    const found = { id, text: joinedText([name, full, initials, name, subject]), masked_text: null }
    await indexModule(knex, 'mail_templates', [found])
    last = id
  }
}

export async function down(knex: Knex) {
  await unindexModule(knex, 'mail_templates')
  await knex('mail_templates').update({ name_pinyin: '' })
}
