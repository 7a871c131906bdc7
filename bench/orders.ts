import '../src/modules.ts'
import Sqlite, { type Database } from 'better-sqlite3'
import type { Knex } from 'knex'
import { day, id, instant, ref, text } from '../src/kernel/db/columns.ts'
import { createListIndexes, type ListIndexes } from '../src/kernel/db/list-indexes.ts'
import { migrateDatabase } from '../src/kernel/db/migrate.ts'
import { facetsOf } from '../src/kernel/db/module-search.ts'
import { openDatabase } from '../src/kernel/db/open.ts'
import type { Module, ModuleField } from '../src/kernel/modules/module.ts'
import { spelledTexts } from '../src/kernel/search/spelled.ts'
import { joinedText, searchTokens, textLength } from '../src/kernel/search/tokens.ts'
import { choice, day as dayKind, line } from '../src/kernel/web/fields.ts'
import { entriesOf, peopleOptions } from '../src/kernel/web/options.ts'
import { presetInstallation } from '../src/operation/setup/installation.ts'
import { insertUser, userRow } from '../src/people/users/user-row.ts'
import { inserter, takeIndexes } from './fill.ts'
import { companyNames, readNames } from './names.ts'
import { randomFrom } from './random.ts'

/** A module as anybody might declare it, of orders with owner, three choices, two days and a title. */

const chosen = (name: string, label: string, dictionary: string): ModuleField => ({
  name,
  label,
  kind: choice,
  options: entriesOf(dictionary),
  isFilter: true,
})

export const orders: Module = {
  name: 'bench_orders',
  path: '/bench-orders',
  label: '订单',
  group: 'customers',
  fields: [
    { name: 'subject', label: '主题', kind: line, max: 100, isRequired: true },
    chosen('level_id', '等级', 'customer-levels'),
    chosen('state_id', '状态', 'customer-states'),
    chosen('kind_id', '类型', 'industries'),
    { name: 'ordered_on', label: '签订日期', kind: dayKind, isFilter: true },
    { name: 'due_on', label: '到期日期', kind: dayKind, isFilter: true },
    { name: 'owner_id', label: '所属人员', kind: choice, options: peopleOptions, isFilter: true },
  ],
  title: 'subject',
  owner: { by: 'owner_id' },
  acts: ['view', 'create', 'update', 'delete', 'export', 'print'],
  search: ['subject'],
  bin: true,
}

export const orderIndexes: ListIndexes = {
  table: 'bench_orders',
  isBinned: true,
  order: 'subject_pinyin',
  sorts: ['updated_at'],
  choices: ['level_id', 'state_id', 'kind_id', 'owner_id'],
  spans: ['ordered_on', 'due_on'],
}

export const people = 500

/** A file with so many orders, made directly. */
export async function makeOrders(file: string, count: number, isSearched = true) {
  await migrateDatabase({ client: 'better-sqlite3', file })
  const db = openDatabase({ client: 'better-sqlite3', file })
  await presetInstallation(db, null)
  await addPeople(db)
  await createTable(db)
  const pick = async (dictionary: string): Promise<number[]> =>
    db('dictionary_entries').where({ dictionary }).orderBy('position').pluck('id')
  const choices = {
    levels: await pick('customer-levels'),
    states: await pick('customer-states'),
    kinds: await pick('industries'),
    owners: (await db('users').orderBy('id').pluck('id')) as number[],
  }
  await db.destroy()
  const sqlite = new Sqlite(file)
  for (const pragma of ['journal_mode = off', 'synchronous = off', 'foreign_keys = off', 'cache_size = -1000000'])
    sqlite.pragma(pragma)
  fillOrders(sqlite, count, choices, isSearched)
  sqlite.pragma('journal_mode = wal')
  sqlite.close()
}

async function addPeople(db: Knex) {
  const names = readNames(new URL('../seeds/names/persons.txt', import.meta.url))
  for (let index = 1; index < people; index++)
    await insertUser(db, userRow({ username: `user${index}`, name: names[index] as string, password_hash: '-' }))
}

async function createTable(db: Knex) {
  await db.schema.createTable('bench_orders', (t) => {
    id(t)
    text(t, 'subject', 200).notNullable()
    text(t, 'subject_pinyin', 200).notNullable()
    for (const name of ['level_id', 'state_id', 'kind_id']) ref(t, name, 'dictionary_entries')
    for (const name of ['ordered_on', 'due_on']) day(t, name)
    ref(t, 'owner_id', 'users').notNullable()
    for (const name of ['created_at', 'updated_at']) instant(t, name).notNullable()
    instant(t, 'deleted_at')
    t.integer('version').notNullable()
  })
  await createListIndexes(db, orderIndexes)
}

type Choices = Record<'levels' | 'states' | 'kinds' | 'owners', number[]>

const subjects: [text: string, full: string, initials: string][] = [
  ['采购合同', 'caigouhetong', 'cght'],
  ['销售合同', 'xiaoshouhetong', 'xsht'],
  ['维护协议', 'weihuxieyi', 'whxy'],
  ['框架协议', 'kuangjiaxieyi', 'kjxy'],
]
const firstDay = Date.UTC(2021, 10, 20)
const dayMs = 86_400_000
const dayText = (ms: number) => new Date(ms).toISOString().slice(0, 10)

/**
 * Days go with the numbers of the rows, both days and the state with each other, as in life: of the rows that are done
 * none is of this year. One kind is met once in 100,000 rows, one never.
 */
function fillOrders(sqlite: Database, count: number, { levels, states, kinds, owners }: Choices, isSearched: boolean) {
  const indexes = takeIndexes(sqlite)
  const companyAt = companyNames(readNames(new URL('../seeds/names/companies.txt', import.meta.url)))
  const insert = inserter(sqlite, 'bench_orders')
  const texts = sqlite.prepare(
    "insert into module_search_texts (id, module, record_id, text) values (?, 'bench_orders', ?, ?)",
  )
  const tokens = sqlite.prepare('insert into module_search (rowid, tokens) values (?, ?)')
  const of = <T>(list: T[], at: number) => list[at % list.length] as T
  sqlite.exec('begin')
  for (let id = 1; id <= count; id++) {
    const random = randomFrom(id)
    const company = companyAt(random.below(400_000))
    const [name, full, initials] = of(subjects, random.skewed(4) - 1)
    const ordered = firstDay + Math.floor((id / count) * 1826 + random.below(10)) * dayMs
    const isDone = id / count < 0.8
    const subject = `${company.name}${name}`
    const subject_pinyin = `${company.full}${full}`.slice(0, 200)
    const owner = of(owners, random.below(owners.length))
    insert({
      id,
      subject,
      subject_pinyin,
      level_id: random.chance(0.1) ? null : of(levels, random.skewed(levels.length) - 1),
      state_id: of(states, isDone ? 0 : 1 + random.below(states.length - 1)),
      kind_id: random.below(100_000) === 0 ? of(kinds, 1) : of(kinds, 2 + random.below(kinds.length - 2)),
      ordered_on: dayText(ordered),
      due_on: random.chance(0.1) ? null : dayText(ordered + (10 + random.below(60)) * dayMs),
      owner_id: owner,
      created_at: `${dayText(ordered)}T00:00:00.000Z`,
      updated_at: `${dayText(ordered + random.below(100) * dayMs)}T0${random.below(9)}:00:00.000Z`,
      deleted_at: id % 1000 === 0 ? '2026-01-01T00:00:00.000Z' : null,
      version: 1,
    })
    if (id % 500_000 === 0) process.stdout.write(`${id} rows\n`)
    if (!isSearched) continue
    const letters = `${company.initials}${initials}`
    const text = joinedText([subject, letters], textLength, spelledTexts(subject_pinyin, letters))
    texts.run(id, id, text)
    tokens.run(id, searchTokens(text, facetsOf('bench_orders', owner)))
  }
  sqlite.exec('commit')
  for (const sql of indexes) sqlite.exec(sql)
  sqlite.exec("insert into module_search (module_search) values ('optimize')")
}
