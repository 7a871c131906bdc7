import type { Knex } from 'knex'
import { foldKey } from '../src/kernel/db/fold-key.ts'
import { fillTextIndex } from '../src/kernel/db/text-index.ts'

const texts = ['name', 'nickname', 'department', 'position', 'mobile', 'office_phone', 'home_phone', 'email']
const others = ['wechat', 'qq', 'msn', 'address', 'postcode', 'notes']

export const up = (knex: Knex) =>
  fillTextIndex(knex, 'contacts', (row) => ({
    ...Object.fromEntries([...texts, ...others].map((name) => [name, row[name] as string | null])),
    code: foldKey(String(row.code)),
  }))

/** The index goes with its table. */
export async function down() {}
