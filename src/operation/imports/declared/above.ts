import type { Knex } from 'knex'
import { foldKey } from '../../../kernel/db/fold-key.ts'
import { fieldNamed, type Module, rightOf, type Stored } from '../../../kernel/modules/module.ts'
import { ownerOf, visibleRows } from '../../../kernel/modules/records.ts'
import { importWords } from '../../../texts/zh/import-modules.ts'
import { addReason, type ReadRow } from '../reading/row.ts'
import type { Work } from '../work.ts'
import { aboveOf, isReached, keyFields } from './facts.ts'
import { recordsByKey, recordsByTitle } from './finding.ts'

/**
 * Says of each row on which record of another module it hangs, among those this person sees and may add something to; a
 * row that names none of them, or one of several alike, gets a reason.
 */
export async function placeAbove(db: Knex, module: Module, work: Work, rows: ReadRow[]) {
  const above = aboveOf(module)
  if (!above || module.owner === 'nobody' || !('module' in module.owner)) return
  const { through } = module.owner
  const isOpen = await openTo(db, module, above, work)
  const finders = await findersOf(db, above, work, rows)
  const words = importWords(above.label)
  for (const row of rows) {
    const said = row.values.above ?? {}
    const written = Object.values(said).find(Boolean)
    const found = finders.map((find) => find(said)).find((list) => list !== undefined) ?? []
    const open: Stored[] = []
    for (const record of found) if (await isOpen(record)) open.push(record)
    const [only] = open
    if (only && open.length === 1) row.values.record = { ...row.values.record, [through]: only.id }
    else addReason(row, words.label, String(written ?? ''), open.length > 1 ? words.severalAbove : words.noSuch)
  }
}

/** Whether this person may add records to one of another module; asked once of each. */
async function openTo(db: Knex, module: Module, above: Module, { viewer }: Work) {
  const asked = new Map<number, boolean>()
  const look = async (record: Stored) => {
    const isSeen = await visibleRows(db, above, viewer).where(`${above.name}.id`, record.id).first(`${above.name}.id`)
    if (!isSeen || !viewer.can(rightOf(above, 'view'))) return false
    return isReached(module, viewer, rightOf(module, 'create'), await ownerOf(db, above, record))
  }
  return async (record: Stored) => {
    const known = asked.get(record.id) ?? (await look(record))
    asked.set(record.id, known)
    return known
  }
}

type Find = (said: Record<string, unknown>) => Stored[] | undefined

/** Ways to find what rows name, the strongest first; a way answers nothing of a row that does not go it. */
async function findersOf(db: Knex, above: Module, work: Work, rows: ReadRow[]): Promise<Find[]> {
  const isRead = ({ mask }: { mask?: Parameters<Work['viewer']['isMasked']>[0] }) =>
    !mask || !work.viewer.isMasked(mask)
  const finders: Find[] = []
  const textsOf = (name: string) => rows.map((row) => row.values.above?.[name])
  for (const field of keyFields(above).filter(isRead)) {
    const byKey = await recordsByKey(db, above, field, textsOf(field.name))
    finders.push(({ [field.name]: text }) => {
      if (!text) return undefined
      const found = byKey.get(foldKey(String(text)))
      return found ? [found] : []
    })
  }
  const title = fieldNamed(above, above.title)
  if (title.isUnique || !isRead(title)) return finders
  const visible = visibleRows(db, above, work.viewer)
  const byTitle = await recordsByTitle(db, above, visible, textsOf(above.title))
  finders.push(({ [above.title]: text }) => (text ? (byTitle.get(foldKey(String(text))) ?? []) : undefined))
  return finders
}
