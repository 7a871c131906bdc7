import t from 'tap'
import { addContact } from '../../../src/customers/contacts/contact.ts'
import { contacts } from '../../../src/customers/contacts/contacts.ts'
import { contactFields } from '../../../src/customers/contacts/fields.ts'
import { insertAll } from '../../../src/kernel/db/dialect.ts'
import { reindexTexts } from '../../../src/kernel/modules/text-index.ts'
import { type Answer, type Browser, buildTestApp } from '../../fixtures/app.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'
import { addMany, maker, totalIn } from '../customers/fixtures/customers.ts'

const blank = Object.fromEntries(contactFields.map(({ name }) => [name, null]))
const namesIn = ({ page }: Answer) =>
  page.querySelectorAll('#list tbody tr td:nth-child(2)').map((cell) => cell.text.trim())

async function contactsOf(t: Parameters<typeof buildTestApp>[0], list: Record<string, string>[]) {
  const { db, as } = await buildTestApp(t)
  const [first, second] = await addMany(db, [{ name: '长春明日公司' }, { name: '北京吉大公司' }])
  for (const [index, contact] of list.entries())
    await db.transaction((trx) =>
      addContact(trx, (index % 2 ? second : first) as number, { ...blank, ...contact }, maker),
    )
  const admin = await as('韩梅梅')
  const get = (query: string) => admin.get(`/contacts?${query}`)
  return { db, admin, get, search: async (q: string) => namesIn(await get(`q=${encodeURIComponent(q)}`)).sort() }
}

t.test('the list shows whose contact it is, and every filter and order works', async (t) => {
  const { admin, get } = await contactsOf(t, [
    {
      name: '单冰',
      nickname: '小冰',
      code: 'A1',
      department: '销售部',
      position: '经理',
      mobile: '13800138000',
      office_phone: '0431-84978981',
    },
    { name: '阿依古丽', code: 'A2', department: '销售部', position: '会计' },
    { name: '张三', nickname: '小三', code: 'B1', department: '财务部', position: '经理' },
  ])
  const row = (await get('code=A1')).page.querySelector('#list tbody tr')
  t.equal(row?.text.replace(/\s+/g, ' ').trim(), '单冰 小冰 A1 销售部 经理 长春明日公司 13800138000 0431-84978981')
  t.ok(row?.querySelector('a[href="/customers/1"]'))
  t.equal((await admin.get(row?.querySelector('a')?.getAttribute('href') ?? '')).status, 200)
  const list = async (query: string) => namesIn(await get(query))
  t.strictSame(await list(''), ['阿依古丽', '单冰', '张三'], 'by pinyin, 单 as a surname')
  t.strictSame(await list('sort=-name'), ['张三', '单冰', '阿依古丽'])
  t.strictSame(await list('sort=-code'), ['张三', '阿依古丽', '单冰'])
  t.strictSame(await list('sort=department'), ['张三', '单冰', '阿依古丽'])
  t.strictSame(await list('sort=position'), ['阿依古丽', '单冰', '张三'])
  t.strictSame(await list('department=销售'), ['阿依古丽', '单冰'])
  t.strictSame(await list('department=销售&position=经理'), ['单冰'])
  t.strictSame(await list('nickname=小'), ['单冰', '张三'])
  t.strictSame(await list('nickname=三'), ['张三'], 'in the middle and at the end too')
  t.strictSame(await list('department=售&position=理'), ['单冰'])
  t.strictSame(await list('position=理&sort=-name'), ['张三', '单冰'])
  t.match((await admin.get('/contacts.csv?department=务部')).body, /张三/)
  t.strictSame(await list('q=单&department=售'), ['单冰'])
  t.strictSame(await list('code=%25'), [])
  t.strictSame(await list('sort=evil&page=-1&q='), ['阿依古丽', '单冰', '张三'])
  t.strictSame(await list('q=单&department=财务'), [])
  t.match((await admin.get('/contacts/print?department=销售')).text, /阿依古丽.*单冰/)
})

t.test('what few contacts have is found among any number of values, and counted to the end', async (t) => {
  const { app, db, as } = await buildTestApp(t)
  const seller = await addPerson(db, '周末', [await everyRightWithin(db, '只看自己', { view: 'own' })])
  const [first, second] = await addMany(db, [{ name: '长春明日公司' }, { name: '北京吉大公司', owner_id: seller }])
  const now = '2026-11-26T00:00:00.000Z'
  const same = { ...blank, is_main: false, created_at: now, updated_at: now, deleted_at: null, version: 1 }
  const rows = Array.from({ length: 5_200 }, (_, at) => ({
    ...{ ...same, customer_id: at % 2 ? second : first, code: `C${at}`, code_key: `c${at}`, name: `人${at}` },
    ...{ name_pinyin: `ren${String(at).padStart(4, '0')}`, name_initials: 'r' },
    ...{ nickname: `友${String(at).padStart(4, '0')}`, department: at % 1_299 ? '销售部' : '采购部' },
  }))
  await insertAll(db, 'contacts', rows)
  await reindexTexts(db, contacts)
  const listOf = (browser: Browser) => async (query: string) => {
    const answer = await browser.get(`/contacts?per=10&${query}`)
    return [/共 ([\d,]+\+?) 条/.exec(answer.text)?.[1], ...namesIn(answer)]
  }
  const all = listOf(await as('韩梅梅'))
  t.strictSame(await all('nickname=5199'), ['1', '人5199'], 'behind 5,000 others')
  t.strictSame(await all('nickname=友&sort=-name&page=520'), ['5,200', ...backwardFrom(9)], 'too many to be few')
  t.strictSame(await all('sort=-nickname'), ['5,200', ...backwardFrom(5199)])
  await db('contacts').where({ code: 'C7' }).update({ mobile: '13944012345' })
  await db('contacts').where({ code: 'C9' }).update({ office_phone: '0431-88001234' })
  t.strictSame((await all('sort=-mobile'))[1], '人7')
  t.strictSame((await all('sort=office_phone&page=520')).at(-1), '人9')
  t.strictSame(await all('department=购'), ['5', '人0', '人1299', '人2598', '人3897', '人5196'])
  t.strictSame(await all('department=购&position=理'), ['0'])
  t.strictSame(await all('f=department:contains:购&f=nickname:contains:友3'), ['1', '人3897'])
  t.strictSame(await all('f=nickname:is:友0007&f=name:contains:7'), ['1', '人7'])
  t.strictSame(await all('f=nickname:contains:友&sort=-name&page=520'), ['5,200', ...backwardFrom(9)], 'and sorted')
  t.strictSame(await all('f=code:is:C77'), ['1', '人77'])
  t.strictSame(await all('code=C51&department=购'), ['1', '人5196'])
  t.strictSame(await all('code=c519'), ['11', '人519', ...from(5190, 9)])
  t.strictSame(await all('code=519'), ['15', '人519', '人1519', '人2519', '人3519', '人4519', ...from(5190, 5)])
  t.strictSame(await all('code=1９&department=购&f=code:contains:51'), ['1', '人5196'])
  t.strictSame(await all('q=c5199'), ['1', '人5199'], 'whatever its customer is found by')
  t.strictSame(await all('q=ｃ0'), ['1', '人0'])
  t.strictSame(await all('f=customer_name:contains:吉大&f=name:is:人77'), ['1', '人77'])
  t.strictSame(await all('f=customer_name:is:吉大&f=name:is:人77'), ['0'])
  t.strictSame(await all('f=customer_name:contains:(&department=购'), ['0'])
  t.strictSame(await all('q=人1299&department=购'), ['1', '人1299'])
  t.strictSame(await all('f=department:empty'), ['0'])
  const own = listOf(await signedIn(app, '周末'))
  const hers = async () => {
    t.strictSame(await own('department=购'), ['2', '人1299', '人3897'])
    t.strictSame(await own('nickname=友&sort=-name&page=260'), ['2,600', ...backwardFrom(19, 2)])
    t.strictSame(await own('f=name:is:人77'), ['1', '人77'])
    t.strictSame(await own('f=name:is:人78'), ['0'])
    t.strictSame((await own(''))[0], '2,600')
  }
  await hers()
  await db('tallies')
    .where({ module: 'customers', name: `owner_id:${seller}` })
    .update({ row_count: 30_000 })
  await hers()
})

const from = (first: number, count: number) => Array.from({ length: count }, (_, at) => `人${first + at}`)
const backwardFrom = (first: number, step = 1) => Array.from({ length: 10 }, (_, at) => `人${first - at * step}`)

t.test('a search finds by part of name, nickname, code, phones, pinyin and customer', async (t) => {
  const { search, get } = await contactsOf(t, [
    {
      name: '单冰冰',
      nickname: '小仙',
      code: 'LX-9',
      mobile: '13844551234',
      office_phone: '0431-84978981',
      home_phone: '010-88886666',
    },
    { name: '王𬱖', code: 'lx-7' },
    { name: '阿凡提·买买提', code: 'C_1' },
  ])
  for (const q of [
    '单',
    '冰冰',
    '小仙',
    'LX-9',
    'lx-9',
    'X-9',
    '９',
    '13844',
    '4551234',
    '043184978981',
    '0431-8497',
    '8497 8981',
    '88886666',
    'sbb',
    'shanbing',
    'shan bing',
    'SBB',
    '１３８４４',
  ])
    t.strictSame(await search(q), ['单冰冰'], q)
  for (const q of ['𬱖', '王𬱖', 'wangdi', 'lx-7', '吉大', '北京 王']) t.strictSame(await search(q), ['王𬱖'], q)
  for (const q of ['阿凡提·买买提', '买买提', 'C_1', 'aft']) t.strictSame(await search(q), ['阿凡提·买买提'], q)
  t.strictSame(await search('长春明日'), ['单冰冰', '阿凡提·买买提'], 'all of a customer')
  for (const q of ['%', '_', '[', "'", '"', '李', '98981234', 'bingbing1', '单 李'])
    t.strictSame(await search(q), [], q)
  t.strictSame(await search('%\\'), [])
  t.equal(totalIn(await get('q=单')), 1)
})

t.test('pages give every contact once, with ties', async (t) => {
  const { get } = await contactsOf(
    t,
    Array.from({ length: 23 }, (_, index) => ({ name: `单${'冰雪'[index % 2]}`, code: `C${index}`, department: '部' })),
  )
  for (const sort of ['', 'sort=-name', 'sort=department', 'sort=-position']) {
    const answers = await Promise.all([1, 2, 3].map((page) => get(`${sort}&page=${page}`)))
    const codes = answers.flatMap(({ page }) =>
      page.querySelectorAll('#list tbody tr td:nth-child(4)').map((cell) => cell.text.trim()),
    )
    t.equal(new Set(codes).size, 23, sort)
    for (const answer of answers) t.equal(totalIn(answer), 23)
  }
})

t.test(
  'a word that most customers have is looked for among the newest of them, and says that there are more',
  async (t) => {
    const { db, get, admin } = await contactsOf(t, [{ name: '单冰', code: 'A1', department: '销售部' }])
    const first = Number((await db('customers').max({ id: 'id' }).first())?.id)
    await addMany(
      db,
      Array.from({ length: 3_005 }, (_, index) => ({ name: `多多${index}公司` })),
    )
    const last = first + 3_005
    for (const [at, name] of [
      [last, '王新'],
      [last - 1, '李新'],
      [first + 1, '赵旧'],
    ] as const)
      await db.transaction((trx) => addContact(trx, at, { ...blank, name, department: '采购部' }, maker))
    const found = await get('q=公司')
    t.strictSame(namesIn(found), ['李新', '王新'])
    t.match(found.text, /共 2\+ 条/)
    t.strictSame(namesIn(await get('q=公司&sort=-name')), ['王新', '李新'])
    t.strictSame(namesIn(await get('q=公司 王')), ['王新'], 'where it narrows, everything is found')
    t.strictSame(namesIn(await get('q=多多&department=购&f=name:is:李新')), ['李新'])
    const bought = await get('q=公司&department=购')
    t.strictSame(namesIn(bought), ['李新', '王新', '赵旧'], 'among a few contacts everything is found')
    t.match(bought.text, /共 3 条/)
    t.strictSame(namesIn(await get('q=赵旧')), ['赵旧'])
    for (const path of ['/contacts', '/customers']) {
      t.match((await admin.get(`${path}?q=！`)).text, '共 0 条', 'signs alone find nothing')
      const file = await admin.get(`${path}.csv?q=！`)
      t.strictSame([file.status, file.body.trim().split('\r\n').length], [200, 1], `${path}: nor does a file`)
    }
    const { body } = await admin.get('/contacts.csv?q=公司&columns=name')
    t.strictSame(body.trim().split('\r\n').slice(1).sort(), ['单冰', '李新', '王新', '赵旧'], 'a file holds all')
    const whole = await admin.post('/contacts/selections', { scope: 'whole', query: 'q=公司', act: 'delete' })
    const page = await admin.get(whole.location as string)
    t.match(page.text, /确认删除 4 个联系人/, 'and so does a selection')
    const form_id = page.page.querySelector('main form:not(.undo) input[name=form_id]')?.getAttribute('value') as string
    const done = await admin.post(whole.location as string, { form_id })
    t.match((await admin.get(done.location as string)).text, /完成 4 个联系人/)
  },
)
