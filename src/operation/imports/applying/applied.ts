import type { Knex } from 'knex'
import { insertAll } from '../../../kernel/db/dialect.ts'

/**
 * A record that an import made or changed: it stood at `base_version` before (0: it was not there) and at `version` after
 * the last row about it.
 */
export type Taken = {
  id: number
  import_id: number
  record_type: string
  record_id: number
  action: 'create' | 'change'
  base_version: number
  version: number
}

/** Keeps which records an import made, so that it can be undone. */
export const keepMade = (trx: Knex, import_id: number, record_type: string, ids: number[]) =>
  insertAll(
    trx,
    'import_rows',
    ids.map((record_id) => ({
      import_id,
      record_type,
      record_id,
      action: 'create',
      base_version: 0,
      version: 1,
      is_kept: false,
    })),
  )

/** Keeps that an import changed a record that stood at `before`; one it had made or changed already just moves on. */
export async function keepChanged(
  trx: Knex,
  import_id: number,
  record_type: string,
  before: { id: number; version: number },
) {
  const version = before.version + 1
  const known = { import_id, record_type, record_id: before.id, version: before.version }
  if (await trx('import_rows').where(known).update({ version })) return
  const row = { ...known, action: 'change', base_version: before.version, version, is_kept: false }
  await trx('import_rows').insert(row)
}
