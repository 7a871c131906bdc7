import type { Knex } from 'knex'
import t from 'tap'
import { openDatabase } from '../../src/kernel/db/open.ts'
import { faultOf } from '../fixtures/both-engines.ts'
import { recordingServer } from '../fixtures/recording-mssql.ts'
import { serverFaults } from '../fixtures/server-rules.ts'
import { schemaFaults } from '../fixtures/server-schema-rules.ts'

const db = openDatabase({ client: 'better-sqlite3', file: ':memory:' })
t.teardown(() => db.destroy())
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

t.test('what SQL Server would refuse is noticed on SQLite', async (t) => {
  const ordered = () => db('a').select('id').orderBy('id')
  const wrong = {
    'offset without order by': db('a').select('id').offset(3).limit(2),
    'a Latin collation': db('a').whereILike('x', 'y'),
    'onConflict() is not supported': db('a').insert({ x: 1 }).onConflict('x').ignore(),
    'a column selected twice': db('a').join('b', 'a.id', 'b.id').select('a.id', 'b.id'),
    'a bound Date': db('a').where('x', new Date()),
    'update with a join': db('a').join('b', 'a.id', 'b.id').update({ x: 1 }),
    'order by in a subquery': db('a').whereIn('id', ordered()),
    '2101 parameters': db('a').whereIn('id', numbers(2101)),
    'more than 1,000 rows': db('a').insert(numbers(1001).map((x) => ({ x }))),
  }
  for (const [fault, query] of Object.entries(wrong)) t.match(faultOf(query as never), fault)
  t.match(faultOf(db('a').join('b', 'a.id', 'b.id').select('a.*', 'b.*') as never), 'a column selected twice')
  t.match(faultOf(db('a').select('id', 'x', { id: 'y' }).limit(3) as never), 'a column selected twice')
  t.match(faultOf(db.from(ordered().as('part')) as never), 'order by in a subquery')
  t.match(faultOf(db.with('part', ordered()).from('part') as never), 'order by in a subquery')
})

t.test('what both understand is let through', async (t) => {
  const cut = () => db('a').select('id').orderBy('id').limit(3)
  t.equal(faultOf(db.from(cut().as('part')).orderBy('id').limit(2).offset(1) as never), undefined)
  t.equal(faultOf(db('a').whereIn('id', numbers(2000)).delete() as never), undefined)
  const counted = db('b').count('*').where('b.id', db.ref('a.id')).as('id_count')
  t.equal(faultOf(db('a').select('a.id', 'a.x', counted, { y: 'a.x' }).limit(3) as never), undefined)
  t.equal(faultOf(db('a').insert(numbers(1000).map((x) => ({ x }))) as never), undefined)
})

t.test('what SQL Server would refuse in a schema is noticed without it', async (t) => {
  const { db, seen } = recordingServer()
  const faultsOf = async (work: () => Promise<unknown>) => {
    seen.length = 0
    await db.schema.createTable('a', (table) => {
      table.increments('id')
      table.string('code', 40).unique()
      table.integer('version').notNullable().defaultTo(1)
      table.integer('b_id').unsigned().references('id').inTable('b')
      table.text('notes')
    })
    await work()
    return schemaFaults(seen.map(({ sql }) => sql)).map((fault) => fault.replace(/:.*/, ''))
  }
  const alter = (change: (table: Knex.AlterTableBuilder) => unknown) => () =>
    db.schema.alterTable('a', (table) => void change(table))
  const wrong: Record<string, () => Promise<unknown>> = {
    'a_code_unique stands on the column (5074)': alter((table) => table.dropColumn('code')),
    'a_b_id_foreign stands on the column (5074)': alter((table) => table.dropColumns('version', 'b_id')),
    'a_version_default stands on the column (5074)': () => db.raw('alter table [a] drop column [version]'),
    'a_notes_index is about unlimited text (1919)': alter((table) => table.index(['notes'])),
    'the name a_code_unique is taken (2714)': alter((table) => table.unique(['code'])),
    'a cascade (1785)': alter((table) => table.foreign('version').references('id').inTable('c').onDelete('cascade')),
  }
  for (const [fault, work] of Object.entries(wrong)) t.strictSame(await faultsOf(work), [fault], fault)
  const right = async () => {
    await db.schema.alterTable('a', (table) => table.dropUnique(['code']))
    await db.schema.alterTable('a', (table) => table.dropColumns('code', 'version'))
    await db.schema.alterTable('a', (table) => table.dropForeign('b_id'))
    await db.schema.alterTable('a', (table) => table.dropColumn('b_id'))
    await db.schema.dropTable('a')
    await db.schema.createTable('a', (table) => table.string('code', 40).unique())
  }
  t.strictSame(await faultsOf(right), [])
})

t.test('what SQL Server would do otherwise than it looks is noticed in any statement', async (t) => {
  const wrong: Record<string, string> = {
    'identity_insert that ends with its statement (544)': 'set identity_insert [users] on',
    'a lock on a join': 'select * from [a] with (UPDLOCK) inner join [b] on [a].[id] = [b].[id]',
    'ident_current, which says 1 for a table without a row': "select ident_current('users')",
    'more than 1,000 rows': `set identity_insert [a] on; insert into [a] values ${Array(1001).fill('(1)').join(', ')}; set identity_insert [a] off`,
  }
  for (const [fault, sql] of Object.entries(wrong)) t.strictSame(serverFaults({ sql }), [fault])
  t.match(faultOf(db('a').join('b', 'a.id', 'b.id').forUpdate('a').select('a.id') as never), 'a lock on a join')
  t.strictSame(
    serverFaults({ sql: 'set identity_insert [a] on; insert into [a] ([id]) values (1); set identity_insert [a] off' }),
    [],
  )
})
