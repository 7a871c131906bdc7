import type { Knex } from 'knex'
import { cachedByRevision } from '../db/cache-revision.ts'
import type { FileKind } from '../files/kinds.ts'
import type { Act } from '../permissions.ts'
import { moduleNamed, replaceOwnModules, restModules } from './catalogue.ts'
import type { Lines, Module, ModuleField } from './module.ts'
import { type FieldRow, fieldOf, type LineFieldRow, lineFieldOf } from './own-fields.ts'
import { type Paper, plainPaper } from './papers.ts'

type ModuleRow = {
  id: number
  slug: string
  label: string
  menu_group: string
  title_column: string
  number_column: string | null
  number_pattern: string | null
  ownership: 'owner' | 'above' | 'nobody'
  /** The module on whose records its own hang. */
  above_module: string | null
  acts: string
  has_bin: boolean
  is_active: boolean
  /** The kinds of files its records have, by commas; null where they have none. */
  files: string | null
  /** The rules of likely duplicates by semicolons, each columns by commas; null where there is none. */
  alike: string | null
}

type LinesRow = { id: number; module_id: number; label: string; most: number }

type PaperRow = {
  module_id: number
  name: string
  label: string
  /** What stands on it, by commas; null for every field. */
  columns: string | null
  has_lines: boolean
  /** Who signs or stamps it, by commas, below a sentence; null where nobody does. */
  people: string | null
  sentence: string | null
}

/** What rows say of one module. */
type Rows = { row: ModuleRow; fields: FieldRow[]; lines: Lines[]; papers: Paper[] }

export const ownName = (id: number) => `own_${id}`
export const ownPath = (slug: string) => `/own/${slug}`
/** The columns that say whose a record of an own module is, or on what it hangs. */
const ownerColumns = { owner: 'owner_id', above: 'above_id' }

/** Takes up the modules that rows define, as they stand now, instead of those known before. */
export async function takeUpOwnModules(db: Knex) {
  const modules = await ownDefinitions(db)
  replaceOwnModules(modules.filter(({ row }) => row.is_active).map(({ module }) => module))
  const others = modules.filter(({ module }) => moduleNamed(module.name) !== module)
  restModules((await Promise.all(others.map(({ module }) => standing(db, module)))).flat())
}

/** As much of a module as stands in the database: one may be switched off, or wrong, before it got a table or a column. */
async function standing(db: Knex, module: Module): Promise<Module[]> {
  const fieldsIn = async (table: string, fields: ModuleField[]) => {
    const columns = await db(table).columnInfo()
    return fields.filter(({ name }) => name in columns)
  }
  if (!(await db.schema.hasTable(module.name))) return []
  const lines: Lines[] = []
  for (const one of module.lines ?? [])
    if (await db.schema.hasTable(one.table)) lines.push({ ...one, fields: await fieldsIn(one.table, one.fields) })
  return [{ ...module, lines, fields: await fieldsIn(module.name, module.fields) }]
}

/** Every module that rows define, those that are switched off too. */
export async function ownDefinitions(db: Knex): Promise<{ row: ModuleRow; module: Module }[]> {
  const modules: ModuleRow[] = await db('own_modules').orderBy('id')
  if (modules.length === 0) return []
  const inOrder = ['position', 'id']
  const fields = groupedBy<FieldRow>(await db('own_fields').orderBy(inOrder), 'module_id')
  const lineFields = groupedBy<LineFieldRow>(await db('own_line_fields').orderBy(inOrder), 'lines_id')
  const lines = groupedBy<LinesRow>(await db('own_lines').orderBy(inOrder), 'module_id')
  const papers = groupedBy<PaperRow>(await db('own_papers').orderBy(inOrder), 'module_id')
  return modules.map((row) => ({
    row,
    module: moduleOf({
      row,
      fields: fields(row.id),
      lines: lines(row.id).map((one) => linesOf(one, lineFields(one.id))),
      papers: papers(row.id).map(paperOf),
    }),
  }))
}

function groupedBy<Row>(rows: Row[], column: keyof Row): (id: number) => Row[] {
  const groups = Map.groupBy(rows, (row) => Number(row[column]))
  return (id) => groups.get(id) ?? []
}

/** The same at a revision, where nobody looks (viewers.ts takes them up for who does). */
export const ownModulesAt = cachedByRevision(takeUpOwnModules)

const listed = (said: string) => said.split(',')

function ownerOf({ ownership, above_module }: ModuleRow): Module['owner'] {
  if (ownership === 'owner') return { by: ownerColumns.owner }
  return ownership === 'above' ? { through: ownerColumns.above, module: above_module ?? '' } : 'nobody'
}

function moduleOf({ row, fields, lines, papers }: Rows): Module {
  return {
    name: ownName(row.id),
    path: ownPath(row.slug),
    label: row.label,
    group: row.menu_group,
    fields: fields.map(fieldOf),
    title: row.title_column,
    ...(row.number_column !== null && { number: { field: row.number_column, pattern: row.number_pattern ?? '' } }),
    owner: ownerOf(row),
    acts: listed(row.acts) as Act[],
    search: fields.filter(({ is_searched }) => is_searched).map(({ column_name }) => column_name),
    ...(row.has_bin && { bin: true as const }),
    ...(row.files !== null && { files: listed(row.files) as FileKind[] }),
    ...(row.alike !== null && { alike: row.alike.split(';').map((rule) => ({ fields: listed(rule) })) }),
    ...(lines.length > 0 && { lines }),
    ...(papers.length > 0 && { papers }),
  }
}

function linesOf({ id, label, most }: LinesRow, fields: LineFieldRow[]): Lines {
  const name = `own_lines_${id}`
  const summed = fields.filter(({ is_summed }) => is_summed)
  return {
    name,
    label,
    table: name,
    most,
    fields: fields.map(lineFieldOf),
    totals: summed.map(({ column_name, sum_column }) => ({
      field: column_name,
      ...(sum_column !== null && { into: sum_column }),
    })),
  }
}

const paperOf = ({ name, label, columns, has_lines, people, sentence }: PaperRow): Paper =>
  plainPaper({
    name,
    label,
    ...(columns !== null && { fields: listed(columns) }),
    hasLines: has_lines,
    ...(people !== null && { signatures: { sentence: sentence ?? '', people: listed(people) } }),
  })
