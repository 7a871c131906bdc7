import { readdirSync } from 'node:fs'
import type { Knex } from 'knex'
import t from 'tap'
import { customersIndex as of } from '../../src/customers/search-index.ts'
import { addEach } from '../../src/kernel/db/add-each.ts'
import * as revision from '../../src/kernel/db/cache-revision.ts'
import * as dialect from '../../src/kernel/db/dialect.ts'
import * as heldValues from '../../src/kernel/db/distinct-scan.ts'
import * as frequentTokens from '../../src/kernel/db/frequent-tokens.ts'
import * as fullText from '../../src/kernel/db/full-text.ts'
import * as listIndexes from '../../src/kernel/db/list-indexes.ts'
import * as moduleSearch from '../../src/kernel/db/module-search.ts'
import type { Database } from '../../src/kernel/db/open.ts'
import * as pairCounts from '../../src/kernel/db/pair-counts.ts'
import * as paths from '../../src/kernel/db/paths.ts'
import * as period from '../../src/kernel/db/period.ts'
import { prepared } from '../../src/kernel/db/prepared.ts'
import { repeatedKeys, settleRepeatedKeys } from '../../src/kernel/db/repeated-keys.ts'
import * as repeatedTokens from '../../src/kernel/db/repeated-tokens.ts'
import * as schema from '../../src/kernel/db/schema.ts'
import * as search from '../../src/kernel/db/search.ts'
import * as searchFacets from '../../src/kernel/db/search-facets.ts'
import * as index from '../../src/kernel/db/search-index.ts'
import * as searchNarrowing from '../../src/kernel/db/search-narrowing.ts'
import * as serverBackup from '../../src/kernel/db/server-backup.ts'
import * as size from '../../src/kernel/db/size.ts'
import * as statistics from '../../src/kernel/db/statistics.ts'
import * as tallies from '../../src/kernel/db/tallies.ts'
import * as textIndex from '../../src/kernel/db/text-index.ts'
import { throughIndex, withIds } from '../../src/kernel/db/with-ids.ts'
import { type SearchTerms, searchTerms } from '../../src/kernel/search/terms.ts'
import { type Condition, takesValues } from '../../src/kernel/web/conditions.ts'
import type { Filter, List, ListQuery } from '../../src/kernel/web/list.ts'
import { listPage } from '../../src/kernel/web/list-page.ts'
import { filtered } from '../../src/kernel/web/list-rows.ts'
import { walk } from '../../src/kernel/web/row-stream.ts'
import { everybody } from '../../src/kernel/web/viewers.ts'
import { superiorPaths } from '../../src/people/users/superior-paths.ts'
import { type Recorded, recordingServer } from '../fixtures/recording-mssql.ts'
import { serverFaults } from '../fixtures/server-rules.ts'

const root = new URL('../../', import.meta.url)
const days = { registered_on: '2026-05-04', next_contact_on: '2026-06-01' }
const row = {
  record_type: 'customers',
  field: 'code',
  code_key: 'kh1 7',
  record_id: 7,
  other_id: 8,
  ...days,
  code: 'KH1',
  name_pinyin: 'jia',
  id: 7,
  total: 30,
  row_count: 30,
  customer_count: 30,
  number: 3,
  depth: 3,
  name: 'all',
  text: '甲',
  department: '部',
  position: '职',
}

const faults = (seen: Recorded[]) =>
  seen.flatMap((query) => serverFaults(query).map((fault) => `${fault}: ${query.sql.slice(0, 300)}`))

/** What every function of src/kernel/db that takes a database is called with; a new one adds its call. */
const terms = searchTerms('长春 8497')
const sought = { module: 'competitors', terms: terms as SearchTerms, isOpenOnly: false }
const facets = { level_id: [3, null], kind: 'company', tag_id: [7, 9] }
const record = { name: '长春甲公司', short_name: null, code: 'KH1', phones: ['0431-84978981'], facets: { level_id: 3 } }
const many = (count: number) => Array.from({ length: count }, (_, index) => ({ id: index + 1, record }))
const server: Database = {
  client: 'mssql',
  host: 'db',
  port: 1433,
  user: 'kehu',
  password: '-',
  database: 'kehu',
  encrypt: true,
  trustCertificate: false,
}
const usersTable: schema.Table = {
  name: 'users',
  columns: [
    { name: 'id', kind: 'number' },
    { name: 'name', kind: 'text' },
  ],
  key: ['id'],
  isNumbered: true,
}
const manyOwners = new Set(Array.from({ length: 700 }, (_, id) => id + 1))
const competitorIndexes: listIndexes.ListIndexes = {
  table: 'competitors',
  order: 'name_pinyin',
  sorts: ['size'],
  choices: ['version'],
  spans: ['created_at'],
}
const fewSteps: [string, number][] = [
  ['all', 2],
  ['kind:person', -1],
]
const namedTallies = prepared<{ name: string }, typeof row>(['name'], (db, { name }) =>
  db('tallies').where({ name }).select('name').limit(1),
)
const calls: Record<string, Record<string, (db: Knex) => unknown>> = {
  'add-each.ts': {
    addEach: (db) =>
      addEach(db, 'tallies', { module: 'customers' }, { column: 'name', number: 'row_count', steps: fewSteps }),
  },
  'dialect.ts': {
    engine: (db) => t.equal(dialect.engine(db), 'mssql'),
    insertAll: (db) =>
      dialect.insertAll(db, 'events', new Array(900).fill({ action: 'a', user_name: '甲', changes: null })),
    insertReturning: (db) =>
      dialect.insertReturning(db, 'tags', new Array(900).fill({ name: '甲', name_key: '甲', tone: null }), [
        'id',
        'name',
      ]),
    upsert: (db) => dialect.upsert(db, 'settings', { name: 'a' }, { value: '1' }),
    setEach: (db) => dialect.setEach(db, 'tags', 'name_key', Array(400).fill([7, '甲'])),
    sumOf: (db) => db('customers').select(dialect.sumOf(db, 'customers.credit_limit_cents', 'measure')),
    unindexed: (db) => db('customers').where(dialect.unindexed(db, 'customers.level_id') as string, 3),
  },
  'tallies.ts': {
    namesIn: () => t.same(tallies.namesIn(['kind'], { kind: 'person' }), ['all', 'kind:person']),
    countRecords: (db) =>
      tallies.countRecords(db, 'customers', (row) => tallies.namesIn(['kind'], row), { added: [{ kind: 'person' }] }),
    moveTally: (db) => tallies.moveTally(db, 'customers', 'level_id', 3, 4),
    removeTally: (db) => tallies.removeTally(db, 'customers', 'all'),
    tallyOf: (db) => tallies.tallyOf(db, 'customers', 'all'),
    talliesOf: (db) => tallies.talliesOf(db, 'customers', 'level_id', [3, 4]),
    countAnew: (db) => tallies.countAnew(db, 'competitors', ['size'], () => db('competitors')),
    tallyName: () => t.equal(tallies.tallyName('level_id', 3), 'level_id:3'),
  },
  'with-ids.ts': {
    withIds: (db) => withIds(db, db('customers').select('customers.id'), 'customers', [3, 5]),
    throughIndex: (db) => throughIndex(db, db('customers').count({ total: '*' }), 'customers', 'customers_counted'),
  },
  'list-indexes.ts': {
    listIndexes: () => t.equal(listIndexes.listIndexes(competitorIndexes).length, 4),
    createListIndexes: (db) => listIndexes.createListIndexes(db, competitorIndexes),
    dropListIndexes: (db) => listIndexes.dropListIndexes(db, competitorIndexes),
  },
  'prepared.ts': {
    prepared: async (db) => {
      for (const name of ['all', 'kind']) t.equal((await namedTallies(db, { name })).length, 1)
    },
  },
  'frequent-tokens.ts': { weighTerms: (db) => frequentTokens.weighTerms(of, db, terms as NonNullable<typeof terms>) },
  'distinct-scan.ts': {
    idsHolding: (db) => heldValues.idsHolding(db, { table: 'contacts', column: 'department' }, '采购', 100),
  },
  'pair-counts.ts': {
    countPairs: (db) => pairCounts.countPairs(db, db('customers'), ['customers.level_id', 'customers.kind']),
  },
  'paths.ts': {
    addPath: (db) => paths.addPath(db, superiorPaths, 7, 3),
    movePath: (db) => paths.movePath(db, superiorPaths, 7, 3),
    chainBetween: (db) => paths.chainBetween(db, superiorPaths, 7, 3),
  },
  'period.ts': {
    inPeriod: (db) =>
      period.inPeriod(db('events').select('id'), 'events', 'occurred_at', {
        from: '2026-05-01T00:00:00.000Z',
        before: '2026-06-01T00:00:00.000Z',
      }),
  },
  'repeated-tokens.ts': {
    repeating: (db) =>
      repeatedTokens.repeating(db, { tokens: 'module_search', key: 'id', texts: ['text', 'masked_text'] }, '8'),
  },
  'repeated-keys.ts': { repeatedKeys, settleRepeatedKeys },
  'cache-revision.ts': {
    bumpRevision: revision.bumpRevision,
    revisionColumn: (db) => db('users').select('id', revision.revisionColumn(db)),
    currentRevision: revision.currentRevision,
  },
  'search-facets.ts': {
    refacet: (db) => searchFacets.refacet(of, db, [{ id: 7, facets: { level_id: 3 } }]),
  },
  'search-narrowing.ts': {
    ownedBy: (db) => searchNarrowing.ownedBy(of, db, db('customers').select('id'), 'customers.id', manyOwners),
    namedSo: (db) =>
      searchNarrowing.namedSo(of, db, db('customers').select('id'), {
        named: [{ part: '1380', columns: ['customers.code'] }],
      }),
    whereFacets: (db) => {
      const query = db('customers').select('id')
      searchNarrowing.whereFacets(of, db, query, facets)
      return query
    },
  },
  'size.ts': { describeDatabase: (db) => size.describeDatabase(db, server) },
  'schema.ts': {
    withoutReferences: (db) => schema.withoutReferences(db, ['users', 'customers'], async () => {}),
    insertWithIds: (db) => schema.insertWithIds(db, usersTable, new Array(1200).fill({ id: 7, name: '甲' })),
    lastId: (db) => schema.lastId(db, 'users'),
    setLastId: (db) => schema.setLastId(db, 'users', 12),
    rowsAfter: (db) => schema.rowsAfter(db, { ...usersTable, key: ['name', 'id'] }, { name: '甲', id: 7 }, 10),
  },
  'server-backup.ts': {
    serverRights: serverBackup.serverRights,
    backUpOnServer: (db) => serverBackup.backUpOnServer(db, 'kehu', '/var/kehu.bak'),
  },
  'statistics.ts': { refreshStatistics: (db) => statistics.refreshStatistics(db, 'events') },
  'search-index.ts': {
    reindex: (db) => index.reindex(of, db, many(1100)),
    indexNew: (db) => index.indexNew(of, db, [{ id: 7, text: '长春', tokens: '长 春 长春' }]),
    storeTokens: (db) => index.storeTokens(of, db, [{ id: 7, tokens: '长 春 长春' }]),
    unindex: (db) => index.unindex(of, db, [7, 8]),
    removeTokens: (db) => index.removeTokens(db, of.tokens, [7, 8]),
  },
  'full-text.ts': {
    createWords: (db) => fullText.createWords(db, 'module_search'),
    dropWords: (db) => fullText.dropWords(db, 'module_search'),
    storeWords: (db) => fullText.storeWords(db, 'module_search', [{ id: 7, tokens: '长春 长 春' }]),
    removeWords: (db) => fullText.removeWords(db, 'module_search', [7, 8]),
    wordHits: (db) => fullText.wordHits(db, 'module_search', '("长春")') ?? db('module_search_texts'),
    makeFullText: (db) => fullText.makeFullText(db, ['module_search']),
    lookAtFullText: (db) => fullText.lookAtFullText(db, ['module_search']),
    keepFullText: async (db) => fullText.keepFullText(db, [], () => {})(),
  },
  'text-index.ts': {
    createTextIndex: (db) => textIndex.createTextIndex(db, 'contacts'),
    dropTextIndex: (db) => textIndex.dropTextIndex(db, 'contacts'),
    indexTexts: (db) => textIndex.indexTexts(db, 'contacts', [{ id: 7, texts: { name: '王芳' } }]),
    unindexTexts: (db) => textIndex.unindexTexts(db, 'contacts', [7, 8]),
    fillTextIndex: (db) => textIndex.fillTextIndex(db, 'contacts', () => ({})),
    textHits: (db) => textIndex.textHits(db, 'contacts', [{ name: 'name', part: '王' }]) ?? db('contacts'),
  },
  'module-search.ts': {
    createModuleSearch: moduleSearch.createModuleSearch,
    dropModuleSearch: moduleSearch.dropModuleSearch,
    indexModule: (db) => moduleSearch.indexModule(db, 'equipment', [{ id: 7, text: '长春', masked_text: null }]),
    unindexModule: (db) => moduleSearch.unindexModule(db, 'equipment', [7, 8]),
    changeTexts: (db) => moduleSearch.changeTexts(db, (text) => `${text}|甲`),
    matchingRecords: (db) => moduleSearch.matchingRecords(db, { ...sought, module: 'equipment' }),
    newestRecords: (db) => moduleSearch.newestRecords(db, sought, 100, 7),
    lookAtRecords: (db) => moduleSearch.lookAtRecords(db('competitors').select('id'), { ...sought, isOpenOnly: true }),
  },
  'search.ts': {
    createTokens: (db) => search.createTokens(db, 'module_search'),
    dropTokens: (db) => search.dropTokens(db, 'module_search'),
    createSearch: (db) => search.createSearch(of, db),
    dropSearch: (db) => search.dropSearch(of, db),
    setMerging: (db) => search.setMerging(db, { automerge: 0, crisismerge: 200 }, of.tokens),
    newestMatching: (db) => search.newestMatching(of, db, { terms, facets, pinyin: 'changchun' }, 100),
    matching: (db) => search.matching(of, db, { terms, facets, pinyin: 'changchun' }),
    holding: (db) => search.holding(of, db, db('customers').select('id'), { terms, pinyin: 'changchun' }),
    searchPage: (db) => search.searchPage(of, db, { terms, facets, pinyin: 'changchun', page: 3, size: 20 }),
  },
}

const withoutQueries = [
  'columns.ts',
  'fold-key.ts',
  'inspect-thread.ts',
  'inspect.ts',
  'keyed-texts.ts',
  'knex-dialects.d.ts',
  'migrate-command.ts',
  'migrate.ts',
  'open.ts',
  'rows.ts',
  'search-tables.ts',
  'sqlite-client.ts',
  'sqlite-copy.ts',
  'statements.ts',
  'write-queue.ts',
  'upkeep-thread.ts',
  'upkeep.ts',
]

t.test('every function of src/kernel/db says to SQL Server what it understands', async (t) => {
  const there = readdirSync(new URL('src/kernel/db/', root)).filter((file) => !withoutQueries.includes(file))
  t.strictSame(there.sort(), Object.keys(calls).sort())
  for (const [file, functions] of Object.entries(calls)) {
    const taken = await takingDatabase(`src/kernel/db/${file}`)
    t.strictSame(
      taken.filter((name) => !functions[name]),
      [],
      `a call for each function of src/kernel/db/${file}`,
    )
    for (const [name, call] of Object.entries(functions)) {
      const { db, seen } = recordingServer(row)
      await call(db)
      await db.transaction(async (trx) => void (await call(trx)))
      t.strictSame(faults(seen), [], name)
    }
  }
})

/** The exported functions of a file whose first parameter is a database or a transaction. */
async function takingDatabase(file: string): Promise<string[]> {
  const exported = Object.entries(await import(new URL(file, root).href))
  return exported.filter(([, value]) => /^[^(]*\((db|trx|_db)\b/.test(String(value))).map(([name]) => name)
}

t.test('queries that take a query', async (t) => {
  const { db, seen } = recordingServer(row)
  await dialect.paginate(db('users').select('id'), { order: [{ column: 'id' }], offset: 20, size: 10 })
  await dialect.contains(db('users').select('id'), ['name', 'number'], '50%_[a]\\')
  await dialect.startsWith(db('contacts').select('id'), 'code', 'LX_1')
  await dialect.isText(db('customers').select('id'), 'name', ['𠮷林公司', '甲'])
  t.strictSame(faults(seen), [])
  t.match(seen[0]?.sql, /order by \[id\] asc offset @p0 rows fetch next @p1 rows only/)
  t.strictSame(seen[1]?.bindings, ['%50\\%\\_\\[a]\\\\%', '%50\\%\\_\\[a]\\\\%'])
  t.match(seen[3], {
    sql: /where \[name\] in \(@p0, @p1\) and \[name\] collate Latin1_General_100_BIN2 in \(@p2, @p3\)/,
    bindings: ['𠮷林公司', '甲', '𠮷林公司', '甲'],
  })
  t.match(seen[2], { sql: /\[code\] like @p0 escape '\\'/, bindings: ['LX\\_1%'] })
})

const lists = await everyList()

t.test('every list in every order, with every filter, searched, paged and walked to its end', async (t) => {
  t.ok(lists.length >= 4, `${lists.length} lists`)
  let queries = 0
  for (const list of lists) {
    const { db, seen } = recordingServer(row)
    for (const query of everyQuery(list)) {
      await filtered(db, list, query)
      await listPage(db, list, query)
      for await (const _row of walk(db, list, query, 2)) await Promise.resolve()
    }
    t.strictSame(faults(seen), [], list.path)
    queries += seen.length
  }
  t.comment(`${lists.length} lists, ${queries} queries`)
})

/** Whatever looks like a list among the exports of src; lists of one record are made for the record 7. */
async function everyList(): Promise<List[]> {
  const found: List[] = []
  for (const file of readdirSync(new URL('src/', root), { recursive: true, encoding: 'utf8' }).sort()) {
    if (!/\/list\.ts$/.test(file) || file === 'kernel/web/list.ts') continue
    for (const value of Object.values(await import(new URL(`src/${file}`, root).href))) {
      const made = listOf(value)
      if (made) found.push(made)
    }
  }
  return found
}

/** A list, or what a function makes of one number, if it is a list. */
function listOf(value: unknown): List | undefined {
  const isMaker = typeof value === 'function' && value.length === 1
  try {
    const made = (isMaker ? value(7) : value) as Partial<List> | undefined
    return made?.rows && made.columns && made.filters ? (made as List) : undefined
  } catch {
    return undefined
  }
}

function everyQuery(list: List): ListQuery[] {
  const base: ListQuery = { viewer: everybody, q: '', filters: {}, sort: null, page: 1, per: 10 }
  const one = list.filters.map(valuesOf)
  const all = Object.assign({}, ...one)
  const sorts = list.columns
    .filter(({ sort }) => sort)
    .flatMap((column) => [false, true].map((isDescending) => ({ column, isDescending })))
  const searches = list.search ? ['长春', 'a', '8497 明', "'%_["] : ['']
  return [
    base,
    { ...base, page: 3 },
    ...sorts.flatMap((sort) => [
      { ...base, sort },
      { ...base, sort, page: 2, filters: all },
    ]),
    ...one.map((filters) => ({ ...base, filters })),
    ...conditionsOf(list).map((condition) => ({ ...base, conditions: [condition], columns: list.columns })),
    ...searches.flatMap((q) => [
      { ...base, q },
      { ...base, q, filters: all, sort: sorts[0] ?? null },
    ]),
  ]
}

/** Every condition there can be, with a value that suits it. */
function conditionsOf(list: List): Condition[] {
  return (list.conditions ?? []).flatMap((field) =>
    field.operators.map((operator) => {
      const value = { text: '甲', choice: 3, day: '2026-01-01', number: 7 }[field.control]
      return { field, operator, said: ['3', '3'], values: takesValues(operator) ? [value, value] : [] }
    }),
  )
}

function valuesOf(filter: Filter): Record<string, string> {
  if (filter.kind === 'days') return { [`${filter.name}_from`]: '2026-01-01', [`${filter.name}_to`]: '2026-12-31' }
  if (filter.kind === 'link') return { [filter.name]: 'id:3' }
  return { [filter.name]: filter.name.endsWith('_code') ? '220100' : filter.name.endsWith('_id') ? '3' : 'a' }
}
