import type { Knex } from 'knex'
import { cachedByRevision } from '../db/cache-revision.ts'
import type { FileKind } from '../files/kinds.ts'
import type { Act, MaskGroup } from '../permissions.ts'
import { decimal } from '../web/decimal-kind.ts'
import { check, choice, day, email, type FieldKind, integer, line, long, money, phone, website } from '../web/fields.ts'
import { instant } from '../web/instant-kind.ts'
import { link } from '../web/link-kind.ts'
import { entriesOf, peopleOptions } from '../web/options.ts'
import { replaceOwnModules } from './catalogue.ts'
import type { Module, ModuleField } from './module.ts'

type ModuleRow = {
  id: number
  slug: string
  label: string
  menu_group: string
  title_column: string
  number_column: string | null
  number_pattern: string | null
  ownership: 'owner' | 'nobody'
  acts: string
  has_bin: boolean
  is_active: boolean
  /** The kinds of files its records have, by commas; null where they have none. */
  files: string | null
}

type FieldRow = {
  module_id: number
  column_name: string
  label: string
  type: string
  max_length: number | null
  dictionary: string | null
  target: string | null
  places: number | null
  unit: string | null
  least: string | null
  greatest: string | null
  mask: MaskGroup | null
  is_required: boolean
  is_unique: boolean
  is_filter: boolean
  is_listed: boolean
  is_searched: boolean
}

/** The types a field of an own module can have; the ending of its column says the same to the database (db/rows.ts). */
const kinds: Record<string, FieldKind> = {
  line,
  long,
  number: integer,
  decimal,
  money,
  day,
  instant,
  link,
  flag: check,
  choice,
  person: choice,
  phone,
  email,
  website,
}

export const ownName = (id: number) => `own_${id}`
export const ownPath = (slug: string) => `/own/${slug}`
/** The column that says whose a record of an own module is. */
const ownerOfOwn = 'owner_id'

/** Takes up the modules that rows define, as they stand now, instead of those known before. */
export async function takeUpOwnModules(db: Knex) {
  const modules = await ownDefinitions(db)
  replaceOwnModules(modules.filter(({ row }) => row.is_active).map(({ module }) => module))
}

/** Every module that rows define, those that are switched off too. */
export async function ownDefinitions(db: Knex): Promise<{ row: ModuleRow; module: Module }[]> {
  const modules: ModuleRow[] = await db('own_modules').orderBy('id')
  const fields: FieldRow[] = modules.length > 0 ? await db('own_fields').orderBy(['position', 'id']) : []
  const ofModule = Map.groupBy(fields, ({ module_id }) => module_id)
  return modules.map((row) => ({ row, module: moduleOf(row, ofModule.get(row.id) ?? []) }))
}

/** The same at a revision, where nobody looks (viewers.ts takes them up for who does). */
export const ownModulesAt = cachedByRevision(takeUpOwnModules)

function moduleOf(row: ModuleRow, fields: FieldRow[]): Module {
  return {
    name: ownName(row.id),
    path: ownPath(row.slug),
    label: row.label,
    group: row.menu_group,
    fields: fields.map(fieldOf),
    title: row.title_column,
    ...(row.number_column !== null && { number: { field: row.number_column, pattern: row.number_pattern ?? '' } }),
    owner: row.ownership === 'owner' ? { by: ownerOfOwn } : 'nobody',
    acts: row.acts.split(',') as Act[],
    search: fields.filter(({ is_searched }) => is_searched).map(({ column_name }) => column_name),
    ...(row.has_bin && { bin: true as const }),
    ...(row.files !== null && { files: row.files.split(',') as FileKind[] }),
  }
}

/** A field of a type this program does not know is kept and shown as a line. */
function fieldOf(row: FieldRow): ModuleField {
  const kind = kinds[row.type] ?? line
  return {
    name: row.column_name,
    label: row.label,
    kind,
    isRequired: row.is_required,
    column: { isHidden: !row.is_listed },
    ...(row.max_length !== null && { max: row.max_length }),
    ...(row.target !== null && { to: row.target }),
    ...(row.places !== null && { places: row.places }),
    ...(row.unit !== null && { unit: row.unit }),
    ...(row.least !== null && { least: row.least }),
    ...(row.greatest !== null && { greatest: row.greatest }),
    ...(row.mask !== null && { mask: row.mask }),
    ...(row.is_unique && { isUnique: true as const }),
    ...(row.is_filter && { isFilter: true as const }),
    ...(row.type === 'long' && { isWide: true }),
    ...(row.type === 'choice' && {
      options: entriesOf(row.dictionary ?? ''),
      ...(row.mask === null && !row.is_unique && { isBatch: true as const }),
    }),
    ...(row.type === 'person' && { options: peopleOptions }),
  }
}
