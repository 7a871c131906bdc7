import type { Knex } from 'knex'
import { day, decimal, flag, id, instant, key, keyIfAny, long, money, ref, text } from '../db/columns.ts'
import { createListIndexes } from '../db/list-indexes.ts'
import type { SchemaColumn, Table } from '../db/schema.ts'
import type { FieldKind } from '../web/fields.ts'
import { peopleOptions } from '../web/options.ts'
import { indexesOf } from './indexes.ts'
import type { Module, ModuleField } from './module.ts'
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
  choice: (t, { name, options }) => ref(t, name, options === peopleOptions ? 'users' : 'dictionary_entries'),
}

const line = (t: Create, { name, max = usualLength, kind }: ModuleField) =>
  text(t, name, kind.isCountedInUnits ? max : max * 2)

/** Makes the table of a module that rows define, as its definition says. Its reader is kernel/modules/own.ts. */
export async function makeOwnTable(db: Knex, module: Module) {
  const { name, title, fields, bin } = module
  await db.schema.createTable(name, (t) => {
    id(t)
    for (const field of fields) {
      const column = (columnsOf[field.kind.control] ?? line)(t, field)
      if (field.isRequired) column.notNullable()
      if (field.kind.control === 'link') column.index()
      if (field.isUnique) (field.isRequired ? key(t, `${field.name}_key`) : keyIfAny(t, `${field.name}_key`)).unique()
    }
    text(t, `${title}_pinyin`, usualLength).notNullable()
    if (bin) instant(t, 'deleted_at').index()
    instant(t, 'created_at').notNullable()
    instant(t, 'updated_at').notNullable()
    t.integer('version').notNullable()
  })
  await createListIndexes(db, indexesOf(module))
}

/** The tables of modules that rows define, as their definitions say; those switched off before they had one have none. */
export async function ownTables(db: Knex): Promise<{ table: Table; module: Module }[]> {
  const made: { table: Table; module: Module }[] = []
  for (const { module } of await ownDefinitions(db))
    if (await db.schema.hasTable(module.name)) made.push({ table: tableOf(module), module })
  return made
}

/** How the rows of such a table are written and read, the same on both databases. */
export function tableOf({ name, title, fields, bin }: Module): Table {
  const column = (name: string, kind: SchemaColumn['kind']): SchemaColumn => ({ name, kind })
  const ofField = (field: ModuleField) => [
    column(field.name, kindsOf[field.kind.control] ?? 'text'),
    ...(field.isUnique ? [column(`${field.name}_key`, 'text')] : []),
  ]
  const columns = [
    column('id', 'number'),
    ...fields.flatMap(ofField),
    column(`${title}_pinyin`, 'text'),
    ...(bin ? [column('deleted_at', 'text')] : []),
    column('created_at', 'text'),
    column('updated_at', 'text'),
    column('version', 'number'),
  ]
  return { name, columns, key: ['id'], isNumbered: true }
}

const kindsOf: Partial<Record<Control, SchemaColumn['kind']>> = {
  number: 'number',
  decimal: 'number',
  money: 'number',
  choice: 'number',
  link: 'number',
  check: 'flag',
}
