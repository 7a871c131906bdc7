import t, { type Test } from 'tap'
import { up as respell } from '../../../migrations/20261130225200_respell_found_texts.ts'
import { up as widen } from '../../../migrations/20261202130000_widen_customer_search.ts'
import { up as fill } from '../../../migrations/20261202130100_fill_customer_search.ts'
import { up as repeated } from '../../../migrations/20261203040000_find_repeated_digits.ts'
import { storeTokens } from '../../../src/customers/search-index.ts'
import { searchTokens } from '../../../src/kernel/search/tokens.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { addMany, create, idsIn, totalIn } from './fixtures/customers.ts'

async function companyOf(t: Test) {
  const { db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const search = async (q: string, more = '') => {
    const answer = await admin.get(`/customers?q=${encodeURIComponent(q)}${more}`)
    t.equal(totalIn(answer), idsIn(answer).length, `the total of ${q}`)
    return idsIn(answer)
  }
  return { db, admin, search }
}

t.test('what nobody sees is neither kept nor compared; the form of a rare hanzi is kept', async (t) => {
  const { db, admin, search } = await companyOf(t)
  const name = '\u200B葛\u{E0100}城\u00AD春\u00A0分\uFEFF公司'
  const id = await create(admin, { name, code: 'A\u200B-1', phone: '\u202A0431-8497\u200B8981\u202C' })
  const stored = { name: '葛\u{E0100}城春 分公司', code: 'A-1', phone: '0431-84978981' }
  t.match(await db('customers').where({ id }).first(), stored)
  for (const q of ['葛城', '葛\u200B城\uFEFF春', '葛\u{E0100}城', 'A\u00AD-1', '8497\u20608981'])
    t.same(await search(q), [id], q)
})

t.test('what was made when variants of a hanzi still counted is made anew', async (t) => {
  const { db, admin, search } = await companyOf(t)
  const id = await create(admin, { name: '葛\u{E0100}城公司' })
  await create(admin, { name: '别的公司' })
  const [texts, keys] = [
    () => db('customer_search_texts').orderBy('customer_id'),
    () => db('customer_keys').orderBy(['customer_id', 'kind']),
  ]
  const right = [await texts(), await keys()]
  const former = (text: string) => text.replaceAll('葛', '葛\u{E0100}')
  for (const { customer_id, text } of await texts()) {
    await db('customer_search_texts')
      .where({ customer_id })
      .update({ text: former(text) })
    await storeTokens(db, [{ id: customer_id, tokens: searchTokens(former(text)) }])
  }
  for (const key of await keys())
    await db('customer_keys')
      .where(key)
      .update({ value_key: former(key.value_key) })
  t.same(await search('葛城'), [])
  await db.transaction(respell)
  t.same(await search('葛城'), [id])
  t.same([await texts(), await keys()], right)
})

t.test('finds by part of everything that is known of a customer', async (t) => {
  const { admin, search } = await companyOf(t)
  const first = await create(admin, {
    name: '长春明日科技有限公司',
    short_name: '吉林明科',
    code: 'KH-7001',
    phone: '（0431）8497 8981',
    mobile: '13844551234',
  })
  await create(admin, { name: '上海别的公司' })
  await admin.post(`/customers/${first}/contacts`, {
    name: '单冰',
    nickname: '小冰',
    mobile: '15912345678',
    office_phone: '010-88886666',
  })
  for (const q of [
    '明日',
    '日科技',
    '明科',
    '7001',
    'kh-7001',
    'KH7001',
    '0431-84978981',
    '043184978981',
    '84978981',
    '8497-8981',
    '978',
    'ccmr',
    'mrkj',
    'CCMR',
    'ｃｃｍｒ',
    '８４９７',
    'changchun',
    'ChangChunMing',
    'chang chun',
    'cha',
    '单冰',
    '小冰',
    '159 1234',
    '88886666',
    'sb',
    '长春 单冰',
    '明日1384455',
    ' 明日 ',
  ])
    t.strictSame(await search(q), [first], q)
  for (const q of [
    'changchunx',
    'hangchun',
    '长春市',
    '8498',
    '%',
    '_',
    '[',
    "'",
    '"',
    '%%',
    '\\',
    '(',
    '*',
    'OR',
    '单 雷',
  ])
    t.strictSame(await search(q), [], q)
})

t.test('a telephone is found however it is typed, and however it is stored', async (t) => {
  const { db, admin, search } = await companyOf(t)
  const mobile = await create(admin, { name: '甲公司', mobile: '+86 138-0013-8021' })
  const [raw] = await addMany(db, [{ name: '乙公司', phone: '前台 0431-88001234转801，请拨' }])
  const fixed = await create(admin, { name: '丙公司', phone: '（0431）8800 1234转801' })
  const service = await create(admin, { name: '丁公司', phone: '400-820-8820' })
  const person = await create(admin, { name: '戊公司' })
  await admin.post(`/customers/${person}/contacts`, { name: '王芳', mobile: '15912345678' })
  for (const q of [
    '+8613800138021',
    '008613800138021',
    '0086 138 0013 8021',
    '86-13800138021',
    '138-0013-8021',
    '（138）00138021',
    '１３８００１３８０２１',
    '＋86 138－0013－8021',
    '013800138021',
    '甲 138-0013-8021',
    '+86 138',
  ])
    t.strictSame(await search(q), [mobile], q)
  for (const q of [
    '0431-88001234转801',
    '0431-88001234-801',
    '043188001234 转 801',
    '+86 431 88001234 ext.801',
    '0086(431)88001234#801',
    '0431—88001234',
    '88001234',
    '８８００１２３４转８０１',
  ])
    t.strictSame(await search(q), [fixed, raw], q)
  t.strictSame(await search('0431-88001234转802'), [], 'another extension')
  t.strictSame(await search('+86 400-820-8820'), [service])
  t.strictSame(await search('+86 159 1234 5678'), [person])
  const contacts = await admin.get(`/contacts?q=${encodeURIComponent('0086 159-1234-5678')}`)
  t.match(contacts.text, '王芳')
})

t.test('signs of SQL and rare hanzi are only text', async (t) => {
  const { admin, search } = await companyOf(t)
  const percent = await create(admin, { name: '100%纯[甲]_厂' })
  const rare = await create(admin, { name: '𠮷𬱖公司' })
  const quoted = await create(admin, { name: `O'Neil "R&D" <script>alert(1)</script>` })
  for (const q of ['100%', '纯[甲]', '甲]_厂', '100']) t.strictSame(await search(q), [percent], q)
  for (const q of ['𠮷', '𬱖', '𠮷𬱖公司']) t.strictSame(await search(q), [rare], q)
  for (const q of ["O'Neil", 'r&d', '<script>']) t.strictSame(await search(q), [quoted], q)
  const list = await admin.get(`/customers?q=${encodeURIComponent('"><script>alert(1)</script>')}`)
  t.notMatch(list.body, '<script>alert')
})

t.test('goes together with filters and order', async (t) => {
  const { db, search } = await companyOf(t)
  const [level] = await db('dictionary_entries').where({ dictionary: 'customer-levels' }).pluck('id')
  const [a, b, c, d] = await addMany(db, [
    { name: '长春乙公司', level_id: level, registered_on: '2026-01-03', kind: 'company' },
    { name: '长春甲公司', level_id: level, registered_on: '2026-01-02' },
    { name: '长春丙公司', registered_on: '2026-01-01' },
    { name: '北京甲公司', level_id: level, registered_on: '2026-01-04', kind: 'person' },
  ])
  for (const q of ['长春', 'changchun', 'cc']) {
    t.strictSame(await search(q), [c, b, a], 'the newest first')
    t.strictSame(await search(q, `&level_id=${level}`), [b, a])
    t.strictSame(await search(q, `&level_id=${level}&sort=name`), [b, a])
    t.strictSame(await search(q, '&sort=-registered_on'), [a, b, c])
    t.strictSame(await search(q, '&registered_on_to=2026-01-02&sort=name'), [c, b])
    t.strictSame(await search(q, `&level_id=${level}&kind=person`), [])
  }
  t.strictSame(await search('beijing', `&level_id=${level}&kind=person`), [d])
})

t.test('pages of a search by pinyin give every match once', async (t) => {
  const { db, admin } = await companyOf(t)
  const ids = await addMany(
    db,
    Array.from({ length: 35 }, (_, index) => ({ name: index % 2 ? `长春${index}号` : `昌纯chang${index}` })),
  )
  const walk = async (sort: string) => {
    const pages = [1, 2, 3, 4].map((page) => admin.get(`/customers?q=chang&per=10&page=${page}${sort}`))
    const answers = await Promise.all(pages)
    for (const answer of answers) t.equal(totalIn(answer), 35)
    return answers.flatMap(idsIn)
  }
  t.strictSame(await walk(''), ids.toReversed())
  t.strictSame(
    idsIn(await admin.get('/customers?q=chang&per=10&page=99')),
    ids.slice(0, 5).toReversed(),
    'behind the last',
  )
  t.strictSame(
    (await walk('&sort=name')).toSorted((a, b) => a - b),
    ids,
  )
})

t.test('finds by address, and by full pinyin from any syllable on', async (t) => {
  const { db, admin, search } = await companyOf(t)
  const address = '吉林省长春市人民大街 1388 号'
  const id = await create(admin, { name: '长春市凯德亚进出口有限公司', address })
  const other = await create(admin, { name: '西安别的公司' })
  await admin.post(`/customers/${other}/contacts`, { name: '单冰', address: '浦东新区世纪大道' })
  for (const q of [
    'kaideya',
    'kaide',
    'kaid',
    'deyajin',
    'KaiDeYa',
    'kai de ya',
    'jinchukouyouxian',
    '人民大街',
    '大街1388',
    '大街 １３８８',
  ])
    t.strictSame(await search(q), [id], q)
  for (const q of ['xian', "xi'an", 'anbie', '世纪大道', 'shanbing', 'bing', '浦东 西安'])
    t.ok((await search(q)).includes(other), q)
  for (const q of ['aideya', 'kaideyx', 'hangchun', 'gkai', '大街1389', 'hanbing']) t.strictSame(await search(q), [], q)
  await admin.post(`/customers/${id}`, { ...(await typedOf(db, id)), address: '卫星路 5 号' })
  t.strictSame([await search('人民大街'), await search('卫星路5')], [[], [id]], 'as it is now')
  const contacts = async (q: string) => (await admin.get(`/contacts?q=${encodeURIComponent(q)}`)).text.includes('单冰')
  for (const q of ['世纪大道', 'bing', 'shanb', 'bingx', 'hanbing', 'xianbie'])
    t.equal(await contacts(q), !['bingx', 'hanbing'].includes(q), q)
})

const typedOf = async (db: Awaited<ReturnType<typeof companyOf>>['db'], id: number) => {
  const { name, code, kind, owner_id, registered_on, version } = await db('customers').where({ id }).first()
  return { name, code, kind, owner_id: String(owner_id), registered_on, version: String(version) }
}

t.test('customers that were there before are found by what is found of them now', async (t) => {
  const { db, admin, search } = await companyOf(t)
  const id = await create(admin, { name: '长春凯德亚公司', address: '人民大街 1388 号' })
  const right = await db('customer_search_texts')
  await db('customer_search_texts').update({ text: '长春凯德亚公司' })
  await storeTokens(db, [{ id, tokens: searchTokens('长春凯德亚公司') }])
  t.strictSame(await search('kaideya'), [])
  await db.transaction(async (trx) => {
    await widen(trx)
    await fill(trx)
  })
  t.strictSame([await search('kaideya'), await search('人民大街')], [[id], [id]])
  t.same(await db('customer_search_texts'), right)
})

t.test('numbers of one digit were not found by four of it before', async (t) => {
  const { db, admin, search } = await companyOf(t)
  const id = await create(admin, { name: '吉祥公司', mobile: '13888888888' })
  await admin.post('/competitors', { name: '竞争公司', products: 'A6666' })
  t.strictSame(await search('88888888'), [id])
  await storeTokens(db, [{ id, tokens: '888' }])
  await db('module_search').delete()
  await db.raw(`insert into module_search (rowid, tokens) select id, '666 module=competitors' from module_search_texts`)
  t.strictSame(await search('88888888'), [])
  await db.transaction((trx) => repeated(trx))
  t.strictSame(await search('88888888'), [id])
  const [row] = await db('module_search').whereRaw('module_search match ?', ['"6666"']).select('rowid')
  t.ok(row, 'nor records of other modules')
})
