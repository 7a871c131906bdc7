import t from 'tap'
import { addContact } from '../../../src/customers/contacts/contact.ts'
import { contactFields } from '../../../src/customers/contacts/fields.ts'
import { type Answer, type Browser, buildTestApp } from '../../fixtures/app.ts'
import { addMany, maker, totalIn } from '../customers/fixtures/customers.ts'

const { app, db, as } = await buildTestApp(t)
const [han, li, wang] = [await as('韩梅梅'), await as('李雷'), await as('王芳')]
const [first, second] = (await addMany(db, [{ name: '长春明日公司' }, { name: '北京吉大公司' }])) as [number, number]
const blank = Object.fromEntries(contactFields.map(({ name }) => [name, null]))
const add = (customer: number, contact: Record<string, unknown>) =>
  db.transaction((trx) => addContact(trx, customer, { ...blank, ...contact }, maker))
const ids = [
  await add(first, {
    name: '单冰',
    email: 'bing@example.com',
    wechat: 'bing',
    position: '经理',
    mobile: '13800138000',
  }),
  await add(first, { name: '张三', position: '总经理' }),
  await add(second, { name: '李四', birthday_on: '1990-05-04' }),
]

const select = async (browser: Browser, form: Record<string, string | string[]>) =>
  (await browser.post('/contacts/selections', { query: '', scope: 'rows', ...form })).location as string
const formId = ({ page }: Answer) =>
  page.querySelector('main form:not(.undo) input[name=form_id]')?.getAttribute('value') as string
const rowsIn = ({ page }: Answer) =>
  page.querySelectorAll('#list tbody tr').map((row) => row.text.replace(/\s+/g, ' ').trim())
const find = async (condition: string, more = 'columns=name') =>
  rowsIn(await han.get(`/contacts?f=${encodeURIComponent(condition)}&${more}`))

t.test('columns are chosen and kept, and stand in print and files in their order', async (t) => {
  t.strictSame(rowsIn(await han.get('/contacts?columns=email,name,is_main&sort=name&code=LX000001')), [
    'bing@example.com 单冰 是',
  ])
  const csv = await han.get('/contacts.csv?columns=email,name&code=LX000001')
  t.match(csv.body, /^\uFEFF电子邮箱,姓名\r\nbing@example.com,单冰\r\n$/)
  await han.post('/list-preferences', { list: '/contacts', columns: ['wechat', 'name'], per: '20' })
  t.strictSame(rowsIn(await han.get('/contacts?code=LX000001')), ['bing 单冰'])
  t.equal((await li.get('/contacts?code=LX000001')).text.includes('bing'), false, 'only for oneself')
  await han.post('/list-preferences', { list: '/contacts', forget: 'true' })
})

t.test('conditions are about any field, the customer’s name too', async (t) => {
  t.strictSame(await find('position:contains:经理', 'columns=name&sort=name'), ['单冰', '张三'])
  t.strictSame(await find('email:filled'), ['单冰'])
  t.strictSame(await find('birthday_on:between:1990-01-01,1990-12-31'), ['李四'])
  t.strictSame(await find('customer_name:contains:吉大'), ['李四'])
  t.strictSame(await find('customer_name:contains:！'), [], 'a sign that no index holds')
  t.strictSame(await find('is_main:in:false'), ['张三'])
  t.strictSame(await find('is_main:in:true', 'columns=name&sort=name'), ['李四', '单冰'])
  t.strictSame(await find('is_main:in:maybe'), [], 'what makes no sense finds nothing')
  const form = await han.get('/contacts?add_field=is_main')
  t.strictSame(
    form.page.querySelectorAll('.choices input').map((box) => box.getAttribute('value')),
    ['true', 'false'],
  )
  const view = await han.post('/list-views', {
    list: '/contacts',
    query: 'f=email:filled&columns=name',
    name: '有邮箱',
  })
  t.match(view.location, /^\/contacts\?/)
  t.strictSame(rowsIn(await han.get(view.location as string)), ['单冰'])
})

t.test('what is selected is printed, exported as every kind of file and deleted, and each says how many', async (t) => {
  const query = 'columns=position,name&sort=-name'
  const chosen = { ids: ids.slice(0, 2).map(String), query }
  const print = await han.get(await select(han, { ...chosen, act: 'print' }))
  t.strictSame(
    print.page.querySelectorAll('.sheet-table tr').map((row) => row.text.replace(/\s+/g, ' ').trim()),
    ['职务 姓名', '总经理 张三', '经理 单冰'],
  )
  const location = await select(han, { ...chosen, act: 'export' })
  t.match((await han.get(location)).text, /将导出 2 个联系人/)
  t.match((await han.get(`${location}.csv`)).body, /职务,姓名\r\n总经理,张三\r\n经理,单冰\r\n$/)
  t.equal((await han.get(`${location}.xlsx`)).status, 200)
  const cards = await han.get(`${location}.vcf`)
  t.match(cards.headers, { 'content-type': 'text/vcard; charset=utf-8' })
  t.equal(cards.body.match(/BEGIN:VCARD/g)?.length, 2)
  t.match(cards.body, /TEL;TYPE=CELL,VOICE:13800138000\r\n/, 'with every field, not only the columns shown')
  t.match((await db('events').where({ action: 'export' }).orderBy('id', 'desc').first()).record_name, /^2 /)
  const deletion = await select(han, { ids: [String(ids[1]), '999999'], act: 'delete' })
  t.match((await han.get(deletion)).text, /确认删除 1 个联系人/)
  const done = await han.post(deletion, { form_id: formId(await han.get(deletion)) })
  t.match((await han.get(done.location as string)).text, /移入回收站：完成 1 个联系人。/)
  t.equal(totalIn(await han.get('/contacts')), 2)
  t.match((await han.get('/recycle-bin/contacts')).text, /张三/)
  t.match(await db('events').where({ record_type: 'contacts', record_id: ids[1], action: 'delete' }), [
    { user_name: '韩梅梅', record_version: 2 },
  ])
  t.equal((await db('customer_search_texts').where({ customer_id: first }).first('text')).text.includes('张三'), false)
})

t.test('many are a job; those that others changed since are skipped and counted', async (t) => {
  for (let at = 0; at < 210; at++) await add(first, { name: `群${at}`, department: '群部' })
  const location = await select(han, { scope: 'whole', query: 'f=department:is:群部', act: 'delete' })
  t.match((await han.get(location)).text, /确认删除 210 个联系人/)
  const answer = await han.post(location, { form_id: formId(await han.get(location)) })
  t.match(answer.location, /^\/jobs\/\d+$/)
  await app.runJobs()
  t.match((await han.get(answer.location as string)).text, /批量处理联系人.*完成 210 个联系人。/)
  t.equal(totalIn(await han.get('/contacts')), 2)
  const late = await select(han, { ids: [String(ids[0]), String(ids[2])], act: 'delete' })
  await han.post(`/customers/${first}/contacts/${ids[0]}`, { name: '单冰冰', version: '1' })
  const done = await han.post(late, { form_id: formId(await han.get(late)) })
  t.match((await han.get(done.location as string)).text, /完成 1 个联系人，1 个已被他人修改或删除而跳过。/)
})

t.test('only with the right, only one’s own, and only in its list', async (t) => {
  t.strictSame(
    (await li.get('/contacts')).page
      .querySelectorAll('select[name=act] option')
      .map((one) => one.getAttribute('value')),
    ['print', 'pdf', 'mail'],
  )
  t.equal((await wang.post('/contacts/selections', { ids: String(ids[0]), act: 'print' })).status, 403)
  for (const act of ['delete', 'export', 'level_id'])
    t.match(await select(li, { ids: String(ids[0]), act }), /^\/contacts(\?|$)/, act)
  t.match((await li.get('/contacts')).text, /请先勾选联系人/)
  const his = await select(li, { ids: String(ids[0]), act: 'print' })
  t.equal((await li.get(his)).status, 200)
  t.equal((await han.get(his)).status, 404, 'somebody else’s')
  t.equal((await li.get(his.replace('print', 'deletion'))).status, 403)
  t.equal((await li.get(his.replace('/contacts', '/customers'))).status, 404, 'of another list')
})
