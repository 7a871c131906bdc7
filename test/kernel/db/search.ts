import knex, { type Knex } from 'knex'
import t, { type Test } from 'tap'
import { randomFrom } from '../../../bench/random.ts'
import {
  createSearch,
  dropSearch,
  matching,
  reindexCustomers,
  searchPage,
  unindexCustomers,
} from '../../../src/customers/search-index.ts'
import { openDatabase } from '../../../src/kernel/db/open.ts'
import { countLimit } from '../../../src/kernel/db/search.ts'
import { holdsTerms, searchTerms, severalGrams } from '../../../src/kernel/search/terms.ts'
import { type SearchRecord, searchText } from '../../../src/kernel/search/tokens.ts'

async function openSearch(t: Test): Promise<Knex> {
  const db = openDatabase({ client: 'better-sqlite3', file: ':memory:' })
  t.teardown(() => db.destroy())
  await createSearch(db)
  return db
}

const indexCustomer = (db: Knex, id: number, record: SearchRecord) => reindexCustomers(db, [{ id, record }])
const found = async (db: Knex, query: string) => (await searchPage(db, { terms: searchTerms(query) })).ids

t.test('any part of any field finds the customer, the newest first', async (t) => {
  const db = await openSearch(t)
  await indexCustomer(db, 1, {
    name: '长春明日科技有限公司',
    code: 'KH000001',
    phones: ['13844551234'],
    initials: 'ccmrkjyxgs',
  })
  await indexCustomer(db, 2, { name: '吉林明日公司', short_name: '吉明', people: ['王𬱖'], initials: 'jlmrgs' })
  for (const query of ['明日', '明', '公司', 'mr', 'm']) t.strictSame(await found(db, query), [2, 1], query)
  for (const query of ['日科技', 'kh0', '4455', '01', '１３８', '长春 1234', '有限13844', 'KH-000001'])
    t.strictSame(await found(db, query), [1], query)
  for (const query of ['吉明', '𬱖', '王𬱖', '吉林 王', 'gs jl']) t.strictSame(await found(db, query), [2], query)
  for (const query of ['明科', '司长', '司吉', '5123k', '12345', '𬱗', '长春 吉林'])
    t.strictSame(await found(db, query), [], query)
})

t.test('finds exactly the customers whose text holds every part', async (t) => {
  const db = await openSearch(t)
  const random = randomFrom(1)
  const alphabet = [...'甲乙𠮷𬱖ab01%_[]"\' |\0😀é', '有限公司', 'yxgs', '1111', '00000']
  const word = (longest: number) =>
    Array.from({ length: 1 + random.below(longest) }, () => alphabet[random.below(alphabet.length)]).join('')
  const rows = Array.from({ length: 200 }, (_, index) => ({ id: index + 1, record: randomRecord(word) }))
  await reindexCustomers(db, rows)
  let hits = 0
  for (let round = 0; round < 600; round++) {
    const query = word(6)
    const terms = searchTerms(query)
    if (!terms) continue
    const expected = rows.filter(({ record }) => holdsTerms(searchText(record), terms)).map(({ id }) => id)
    const frequent = new Set(severalGrams(terms).filter(() => random.below(2) === 0))
    const actual: { id: number }[] = await matching(db, { terms: { ...terms, frequent } }).orderBy('id')
    hits += expected.length
    if (actual.map(({ id }) => id).join() !== expected.join()) t.fail(JSON.stringify({ query, actual, expected }))
  }
  t.ok(hits > 2_000, 'the queries find something')
})

t.test('a query of 4,000 characters or of operators is only text', async (t) => {
  const db = await openSearch(t)
  await indexCustomer(db, 1, { name: '甲'.repeat(60) })
  await indexCustomer(db, 2, { name: 'and or not near' })
  t.strictSame(await found(db, '甲'.repeat(4000)), [1])
  t.strictSame(await found(db, 'AND OR NOT NEAR'), [2])
  t.strictSame(await found(db, '"and" OR *'), [2])
})

t.test('a change and a deletion take effect at once', async (t) => {
  const db = await openSearch(t)
  await indexCustomer(db, 1, { name: '旧名公司', facets: { level_id: 1 } })
  await indexCustomer(db, 1, { name: '新名公司', facets: { level_id: 2 } })
  t.strictSame([await found(db, '旧名'), await found(db, '新名')], [[], [1]])
  t.strictSame((await searchPage(db, { facets: { level_id: 1 } })).ids, [])
  await unindexCustomers(db, [1])
  t.strictSame([await found(db, '新名'), await found(db, '新')], [[], []])
})

t.test('takes part in a transaction', async (t) => {
  const db = await openSearch(t)
  await indexCustomer(db, 1, { name: '甲公司' })
  const failed = db.transaction(async (transaction) => {
    await indexCustomer(transaction, 1, { name: '乙公司' })
    t.strictSame(await found(transaction, '乙公'), [1])
    throw new Error('undone')
  })
  await t.rejects(failed, { message: 'undone' })
  t.strictSame([await found(db, '甲公'), await found(db, '乙公')], [[1], []])
})

t.test('facets narrow a search and work without one', async (t) => {
  const db = await openSearch(t)
  const facets = (level_id: number | null, owner_id: number) => ({ level_id, owner_id })
  await indexCustomer(db, 1, { name: '甲公司', facets: facets(1, 7) })
  await indexCustomer(db, 2, { name: '甲公司', facets: facets(11, 8) })
  await indexCustomer(db, 3, { name: '乙公司', facets: facets(null, 7) })
  const ids = async (search: Parameters<typeof matching>[1]) => (await searchPage(db, search)).ids
  t.strictSame(await ids({ facets: { level_id: 1 } }), [1])
  t.strictSame(await ids({ facets: { level_id: [11, null] } }), [3, 2])
  t.strictSame(await ids({ facets: { owner_id: 7, level_id: [1, 11] } }), [1])
  t.strictSame(await ids({ terms: searchTerms('甲公司'), facets: { owner_id: 8 } }), [2])
  t.strictSame(await ids({ facets: { level_id: [] } }), [])
  t.strictSame(await ids({}), [3, 2, 1])
})

t.test('pages, totals and the limit of counting', async (t) => {
  const db = await openSearch(t)
  await reindexCustomers(
    db,
    Array.from({ length: countLimit + 5 }, (_, index) => ({
      id: index + 1,
      record: { name: index < 25 ? '甲乙' : '甲', initials: 'jx', facets: { level_id: index < 7 ? 3 : 4 } },
    })),
  )
  t.strictSame(await searchPage(db, { terms: searchTerms('甲乙'), page: 3 }), {
    ids: [5, 4, 3, 2, 1],
    total: 25,
    isCapped: false,
  })
  t.strictSame(await searchPage(db, { terms: searchTerms('甲乙'), page: 4 }), { ids: [], total: 25, isCapped: false })
  t.strictSame(await searchPage(db, { terms: searchTerms('丙') }), { ids: [], total: 0, isCapped: false })
  const last = await searchPage(db, { terms: searchTerms('甲'), page: 1001 })
  t.strictSame(last, { ids: [5, 4, 3, 2, 1], total: countLimit, isCapped: true })
  const terms = searchTerms('jx')
  t.strictSame(await searchPage(db, { terms, page: 1001 }), last, 'one of its tokens alone says that there are more')
  const few = { ids: [2, 1], total: 7, isCapped: false }
  t.strictSame(await searchPage(db, { terms, facets: { level_id: 3 }, page: 2, size: 5 }), few)
})

t.test('the tables can be dropped and made again', async (t) => {
  const db = await openSearch(t)
  await dropSearch(db)
  t.strictSame(await db('sqlite_master').where('name', 'like', 'customer_search%'), [])
  await createSearch(db)
})

t.test('on SQL Server a search is LIKE over the texts, with facets as columns', async (t) => {
  const db = knex({ client: 'mssql' })
  const search = { terms: searchTerms('a%b 明_日'), facets: { level_id: [3, null], owner_id: 7 } }
  const { sql, bindings } = matching(db, search).orderBy('id', 'desc').limit(10_001).toSQL().toNative()
  t.match(sql, /^select top \(@p0\) \[customers\]\.\[id\] as \[id\] from \[customer_search_texts\]/)
  t.match(sql, /\[text\] collate Latin1_General_100_BIN2 like @p1 escape '\\'\) or \(\[text\] collate/, 'or spelled')
  t.match(sql, /\(\[customers\]\.\[level_id\] in \(@p4\) or \[customers\]\.\[level_id\] is null\)/)
  t.strictSame(bindings, [10_001, '%-A-B%', '%ab%', '%明日%', 3, 7])
})

function randomRecord(word: (longest: number) => string): SearchRecord {
  return {
    name: word(9),
    short_name: word(3),
    code: word(5),
    phones: [word(8), word(4)],
    initials: word(6),
    people: [word(3)],
  }
}
