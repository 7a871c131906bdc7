import type { Knex } from 'knex'
import { choice } from '../web/fields.ts'
import type { Viewer } from '../web/viewer.ts'
import { aboveOf, moduleNamed } from './catalogue.ts'
import { isHanging, type Module, type ModuleField, type Owner, ownerColumn, rightOf, type Stored } from './module.ts'
import { seenName } from './reading.ts'
import { hangingOn, visibleRows } from './rows.ts'

/** The id of what a record hangs on; undefined where it hangs on nothing. */
export const aboveIdOf = (module: Module, record: Stored): number | undefined =>
  isHanging(module) ? (record[ownerColumn(module.owner as Owner)] as number) : undefined

/** So many are offered to choose from. */
const most = 200

/**
 * The fields of a form, where each that points at a record hanging on the same one (`isSibling`) is a choice of those this
 * person may see; `aboveId` is what the record of the form hangs on.
 */
export async function withSiblings<F extends ModuleField>(
  db: Knex,
  viewer: Viewer,
  module: Module,
  fields: F[],
  aboveId: number | undefined,
): Promise<F[]> {
  if (aboveId === undefined || !fields.some(({ isSibling }) => isSibling)) return fields
  const chosen = await Promise.all(
    fields.map(async (field) => {
      const to = field.isSibling && moduleNamed(field.to ?? '')
      return to ? { ...field, kind: choice, options: await optionsOf(db, viewer, { module, to, aboveId }) } : field
    }),
  )
  return chosen
}

async function optionsOf(
  db: Knex,
  viewer: Viewer,
  { module, to, aboveId }: { module: Module; to: Module; aboveId: number },
) {
  const above = aboveOf(module)
  if (!above || !viewer.can(rightOf(to, 'view'))) return () => []
  const rows: Stored[] = await hangingOn(visibleRows(db, to, viewer), to, above, [aboveId])
    .orderBy([`${to.name}.${to.title}_pinyin`, `${to.name}.id`])
    .limit(most)
    .select(`${to.name}.*`)
  const options = rows.map((row) => ({ value: String(row.id), label: seenName(to, row, viewer) }))
  return () => options
}
