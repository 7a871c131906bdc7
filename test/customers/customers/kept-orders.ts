import t from 'tap'
import { buildTestApp } from '../../fixtures/app.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'
import { create, fieldsIn, idsIn } from './fixtures/customers.ts'

const { app, db, as } = await buildTestApp(t)
const admin = await as('韩梅梅')
for (const name of ['白银', '黄金']) await admin.post('/tags', { name })
const [silver = 0, gold = 0]: number[] = await db('tags').orderBy('id').pluck('id')
const people = [
  { contact: ['赵一', '13800000003'], tags: [gold] },
  { contact: ['白二', '13800000002'], tags: [gold, silver] },
  { contact: undefined, tags: [] },
  { contact: ['孙三', '13800000001'], tags: [] },
]
const [zhao, bai, none, sun] = [0, 0, 0, 0]
const ids: number[] = [zhao, bai, none, sun]
for (const [at, { contact, tags }] of people.entries()) {
  const id = await create(admin, { name: `第${at}公司`, tag_ids: tags.map(String) })
  ids[at] = id
  if (contact)
    await admin.post(`/customers/${id}/contacts`, { name: contact[0] as string, mobile: contact[1] as string })
}
const named = (...places: number[]) => places.map((at) => ids[at])
const columns = 'columns=name,main_contact,main_mobile,tag_ids'
const sorted = async (one: typeof admin, sort: string) => idsIn(await one.get(`/customers?${columns}&sort=${sort}`))

t.test('customers are sorted by their main contacts and by the first of their tags', async (t) => {
  t.strictSame(await sorted(admin, 'main_contact'), named(2, 1, 3, 0), 'by pinyin, who has none first')
  t.strictSame(await sorted(admin, '-main_contact'), named(0, 3, 1, 2))
  t.strictSame(await sorted(admin, 'main_mobile'), named(2, 3, 1, 0))
  t.strictSame((await sorted(admin, 'tag_ids')).slice(2), named(1, 0), 'silver before gold')
  const form = fieldsIn(await admin.get(`/customers/${ids[0]}/edit`))
  await admin.post(`/customers/${ids[0]}`, { ...form, tag_ids: '' })
  t.strictSame((await sorted(admin, '-tag_ids'))[0], ids[1], 'a tag alone was taken away')
  t.equal((await db('customers').where({ id: ids[0] }).first()).first_tag_pinyin, null)
  await admin.post(`/customers/${ids[0]}/contacts`, { name: '阿一', mobile: '13800000000', is_main: 'true' })
  t.strictSame(await sorted(admin, 'main_contact'), named(2, 0, 1, 3), 'another one leads now')
  t.strictSame(await sorted(admin, 'main_mobile'), named(2, 0, 3, 1))
  const csv = (await admin.get(`/customers.csv?${columns}&sort=-main_contact`)).text
  t.match(csv, /孙三[\s\S]*白二[\s\S]*阿一/, 'in files too')
})

t.test('the first tag stands behind the name as a label where no column shows the tags', async (t) => {
  await admin.post('/tags', { name: '青铜' })
  const bronze: number = (await db('tags').where({ name: '青铜' }).first('id')).id
  const id = await create(admin, { name: '三个标签公司', tag_ids: [silver, gold, bronze].map(String) })
  const queries: string[] = []
  const listen = ({ sql }: { sql: string }) => queries.push(sql)
  db.on('query', listen)
  const labels = async (path: string) =>
    (await admin.get(path)).page
      .querySelectorAll('tbody tr')
      .filter((row) => row.querySelector(`[href^="/customers/${id}"]`))
      .flatMap((row) => row.querySelectorAll('.labelled .tag'))
      .map((tag) => [tag.text, tag.getAttribute('title')])
  t.strictSame(await labels('/customers'), [
    ['白银', '白银'],
    ['+2', '黄金、青铜'],
  ])
  t.equal(queries.filter((sql) => sql.includes('customer_tags')).length, 1, 'by one query for all rows')
  db.off('query', listen)
  t.strictSame(await labels('/customers?columns=name,tag_ids'), [], 'its own column says it')
  t.notMatch((await admin.get('/customers.csv')).text, /白银/, 'no part of the name in files')
})

t.test('an order that tells what somebody must not see is not offered, and not followed', async (t) => {
  const heads = async (one: typeof admin) =>
    (await one.get(`/customers?${columns}`)).page.querySelectorAll('thead a').map((a) => a.text.trim())
  t.ok(['主联系人', '主联系人手机', '标签'].every(async (label) => (await heads(admin)).includes(label)))
  const cases = [
    { name: '看不全号码', rights: { view: 'all' as const, masks: 'phone' }, hidden: ['main_mobile'] },
    {
      name: '不看联系人',
      rights: { view: 'all' as const, without: ['contacts.view'] },
      hidden: ['main_contact', 'main_mobile'],
    },
  ]
  for (const { name, rights, hidden } of cases) {
    await addPerson(db, name, [await everyRightWithin(db, name, rights)])
    const one = await signedIn(app, name)
    const { page } = await one.get(`/customers?${columns}`)
    const usual = await sorted(one, '')
    for (const column of ['main_contact', 'main_mobile', 'tag_ids']) {
      const isHidden = hidden.includes(column)
      t.equal(page.querySelector(`thead a[href*="sort=${column}"]`) === null, isHidden, `${name} ${column}`)
      if (isHidden) t.strictSame(await sorted(one, column), usual, `${name}: ${column} orders nothing`)
      if (isHidden) t.strictSame(await sorted(one, `-${column}`), usual, `${name}: nor backwards`)
    }
  }
})
