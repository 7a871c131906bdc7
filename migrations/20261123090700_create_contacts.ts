import type { Knex } from 'knex'
import { day, flag, id, instant, long, ref, text } from '../src/kernel/db/columns.ts'

export async function up(knex: Knex) {
  await knex.schema.createTable('contacts', (t) => {
    id(t)
    ref(t, 'customer_id', 'customers').notNullable().index()
    text(t, 'code', 80).notNullable().unique()
    text(t, 'name', 100).notNullable()
    text(t, 'name_pinyin', 200).notNullable()
    text(t, 'name_initials', 100).notNullable()
    text(t, 'nickname', 100)
    text(t, 'sex', 10)
    day(t, 'birthday_on')
    text(t, 'department', 100)
    text(t, 'position', 100)
    flag(t, 'is_main')
    for (const phone of ['office_phone', 'home_phone', 'mobile']) text(t, phone, 100)
    text(t, 'email', 200)
    text(t, 'address', 400)
    text(t, 'postcode', 6)
    for (const name of ['qq', 'wechat', 'msn']) text(t, name, 100)
    long(t, 'notes')
    instant(t, 'created_at').notNullable()
    instant(t, 'updated_at').notNullable()
    instant(t, 'deleted_at')
    t.integer('version').notNullable()
    for (const name of ['code', 'name_pinyin', 'nickname', 'department', 'position']) t.index(['deleted_at', name])
  })
}

export const down = (knex: Knex) => knex.schema.dropTable('contacts')
