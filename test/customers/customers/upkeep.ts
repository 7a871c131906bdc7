import t from 'tap'
import { randomFrom } from '../../../bench/random.ts'
import { contacts } from '../../../src/customers/contacts/contacts.ts'
import { facets } from '../../../src/customers/customers/fields.ts'
import { searchRecords } from '../../../src/customers/customers/search-record.ts'
import { everyone, tallyName } from '../../../src/customers/customers/tallies.ts'
import { newestMatching } from '../../../src/customers/search-index.ts'
import { holdsTerms, searchTerms } from '../../../src/kernel/search/terms.ts'
import { searchText } from '../../../src/kernel/search/tokens.ts'
import { textsAgree } from '../../fixtures/agreement.ts'
import { type Browser, buildTestApp } from '../../fixtures/app.ts'
import { create, fieldsIn, typed } from './fixtures/customers.ts'

type Db = Awaited<ReturnType<typeof buildTestApp>>['db']

t.test('after any acts the tallies and the search say what a recount says', async (t) => {
  const { db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const random = randomFrom(11)
  const one = <T>(list: T[]): T | undefined => list[random.below(list.length)]
  const levels: number[] = await db('dictionary_entries').where({ dictionary: 'customer-levels' }).limit(3).pluck('id')
  for (const name of ['乙', '丙', '甲']) await admin.post('/tags', { name })
  const tags: number[] = await db('tags').pluck('id')
  const words = ['长春', '明日', '吉大', '𠮷', 'ABC', '100%', '[甲]']
  const form = () => ({
    name: `${one(words)}${one(words)}公司`,
    kind: one(['company', 'person']) as string,
    owner_id: one([2, 3]) as number,
    level_id: one(['', ...levels.map(String)]) as string,
    province_code: one(['', '220000', '110000']) as string,
    phone: `0431-8${random.digits(7)}`,
    tag_ids: tags.filter(() => random.below(3) === 0).map(String),
  })
  const ids = (where: 'whereNull' | 'whereNotNull', table = 'customers'): Promise<number[]> =>
    db(table)[where]('deleted_at').pluck('id')
  const confirmed = async (url: string) => admin.post(url, fieldsIn(await admin.get(url)))
  const acts: (() => Promise<unknown>)[] = [
    () => create(admin, { ...form(), contact_name: '王芳', contact_mobile: `139${random.digits(8)}` }),
    () => create(admin, form()),
    () => create(admin, form()),
    async () => {
      const id = one(await ids('whereNull'))
      if (id) await admin.post(`/customers/${id}`, { ...typed(form()), version: await versionOf(db, id) })
    },
    async () => {
      const id = one(await ids('whereNull'))
      if (id)
        await admin.post(`/customers/${id}/contacts`, {
          name: `${one(['韩', '李'])}${one(['雷', '冰'])}`,
          mobile: `138${random.digits(8)}`,
          is_main: one(['', 'true']) as string,
        })
    },
    async () => {
      const id = one(await ids('whereNull'))
      if (id) await confirmed(`/customers/${id}/deletion`)
    },
    async () => {
      const id = one(await ids('whereNotNull'))
      if (id) await confirmed(`/recycle-bin/customers/${id}/restoration`)
    },
    async () => {
      const id = random.below(3) ? undefined : one(await ids('whereNotNull'))
      if (id) await confirmed(`/recycle-bin/customers/${id}/purge`)
    },
    async () => {
      const contact = one(await db('contacts').whereNull('deleted_at').select('id', 'customer_id'))
      if (!contact) return
      const address = `/customers/${contact.customer_id}/contacts/${contact.id}`
      const stored = fieldsIn(await admin.get(`${address}/edit`))
      await admin.post(address, {
        ...stored,
        position: `${one(words)}经理`,
        notes: `${random.digits(3)}（${one(words)}）`,
      })
    },
    async () => {
      const contact = one(await db('contacts').whereNotNull('deleted_at').select('id'))
      if (contact) await admin.post(`/recycle-bin/contacts/${contact.id}/restoration`, {})
    },
    async () => {
      const tag = one(await db('tags').select('id', 'version'))
      if (tag && !random.below(4))
        await admin.post(`/tags/${tag.id}`, { name: `${one(words)}${random.digits(3)}`, version: tag.version })
    },
    async () => {
      const tag = one(await db('tags').pluck('id'))
      if (tag && !random.below(8)) {
        await confirmed(`/tags/${tag}/deletion`)
        await admin.post('/tags', { name: `${one(words)}${random.digits(3)}` })
        tags.splice(0, tags.length, ...(await db('tags').pluck('id')))
      }
    },
    async () => {
      const contact = one(await db('contacts').whereNull('deleted_at').select('id', 'customer_id'))
      if (contact) await confirmed(`/customers/${contact.customer_id}/contacts/${contact.id}/deletion`)
    },
  ]
  for (let round = 0; round < 400; round++) await acts[random.below(acts.length)]?.()
  t.ok(
    (await ids('whereNull')).length > 5 && (await ids('whereNotNull')).length > 0,
    'customers are left on both sides',
  )
  await sameTallies(t, db)
  await sameSearch(t, db, ['长春', '明日公司', '𠮷', 'abc', '0431', '韩雷', '138', '43', 'ccmr', '100'])
  await textsAgree(t, db, contacts)
  await sameOrders(t, db)
  t.ok((await db('contacts').whereNotNull('notes')).length > 3, 'contacts were changed')
  await listSays(t, admin, db)
})

const versionOf = async (db: Db, id: number) => (await db('customers').where({ id }).first('version')).version

async function sameTallies(t: { strictSame(a: unknown, b: unknown, why: string): void }, db: Db) {
  const kept = await db('tallies')
    .where({ module: 'customers' })
    .whereNot('row_count', 0)
    .orderBy('name')
    .select('name', 'row_count')
  const living = await db('customers').whereNull('deleted_at')
  const counted = new Map<string, number>([[everyone, living.length]])
  for (const customer of living)
    for (const column of facets) {
      const name = tallyName(column, customer[column])
      if (customer[column] !== null) counted.set(name, (counted.get(name) ?? 0) + 1)
    }
  const tagged = await db('customer_tags')
    .whereIn(
      'customer_id',
      living.map(({ id }) => id),
    )
    .select('tag_id')
  for (const { tag_id } of tagged) {
    const name = tallyName('tag_id', tag_id)
    counted.set(name, (counted.get(name) ?? 0) + 1)
  }
  const recount = [...counted].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, row_count]) => ({ name, row_count }))
  t.strictSame(kept, recount, 'the tallies')
}

/** What living customers are sorted by of their contacts and tags. */
async function sameOrders(
  t: { strictSame(a: unknown, b: unknown, why: string): void; ok(a: unknown, why: string): void },
  db: Db,
) {
  const living = await db('customers').whereNull('deleted_at').orderBy('id')
  const kept = living.map(({ id, main_name_pinyin, main_mobile, first_tag_pinyin }) => ({
    id,
    main: [main_name_pinyin, main_mobile],
    tag: first_tag_pinyin,
  }))
  const mains = await db('contacts').where({ is_main: true }).whereNull('deleted_at')
  const tagged = await db('customer_tags').join('tags', 'tags.id', 'customer_tags.tag_id').orderBy('tags.name_pinyin')
  const wanted = living.map(({ id }) => {
    const main = mains.find(({ customer_id }) => customer_id === id)
    const tag = tagged.find(({ customer_id }) => customer_id === id)
    return { id, main: [main?.name_pinyin ?? null, main?.mobile ?? null], tag: tag?.name_pinyin ?? null }
  })
  t.strictSame(kept, wanted, 'the kept orders')
  t.ok(new Set(kept.map(({ tag }) => tag)).size > 2 && kept.filter(({ main }) => main[0]).length > 2, 'of several')
}

async function sameSearch(t: { strictSame(a: unknown, b: unknown, why: string): void }, db: Db, queries: string[]) {
  const stored = await searchRecords(db, await db('customers').pluck('id'))
  const texts = stored.map(({ id, record }) => ({ id, text: searchText(record) }))
  for (const query of queries) {
    const terms = searchTerms(query)
    if (!terms) throw new Error(query)
    const naive = texts.filter(({ text }) => holdsTerms(text, terms)).map(({ id }) => id)
    const found = await newestMatching(db, { terms }, 1000)
    t.strictSame(found.map(({ id }: { id: number }) => id).toReversed(), naive, query)
  }
}

async function listSays(t: { match(a: unknown, b: unknown): void }, admin: Browser, db: Db) {
  const ids = await db('customers').whereNull('deleted_at').pluck('id')
  t.match((await admin.get('/customers')).text, `共 ${ids.length} 条`)
}
