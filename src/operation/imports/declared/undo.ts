import type { Knex } from 'knex'
import { purgeRecords } from '../../../kernel/modules/bin.ts'
import { modulesBelow } from '../../../kernel/modules/catalogue.ts'
import { pointedIds } from '../../../kernel/modules/links.ts'
import { type Module, type Owner, ownerColumn, type Stored } from '../../../kernel/modules/module.ts'
import { livingRows, saveRecord } from '../../../kernel/modules/records.ts'
import type { Undone, UndoStep } from '../kind.ts'
import { restoring } from '../undoing/restoring.ts'
import { fieldsOf } from './take.ts'

/** What an import made goes, unless it was changed since or something hangs on it; then what it changed becomes as it was. */
export const undoingOf = (module: Module): UndoStep[] => [
  {
    record_type: module.name,
    action: 'create',
    run: async (trx, { actor }, rows): Promise<Undone> => {
      const made = new Map(rows.map((row) => [row.record_id, row]))
      const ids = [...made.keys()]
      const there: Stored[] = await livingRows(trx, module).whereIn(`${module.name}.id`, ids)
      const burdened = await idsWithMore(trx, module, ids)
      const gone = there.filter(({ id, version }) => made.get(id)?.version === version && !burdened.has(id))
      await purgeRecords(trx, module, gone, actor)
      return { done: new Set(gone.flatMap(({ id }) => made.get(id)?.id ?? [])), count: gone.length }
    },
  },
  restoring({
    table: module.name,
    isBinned: module.bin === true,
    save: (trx, before, { values, ...save }) =>
      saveRecord(trx, module, before, { ...save, values: { ...fieldsOf(module, before), ...values } }),
  }),
]

/** Those of these records on which something hangs, or that have files. */
async function idsWithMore(trx: Knex, module: Module, ids: number[]): Promise<Set<number>> {
  const more: number[] = await trx('files')
    .where({ record_type: module.name })
    .whereIn('record_id', ids)
    .pluck('record_id')
  for (const below of modulesBelow(module)) {
    const column = ownerColumn(below.owner as Owner)
    more.push(...(await trx(below.name).whereIn(column, ids).pluck(column)))
  }
  return new Set([...more, ...(await pointedIds(trx, module.name, ids))])
}
