import type { Knex } from 'knex'
import t, { type Test } from 'tap'
import { addEach } from '../../../src/kernel/db/add-each.ts'
import {
  contains,
  engine,
  insertAll,
  isForeignKeyViolation,
  isUniqueViolation,
  paginate,
  startsWith,
  storageFault,
  unindexed,
  upsert,
} from '../../../src/kernel/db/dialect.ts'
import { idsHolding } from '../../../src/kernel/db/distinct-scan.ts'
import { openTestDatabase } from '../../fixtures/database.ts'
import { recordingServer } from '../../fixtures/recording-mssql.ts'

async function openWords(t: Test, words: string[]): Promise<Knex> {
  const { db, drop } = await openTestDatabase()
  t.teardown(async () => {
    for (const table of ['sayings', 'words']) await db.schema.dropTable(table)
    await drop()
  })
  await db.schema.createTable('words', (table) => {
    table.increments('id')
    table.string('word', 40).unique()
    table.integer('uses')
  })
  await db.schema.createTable('sayings', (table) => {
    table.increments('id')
    table.integer('word_id').unsigned().references('id').inTable('words')
  })
  await insertAll(
    db,
    'words',
    words.map((word) => ({ word, uses: 1 })),
  )
  return db
}

const rejection = async (work: PromiseLike<unknown>) => {
  try {
    await work
    return undefined
  } catch (error) {
    return error
  }
}

t.test('contains and startsWith take what was typed as it is', async (t) => {
  const words = ['50%', '500', 'a_b', 'axb', '[a]', 'a', 'x\\y', "O'Neil", '长春市', '𠮷林', '吉林']
  const db = await openWords(t, words)
  for (const term of ['%', '_', '[', ']', '\\', "'", '春', '𠮷', '0%', "' or 1=1 --"]) {
    const found: string[] = await contains(db('words'), ['word'], term).orderBy('id').pluck('word')
    t.strictSame(
      found,
      words.filter((word) => word.includes(term)),
      `contains ${term}`,
    )
  }
  for (const term of ['5', '50%', 'a_', '[', 'x\\', '长', '𠮷', '吉']) {
    const found: string[] = await startsWith(db('words'), 'word', term).orderBy('id').pluck('word')
    t.strictSame(
      found,
      words.filter((word) => word.startsWith(term)),
      `starts with ${term}`,
    )
  }
  t.equal((await contains(db('words'), ['word', 'uses'], '1')).length, words.length, 'any of the columns')
})

t.test('insertAll takes any number of rows', async (t) => {
  const words = Array.from({ length: 1501 }, (_, index) => `w${index}`)
  const db = await openWords(t, words)
  t.equal((await db('words').count({ row_count: '*' }).first())?.row_count, 1501)
  await insertAll(db, 'words', [])
})

t.test('paginate, addEach, upsert, unindexed', async (t) => {
  const db = await openWords(t, ['a', 'b', 'c', 'd'])
  const page = paginate(db('words').select('word'), { order: [{ column: 'word', order: 'desc' }], offset: 1, size: 2 })
  t.strictSame(await page, [{ word: 'c' }, { word: 'b' }])
  t.equal(
    await addEach(db, 'words', {}, { column: 'word', number: 'uses', steps: ['a', 'b', 'z'].map((word) => [word, 4]) }),
    2,
  )
  await upsert(db, 'words', { word: 'a' }, { uses: 9 })
  await upsert(db, 'words', { word: 'e' }, { uses: 2 })
  await Promise.all(Array.from({ length: 5 }, (_, uses) => upsert(db, 'words', { word: 'f' }, { uses })))
  const uses = await db('words').orderBy('word').select('word', 'uses')
  t.strictSame(
    uses.map(({ word }) => word),
    ['a', 'b', 'c', 'd', 'e', 'f'],
  )
  t.strictSame(
    uses.slice(0, 5).map(({ uses }) => uses),
    [9, 5, 1, 1, 2],
  )
  t.strictSame(
    await db('words')
      .where(unindexed(db, 'words.uses') as string, 9)
      .pluck('word'),
    ['a'],
  )
})

t.test('the rows whose value contains a term are found behind any number of values, rows and turns', async (t) => {
  const { db, drop } = await openTestDatabase()
  t.teardown(async () => {
    await db.schema.dropTable('marks')
    await drop()
  })
  await db.schema.createTable('marks', (table) => {
    table.increments('id')
    table.string('mark', 20)
    table.string('deleted_at', 30)
    table.index(['deleted_at', 'mark'])
  })
  const marks = Array.from({ length: 56_500 }, (_, at) => (at % 100 ? `m${String(at).padStart(5, '0')}` : null))
  marks.push('m00001')
  const rows = marks.map((mark) => ({ mark, deleted_at: null as string | null }))
  await insertAll(db, 'marks', [...rows, { mark: 'm00001', deleted_at: 'then' }])
  const found = (term: string, most = 100) => idsHolding(db, { table: 'marks', column: 'mark' }, term, most)
  for (const term of ['m00001', '5049', '0505', '5555', '5649', 'm5649', 'x', '%']) {
    const holding = marks.flatMap((mark, at) => (mark?.includes(term) ? at + 1 : []))
    t.same(new Set(await found(term)), new Set(holding), term)
  }
  t.equal((await found('m', 7_000)).length, 7_000, 'not more than were asked for')
})

t.test('what the database refuses is known by its number', async (t) => {
  const db = await openWords(t, ['a'])
  const [{ id: word_id }] = await db('words').select('id')
  await db('sayings').insert({ word_id })
  const twice = await rejection(db('words').insert({ word: 'a', uses: 1 }))
  t.ok(isUniqueViolation(twice) && !isForeignKeyViolation(twice))
  const used = await rejection(db('words').where({ word: 'a' }).delete())
  t.ok(isForeignKeyViolation(used) && !isUniqueViolation(used))
  for (const number of [2601, 2627]) t.ok(isUniqueViolation({ number }))
  t.ok(isForeignKeyViolation({ number: 547 }))
  t.notOk(isUniqueViolation(new Error('UNIQUE constraint failed')), 'never by its words')
})

t.test('why nothing can be written', async (t) => {
  const faults: [error: object, fault: string | undefined][] = [
    [{ code: 'SQLITE_FULL' }, 'full'],
    [{ code: 'SQLITE_READONLY_DIRECTORY' }, 'readOnly'],
    [{ code: 'SQLITE_CANTOPEN' }, 'readOnly'],
    [{ code: 'SQLITE_BUSY_SNAPSHOT' }, 'busy'],
    [{ code: 'SQLITE_ERROR' }, undefined],
    [{ number: 1105 }, 'full'],
    [{ number: 9002 }, 'full'],
    [{ number: 3906 }, 'readOnly'],
    [{ number: 1205 }, 'busy'],
    [{ number: 1222 }, 'busy'],
    [{ code: 'ETIMEOUT' }, 'busy'],
    [{ code: 'EREQUEST' }, undefined],
    [{ number: 208 }, undefined],
    [new Error('x'), undefined],
  ]
  for (const [error, fault] of faults) t.equal(storageFault(error), fault, JSON.stringify(error))
})

t.test('on SQL Server', async (t) => {
  const { db, seen } = recordingServer()
  t.equal(engine(db), 'mssql')
  await db.transaction(async (trx) => t.equal(engine(trx), 'mssql'))
  await contains(db('words'), ['word', 'kind'], '5[%')
  await startsWith(db('words'), 'word', '[_')
  await addEach(db, 'words', {}, { column: 'word', number: 'uses', steps: [['a', 1]] })
  await db('words').where(unindexed(db, 'words.uses') as string, 9)
  const like = ['word', 'kind'].map(
    (name, at) => `[${name}] collate Latin1_General_100_CI_AS_SC like @p${at} escape '\\'`,
  )
  t.equal(seen[0]?.sql, `select * from [words] where (${like.join(' or ')})`)
  t.strictSame(seen[0]?.bindings, ['%5\\[\\%%', '%5\\[\\%%'])
  t.strictSame(seen[1]?.bindings, ['\\[\\_%'])
  t.match(
    seen[2]?.sql,
    'update [words] set [uses] = [uses] + case [word] when @p0 then @p1 else 0 end where [word] in (@p2)',
  )
  t.match(seen[3]?.sql, 'where [words].[uses] = @p0')
})
