import type { Knex } from 'knex'
import { day, decimal, flag, id, instant, key, keyIfAny, long, money, ref, text } from '../db/columns.ts'
import { createListIndexes } from '../db/list-indexes.ts'
import type { SchemaColumn, Table } from '../db/schema.ts'
import type { FieldKind } from '../web/fields.ts'
import { peopleOptions } from '../web/options.ts'
import { builtInModules } from './catalogue.ts'
import { indexesOf } from './indexes.ts'
import type { Lines, Module, ModuleField } from './module.ts'
import { ownDefinitions } from './own.ts'

type Create = Knex.CreateTableBuilder
type Control = FieldKind['control']

const usualLength = 200

/** What a field is stored in; whatever has no place of its own is a text. */
const columnsOf: Partial<
  Record<Control, (t: Create, field: ModuleField) => Knex.ColumnBuilder | Knex.ReferencingColumnBuilder>
> = {
  textarea: (t, { name }) => long(t, name),
  number: (t, { name }) => t.integer(name),
  decimal: (t, { name }) => decimal(t, name),
  money: (t, { name }) => money(t, name),
  day: (t, { name }) => day(t, name),
  instant: (t, { name }) => instant(t, name),
  check: (t, { name }) => flag(t, name).defaultTo(false),
  // What it points at may get its table later, or be another module of rows, whose table goes first.
  link: (t, { name }) => t.integer(name),
  choice: (t, { name, options }) =>
    options ? ref(t, name, options === peopleOptions ? 'users' : 'dictionary_entries') : t.integer(name),
}

/** It points at a record of a module, by its link or by what it hangs on. */
const isPointer = ({ kind, options }: ModuleField) => kind.control === 'link' || (kind.control === 'choice' && !options)

const line = (t: Create, { name, max = usualLength, kind }: ModuleField) =>
  text(t, name, kind.isCountedInUnits ? max : max * 2)

function makeColumns(t: Create, fields: ModuleField[]) {
  for (const field of fields) {
    const column = (columnsOf[field.kind.control] ?? line)(t, field)
    if (field.isRequired) column.notNullable()
    if (isPointer(field)) column.index()
    if (field.isUnique) (field.isRequired ? key(t, `${field.name}_key`) : keyIfAny(t, `${field.name}_key`)).unique()
  }
}

/** Makes the tables of a module that rows define, as its definition says (own.ts): its own, and those of its lines. */
export async function makeOwnTables(db: Knex, module: Module) {
  const { name, title, fields, bin, lines = [] } = module
  await db.schema.createTable(name, (t) => {
    id(t)
    makeColumns(t, fields)
    text(t, `${title}_pinyin`, usualLength).notNullable()
    if (bin) instant(t, 'deleted_at').index()
    instant(t, 'created_at').notNullable()
    instant(t, 'updated_at').notNullable()
    t.integer('version').notNullable()
  })
  await createListIndexes(db, indexesOf(module))
  for (const one of lines) await makeLinesTable(db, module, one)
}

/** Makes the table of lines of such a module. */
const makeLinesTable = (db: Knex, { name }: Module, { table, fields }: Lines) =>
  db.schema.createTable(table, (t) => {
    id(t)
    ref(t, 'record_id', name).notNullable().index()
    t.integer('position').notNullable()
    makeColumns(t, fields)
  })

/** The modules that rows define, with their tables; those switched off before they had one have none. */
export async function ownTables(db: Knex): Promise<{ tables: Table[]; module: Module }[]> {
  const made: { tables: Table[]; module: Module }[] = []
  for (const { module } of await ownDefinitions(db))
    if (await db.schema.hasTable(module.name)) made.push({ tables: tablesOf(module), module })
  return made
}

/** Every module that has records: those written in code, and those of rows, also where they are switched off. */
export const modulesWithRecords = async (db: Knex): Promise<Module[]> => [
  ...builtInModules(),
  ...(await ownTables(db)).map(({ module }) => module),
]

const column = (name: string, kind: SchemaColumn['kind']): SchemaColumn => ({ name, kind })

/** How the rows of such tables are written and read, the same on both databases; what others point at comes first. */
export const tablesOf = (module: Module): Table[] => [
  tableWith(module.name, [
    ...module.fields.flatMap(columnsFor),
    column(`${module.title}_pinyin`, 'text'),
    ...(module.bin ? [column('deleted_at', 'text')] : []),
    column('created_at', 'text'),
    column('updated_at', 'text'),
    column('version', 'number'),
  ]),
  ...(module.lines ?? []).map(({ table, fields }) =>
    tableWith(table, [column('record_id', 'number'), column('position', 'number'), ...fields.flatMap(columnsFor)]),
  ),
]

const tableWith = (name: string, columns: SchemaColumn[]): Table => ({
  name,
  columns: [column('id', 'number'), ...columns],
  key: ['id'],
  isNumbered: true,
})

const columnsFor = ({ name, kind, isUnique }: ModuleField) => [
  column(name, kindsOf[kind.control] ?? 'text'),
  ...(isUnique ? [column(`${name}_key`, 'text')] : []),
]

const kindsOf: Partial<Record<Control, SchemaColumn['kind']>> = {
  number: 'number',
  decimal: 'number',
  money: 'number',
  choice: 'number',
  link: 'number',
  check: 'flag',
}
