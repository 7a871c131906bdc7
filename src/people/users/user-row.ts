import type { Knex } from 'knex'
import { personPinyin } from '../../kernel/china/pinyin.ts'
import { foldedKeys } from '../../kernel/db/keyed-texts.ts'
import { addPath } from '../../kernel/db/paths.ts'
import { superiorPaths } from './superior-paths.ts'

type NewUser = {
  username: string
  name: string
  password_hash: string
  is_factory_password?: boolean
  is_password_due?: boolean
  is_approval_due?: boolean
}

/** The column by which users are ordered. */
export const nameOrder = ({ name }: { name: string }) => ({ name_pinyin: personPinyin(name).full })

/** The row of a new user, with every column set. */
export function userRow({
  username,
  name,
  password_hash,
  is_factory_password = false,
  is_password_due = false,
  is_approval_due = false,
  ...rest
}: NewUser & Record<string, unknown>) {
  const now = new Date().toISOString()
  const row = {
    username,
    ...nameOrder({ name }),
    password_hash,
    is_factory_password,
    is_password_due,
    is_approval_due,
    failures: 0,
    locked_until_at: null,
    name,
    number: null,
    sex: null,
    department_id: null,
    superior_id: null as number | null,
    position: null,
    mobile: null,
    extension: null,
    email: null,
    joined_on: null,
    status: 'active',
    created_at: now,
    updated_at: now,
    version: 1,
    ...rest,
  }
  return { ...row, ...foldedKeys('users', row) }
}

/** Adds the row of a new user, below its superior. Answers the id. */
export async function insertUser(trx: Knex, row: ReturnType<typeof userRow>): Promise<number> {
  const [{ id }] = await trx('users').insert(row).returning('id')
  await addPath(trx, superiorPaths, id, row.superior_id)
  return id
}
