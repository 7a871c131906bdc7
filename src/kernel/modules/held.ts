import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import { countFiles } from '../files/file.ts'
import { showCount } from '../web/formatting.ts'
import { goingWith } from './bin-moves.ts'
import { aboveOf, modulesBelow, modulesWithRows, wordsOf } from './catalogue.ts'
import { holding, pointingTexts, unpointed } from './links.ts'
import { type Module, type Owner, ownerColumn, type Reason, type Stored } from './module.ts'
import { hangingOn, livingRows } from './rows.ts'

/** Of modules that are switched off too, whose records go and hold as those of others. */
const allBelow = (module: Module) => modulesBelow(module, modulesWithRows())
const isPointedAt = (module: Module): boolean => holding(module.name).length > 0 || allBelow(module).some(isPointedAt)

/** Narrows rows of a module to those that can go for good: nothing points at them, nor at what hangs on them. */
export function unheld(db: Knex, rows: Knex.QueryBuilder, module: Module): Knex.QueryBuilder {
  unpointed(db, rows, module.name)
  for (const below of allBelow(module).filter(isPointedAt)) {
    const going = unheld(db, db(below.name).select(`${below.name}.id`), below)
    const column = ownerColumn(below.owner as Owner)
    const held = db(below.name).whereNotIn('id', going).whereNotNull(column).select(column)
    rows.whereNotIn(`${module.name}.id`, held)
  }
  return rows
}

/** Narrows rows of a module to those that hang on nothing in the recycle bin: with that the others come back and go. */
export function notWithAbove(db: Knex, rows: Knex.QueryBuilder, module: Module): Knex.QueryBuilder {
  const above = aboveOf(module)
  if (!above) return rows
  const standing = notWithAbove(db, livingRows(db, above), above).select(`${above.name}.id`)
  return rows.whereIn(`${module.name}.${ownerColumn(module.owner as Owner)}`, standing)
}

/** Why a record cannot be removed: what hangs on one that goes for good, and what the declaration says. */
export async function heldBy(db: Knex, module: Module, record: Stored): Promise<Reason[]> {
  const barred = module.hooks?.barred?.(record, 'delete')
  if (barred) return [{ text: barred }]
  const hanging = module.bin ? [] : await hangingTexts(db, module, record, ({ hooks }) => !hooks?.erased)
  const held = hanging.length > 0 ? [{ text: wordsOf(module).held(hanging) }] : []
  const pointing = module.bin ? [] : await pointingTexts(db, module.name, record.id)
  if (pointing.length > 0) held.push({ text: text.recycleBin.pointed(pointing) })
  return [...held, ...((await module.hooks?.leaving?.(db, record)) ?? [])]
}

/** How many records of which modules hang on one, in words; nothing where there are none. */
const hangingTexts = (
  db: Knex,
  module: Module,
  { id }: Stored,
  isAsked = (_below: Module) => true,
): Promise<string[]> =>
  countedBelow(allBelow(module).filter(isAsked), (below) => hangingOn(db(below.name), below, module, [id]))

/** The same of those that would go to the recycle bin with it, or come back with it from there. */
const movingTexts = (db: Knex, module: Module, record: Stored): Promise<string[]> =>
  countedBelow(modulesBelow(module), (below) =>
    below.bin ? goingWith(db, module, below, [record], record.deleted_at) : undefined,
  )

async function countedBelow(modules: Module[], rowsOf: (below: Module) => Knex.QueryBuilder | undefined) {
  const said: string[] = []
  for (const below of modules) {
    const row = await rowsOf(below)?.count({ row_count: '*' }).first()
    const count = Number(row?.row_count ?? 0)
    if (count > 0) said.push(wordsOf(below).counted(showCount(count)))
  }
  return said
}

/** What happens when a record goes for good, or to the recycle bin, beside what its words say. */
export async function removalTexts(db: Knex, module: Module, record: Stored): Promise<string[]> {
  if (module.bin) return wordsOf(module).binDetails(await movingTexts(db, module, record))
  return [...(await goingTexts(db, module, record)), ...wordsOf(module).deletionDetails]
}

/** What happens when it comes back from there. */
export async function restoringTexts(db: Knex, module: Module, record: Stored): Promise<string[]> {
  const coming = await movingTexts(db, module, record)
  if (coming.length > 0) return [text.recycleBin.comingBack(coming)]
  const above = aboveOf(module)
  return [above ? text.recycleBin.backToAbove(above.label) : text.recycleBin.backToList]
}

/** What happens when it goes for good from there. */
export const purgeTexts = async (db: Knex, module: Module, record: Stored): Promise<string[]> => [
  ...text.recycleBin.purgeDetails(await hangingTexts(db, module, record)),
  ...(await goingTexts(db, module, record)),
]

async function goingTexts(db: Knex, module: Module, record: Stored): Promise<string[]> {
  const { name, files, hooks } = module
  const said = (await hooks?.removal?.(db, record)) ?? []
  if (!files) return said
  return [...said, ...text.files.purgeDetails(await countFiles(db, { record_type: name, record_id: record.id }))]
}
