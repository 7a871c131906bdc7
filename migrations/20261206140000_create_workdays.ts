import type { Knex } from 'knex'
import { day as dayColumn, id, instant, text } from '../src/kernel/db/columns.ts'

/** Holidays and made-up working days of 2026, as the State Council published them in November 2025. */
const published: [name: string, pinyin: string, off: [from: string, to: string], work: string[]][] = [
  ['元旦', 'yuandan', ['2026-01-01', '2026-01-03'], ['2026-01-04']],
  ['春节', 'chunjie', ['2026-02-15', '2026-02-23'], ['2026-02-14', '2026-02-28']],
  ['清明节', 'qingmingjie', ['2026-04-04', '2026-04-06'], []],
  ['劳动节', 'laodongjie', ['2026-05-01', '2026-05-05'], ['2026-05-09']],
  ['端午节', 'duanwujie', ['2026-06-19', '2026-06-21'], []],
  ['中秋节', 'zhongqiujie', ['2026-09-25', '2026-09-27'], []],
  ['国庆节', 'guoqingjie', ['2026-10-01', '2026-10-07'], ['2026-09-20', '2026-10-10']],
]

export async function up(knex: Knex) {
  await knex.schema.createTable('workdays', (t) => {
    id(t)
    dayColumn(t, 'held_on').notNullable()
    t.unique(['held_on'], { useConstraint: true })
    text(t, 'kind', 20).notNullable()
    text(t, 'name', 60).notNullable()
    text(t, 'name_pinyin', 200).notNullable()
    instant(t, 'created_at').notNullable()
    instant(t, 'updated_at').notNullable()
    t.integer('version').notNullable()
  })
  const at = new Date().toISOString()
  for (const [name, name_pinyin, [from, to], work] of published) {
    const row = { name, name_pinyin, created_at: at, updated_at: at, version: 1 }
    for (let day = Date.parse(from); day <= Date.parse(to); day += 86_400_000)
      await knex('workdays').insert({ held_on: new Date(day).toISOString().slice(0, 10), kind: 'off', ...row })
    for (const held_on of work) await knex('workdays').insert({ held_on, kind: 'work', ...row })
  }
}

export const down = (knex: Knex) => knex.schema.dropTable('workdays')
