import type { Knex } from 'knex'
import { isUniqueViolation } from '../../../kernel/db/dialect.ts'
import { storedChanges } from '../../../kernel/history/history.ts'
import type { Reference } from '../../../kernel/reference.ts'
import type { Values } from '../../../kernel/web/form.ts'
import type { Actor } from '../../../kernel/web/session.ts'
import type { Taken } from '../applying/applied.ts'
import type { UndoStep } from '../kind.ts'

type Stored = { id: number; version: number } & Record<string, unknown>
type Save = { version: number; values: Values; actor: Actor; reference: Reference }
type Restoring = { table: string; isBinned: boolean; save(trx: Knex, before: Stored, save: Save): Promise<unknown> }

/**
 * Sets records back to what stood in them before, where they still stand at the version of the import and nobody else
 * has meanwhile what may stand once.
 */
export const restoring = ({ table, isBinned, save }: Restoring): UndoStep => ({
  record_type: table,
  action: 'change',
  run: async (trx, { actor, reference }, rows) => {
    const done = new Set<number>()
    for (const row of rows) {
      const { record_id, version } = row
      const living = trx(table).where({ id: record_id, version })
      const before: Stored | undefined = await (isBinned ? living.whereNull('deleted_at') : living).first()
      if (!before) continue
      const values = await valuesBefore(trx, row)
      const isDone = await trx
        .transaction((inner) => save(inner, before, { version, values, actor, reference }))
        .then(() => true)
        .catch((error) => {
          if (isUniqueViolation(error)) return false
          throw error
        })
      if (isDone) done.add(row.id)
    }
    return { done, count: done.size }
  },
})

/** What stood in the fields that the import changed, from the history: of several changes the first knows. */
async function valuesBefore(trx: Knex, { record_type, record_id, base_version, version }: Taken): Promise<Values> {
  const events: { changes: string | null }[] = await trx('events')
    .where({ record_type, record_id })
    .whereBetween('record_version', [base_version + 1, version])
    .orderBy('id', 'desc')
    .select('changes')
  const changes = events.flatMap(({ changes }) => storedChanges(changes))
  return Object.fromEntries(changes.map(({ field, before }) => [field, before]))
}
