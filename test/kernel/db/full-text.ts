import t from 'tap'
import { matching, reindexCustomers, unindexCustomers } from '../../../src/customers/search-index.ts'
import { keepFullText, lookAtFullText, makeFullText, storeWords, wordHits } from '../../../src/kernel/db/full-text.ts'
import { matchingRecords } from '../../../src/kernel/db/module-search.ts'
import { openDatabase } from '../../../src/kernel/db/open.ts'
import { createTokens } from '../../../src/kernel/db/search.ts'
import { storeTokens } from '../../../src/kernel/db/search-index.ts'
import { type SearchTerms, searchTerms, tokenExpressions } from '../../../src/kernel/search/terms.ts'
import { searchTokens } from '../../../src/kernel/search/tokens.ts'
import { type Recorded, recordingServer } from '../../fixtures/recording-mssql.ts'
import { serverFaults } from '../../fixtures/server-rules.ts'

const indexes = ['customer_search', 'module_search'] as const

type State = { installed?: number; isMade?: boolean; population?: number; items?: number }

/** What a SQL Server says of its full text; `refused` to what makes one. */
const serverWith = ({ installed = 1, isMade = true, population = 0, items = 5 }: State, refused?: string) =>
  recordingServer(({ sql }: Recorded) => {
    if (/isfulltextinstalled/i.test(sql)) return [{ installed }]
    if (refused && /^create fulltext/.test(sql)) throw new Error(refused)
    if (/from \[sys\]|from sys\./.test(sql)) return isMade ? [{ object_id: 7 }] : []
    if (/TableFulltextPopulateStatus/.test(sql)) return [{ population, item_count: items, row_count: 5 }]
    return [{ '': 1 }]
  })

const textOf = (seen: Recorded[]) => seen.map(({ sql }) => sql.replace(/\s+/g, ' '))
const customers = (db: ReturnType<typeof recordingServer>['db'], q: string) =>
  matching(db, { terms: searchTerms(q) })
    .toSQL()
    .toNative()

t.test('full text is made where it is installed and not there yet', async (t) => {
  const { db, seen } = serverWith({ isMade: false })
  t.equal(await makeFullText(db, indexes), true)
  const made = 'with (change_tracking auto, stoplist off)'
  t.strictSame(
    textOf(seen).filter((sql) => sql.startsWith('create')),
    [
      'create fulltext catalog [kehu_search]',
      `create fulltext index on [customer_search_words] ([words] language 0) key index [customer_search_key] on [kehu_search] ${made}`,
      `create fulltext index on [module_search_words] ([words] language 0) key index [module_search_key] on [kehu_search] ${made}`,
    ],
  )
  const there = serverWith({})
  t.equal(await makeFullText(there.db, indexes), true)
  t.notOk(textOf(there.seen).some((sql) => sql.startsWith('create')))
  const without = serverWith({ installed: 0 })
  t.equal(await makeFullText(without.db, indexes), false)
  t.equal(without.seen.length, 1, 'nothing else is asked for')
})

t.test('what it finds is proved by the text, and what was changed lately is looked at besides', async (t) => {
  const { db } = serverWith({})
  await lookAtFullText(db, indexes)
  const { sql, bindings } = customers(db, '长春')
  t.match(
    sql,
    /where \[customers\]\.\[id\] in \(select \[id\] from \[customer_search_words\] where contains\(\[words\], @p0\) union select \[id\] from \[customer_search_words\] where \[changed_at\] >= @p1\) and \(\(\[text\] collate Latin1_General_100_BIN2 like @p2 escape '\\'\)\)/,
  )
  t.equal(bindings[0], '("ojjflpogjikf")', 'letters only: e9 95 bf e6 98 a5')
  const ago = Date.now() - Date.parse(String(bindings[1]))
  t.ok(ago > 10 * 60_000 && ago < 20 * 60_000)
  t.equal(bindings[2], '%长春%')
  t.strictSame(serverFaults({ sql, bindings }), [])
  const words = customers(db, '长春 043184').bindings[0]
  t.match(words, /^\("[a-p]+"\) AND \("[a-p]+"\)( AND \("[a-p]+"\))*$/)
  const records = matchingRecords(db, { module: 'equipment', terms: { parts: ['车床'] }, isOpenOnly: true })
  t.match(records.toSQL().sql, /\[id\] in \(select \[id\] from \[module_search_words\] where contains/)
  await db.transaction(async (trx) => t.match(matching(trx, { terms: searchTerms('长春') }).toSQL().sql, /contains\(/))
})

t.test('words in letters are found by the same expressions as tokens are', async (t) => {
  const { db, seen } = serverWith({})
  await lookAtFullText(db, indexes)
  const texts = [
    '长春明日科技|ccmrkj|kh0007',
    '-CHANG-CHUN-KAI-DE-YA|043184978981',
    '𠮷林|a1|华为138',
    '北京|13812345678',
  ]
  const rows = texts.map((text, at) => ({ id: at + 1, tokens: searchTokens(text, { module: 'equipment' }) }))
  await storeWords(db, 'module_search', rows)
  const stored = seen.filter(({ sql }) => sql.startsWith('insert')).flatMap(({ bindings }) => bindings)
  const sqlite = openDatabase({ client: 'better-sqlite3', file: ':memory:' })
  t.teardown(() => sqlite.destroy())
  for (const name of ['tokens', 'words']) await createTokens(sqlite, `${name}_search`)
  const words = stored.filter((one) => typeof one === 'string' && /^[a-p ]+$/.test(one)) as string[]
  t.equal(words.length, rows.length)
  await storeTokens({ tokens: 'tokens_search' }, sqlite, rows)
  await storeTokens(
    { tokens: 'words_search' },
    sqlite,
    words.map((tokens, at) => ({ id: at + 1, tokens })),
  )
  const found = (name: string, condition: string) =>
    sqlite(`${name}_search`)
      .whereRaw('?? match ?', [`${name}_search`, condition])
      .orderBy('rowid')
      .pluck('rowid')
  for (const q of [
    '长春',
    '春明日',
    '8497',
    '13',
    'kaideya',
    'chun',
    '𠮷',
    '华为138',
    'kh',
    '0431 kai',
    '沈阳',
    'hang',
  ]) {
    const expression = tokenExpressions(searchTerms(q) as SearchTerms).join(' AND ')
    const [condition] = wordHits(db, 'module_search', expression)?.toSQL().bindings ?? []
    t.strictSame(await found('words', String(condition)), await found('tokens', expression), q)
  }
  t.strictSame(await found('tokens', tokenExpressions({ parts: ['kaideya'] }).join()), [2])
})

t.test('where it is missing, behind or refused, the texts are looked at', async (t) => {
  const isAsked = (db: ReturnType<typeof recordingServer>['db']) => /contains\(/.test(customers(db, '长春').sql)
  for (const state of [{ population: 1 }, { items: 4 }]) {
    const { db } = serverWith(state)
    await lookAtFullText(db, indexes)
    t.notOk(isAsked(db), JSON.stringify(state))
  }
  const refusing = serverWith({ isMade: false }, 'no permission')
  const [error, end] = await new Promise<[unknown, () => void]>((resolve) => {
    const end = keepFullText(refusing.db, indexes, (error) => setImmediate(() => resolve([error, end])))
  })
  end()
  t.match(error, { message: /no permission/ })
  t.notOk(isAsked(refusing.db))
  const { db } = serverWith({})
  await lookAtFullText(db, indexes)
  t.equal(wordHits(db, 'customer_search', ''), undefined, 'nothing is asked for')
  t.equal(wordHits(db, 'customer_search', `("${'长'.repeat(1000)}")`), undefined, 'more than SQL Server takes')
})

t.test('a save writes the words of a record, a deletion takes them', async (t) => {
  const { db, seen } = serverWith({})
  await reindexCustomers(db, [{ id: 7, record: { name: '王' } }])
  await unindexCustomers(db, [7])
  t.strictSame(
    seen.filter(({ sql }) => /_words/.test(sql)).map(({ sql }) => sql.replace(/;.*/, '')),
    [
      'delete from [customer_search_words] where [id] in (@p0)',
      'insert into [customer_search_words] ([changed_at], [id], [words]) values (@p0, @p1, @p2)',
      'delete from [customer_search_words] where [id] in (@p0)',
    ],
  )
  const [, insert] = seen.filter(({ sql }) => /_words/.test(sql))
  t.equal(insert?.bindings[2], 'ohioil', 'e7 8e 8b')
})
