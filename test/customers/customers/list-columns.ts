import t from 'tap'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import { type Answer, buildTestApp } from '../../fixtures/app.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'
import { addMany, idsIn } from './fixtures/customers.ts'

const headings = ({ page }: Answer) =>
  page.querySelectorAll('#list thead th[scope=col]').map((cell) => cell.text.trim())
const hrefOf = ({ page }: Answer, label: string) =>
  page
    .querySelectorAll('.results a')
    .find((link) => link.text.trim() === label)
    ?.getAttribute('href')
    ?.replaceAll('&amp;', '&') as string
const ordinary = [
  '客户编码',
  '客户名称',
  '客户级别',
  '客户状态',
  '地区',
  '电话',
  '所属人员',
  '下次联系',
  '登记时间',
  '增加记录',
]

async function company() {
  const { app, db, as } = await buildTestApp(t)
  await addMany(db, [
    { name: '长春甲公司', address: '朝阳区 1 号', credit_limit_cents: 123_450, points: 7, mobile: '13800138000' },
    { name: '长春乙公司', address: '南关区 2 号', registered_on: '2026-05-05' },
  ])
  return { app, db, admin: await as('韩梅梅'), li: await as('李雷') }
}
const { app, db, admin, li } = await company()

t.test('tags are labels in a list, three and how many more, and names in a file', async (t) => {
  const names = ['甲签', '乙签', '丙签', '丁签']
  for (const [position, name] of names.entries())
    await admin.post('/tags', { name, colour: 'red', position: String(position) })
  const tags = await db('tags').orderBy('id')
  const { id } = await db('customers').orderBy('id').first('id')
  await db('customer_tags').insert(tags.map((tag) => ({ customer_id: id, tag_id: tag.id })))
  const list = await admin.get('/customers?columns=name,tag_ids')
  const cell = list.page.querySelectorAll('tbody td').find((one) => one.querySelectorAll('.tag').length > 0)
  t.strictSame(
    cell?.querySelectorAll('.tag').map((label) => label.text),
    ['丙签', '丁签', '甲签', '+1'],
  )
  t.match(cell?.getAttribute('title'), '乙签')
  t.match((await admin.get('/customers.csv?columns=name,tag_ids')).body, /丙签、丁签、甲签、乙签/)
  await db('customer_tags').delete()
})

t.test('telephones are dialled by a click, but not what is masked', async (t) => {
  const role = await everyRightWithin(db, '看不到电话', { view: 'all', masks: 'phone' })
  await addPerson(db, '看不到电话', [role])
  const tel = ({ page }: Answer) => page.querySelector('tbody .tel')?.getAttribute('href')
  t.equal(tel(await admin.get('/customers')), 'tel:13800138000')
  t.notOk(tel(await (await signedIn(app, '看不到电话')).get('/customers')))
})

t.test('the address chooses columns and their order; what is no column is left out', async (t) => {
  t.strictSame(headings(await admin.get('/customers')), ordinary)
  const chosen = await admin.get('/customers?columns=address,nothing,name,password_hash,credit_limit_cents,address')
  t.strictSame(headings(chosen), ['地址', '客户名称', '信用额度(元)'])
  t.match(chosen.text, /朝阳区 1 号.*1,234\.50/)
  t.strictSame(headings(await admin.get('/customers?columns=,x')), ordinary)
  t.match(chosen.page.querySelectorAll('thead th a').map((link) => link.getAttribute('href'))[0], /columns=address/)
  t.strictSame(allNames(chosen), [], 'the chooser is open only where it was asked for')
  const chooser = await admin.get(hrefOf(chosen, '列'))
  t.ok(allNames(chooser).length > 40)
  const all = await admin.get(`/customers?columns=${allNames(chooser).join(',')}`)
  t.equal(headings(all).length, allNames(chooser).length)
  t.strictSame(idsIn(all).length, 2)
})

const allNames = ({ page }: Answer) =>
  page.querySelectorAll('input[name=columns][type=checkbox]').map((box) => box.getAttribute('value') as string)

t.test('the chooser sends boxes and places, and leads to the short address', async (t) => {
  const sent = new URLSearchParams([
    ['columns', 'code'],
    ['columns', 'notes'],
    ['columns', 'name'],
    ['order_name', '1'],
    ['order_code', ' 2 '],
    ['order_notes', ''],
    ['q', '长春'],
    ['page', '7'],
  ])
  const answer = await admin.get(`/customers?${sent}`)
  t.equal(answer.status, 303)
  t.equal(answer.location, '/customers?q=%E9%95%BF%E6%98%A5&columns=name%2Ccode%2Cnotes')
  t.strictSame(headings(await admin.get(answer.location as string)), ['客户名称', '客户编码', '备注'])
})

t.test('a column whose number is changed stands where it says', async (t) => {
  const names = ['code', 'name', 'phone', 'address']
  const moved = async (numbers: Record<string, string>, columns = names) => {
    const places = names.map((name, index): [string, string] => [`order_${name}`, numbers[name] ?? String(index + 1)])
    const sent = new URLSearchParams([...columns.map((name): [string, string] => ['columns', name]), ...places])
    const { location = '' } = await admin.get(`/customers?${sent}`)
    return new URLSearchParams(location.split('?')[1]).get('columns')
  }
  t.equal(await moved({ address: '1' }), 'address,code,name,phone', 'before the one that stood there')
  t.equal(await moved({ address: '2' }), 'code,address,name,phone')
  t.equal(await moved({ code: '3' }), 'name,phone,code,address', 'and behind it on the way down')
  t.equal(await moved({ code: '4', name: '3', phone: '2', address: '1' }), 'address,phone,name,code')
  t.equal(await moved({ code: '0', name: '999', phone: '-1', address: 'x' }), 'code,name,phone,address')
  t.equal(await moved({ address: '1' }, ['name', 'address']), 'address,name')
})

t.test('print, xlsx and csv have the same columns; files are headed as the import knows them', async (t) => {
  const list = await admin.get('/customers?columns=phone,name,next_contact_on,points&sort=name')
  const print = await admin.get(hrefOf(list, '打印'))
  t.strictSame(
    print.page.querySelectorAll('thead th').map((cell) => cell.text.trim()),
    ['电话', '客户名称', '下次联系', '积分'],
  )
  t.match(print.text, /13800138000/)
  const csv = await admin.get(hrefOf(list, '导出 csv'))
  t.equal(
    csv.body.trimStart().replace(/^\uFEFF/, ''),
    '电话1,客户名称,下次联系时间,积分\r\n13800138000,长春甲公司,,7\r\n,长春乙公司,,\r\n',
  )
  const noted = await db('events').where({ action: 'export' }).orderBy('id', 'desc').first('record_name')
  t.match(noted.record_name, /^2 客户资料\.csv$/, 'how many went out')
  t.equal((await admin.get(hrefOf(list, '导出 xlsx'))).status, 200)
})

t.test('the main contact stands beside its customer, as far as it may be read; what is overdue says so', async (t) => {
  const [first, second] = idsIn(await admin.get('/customers'))
  await admin.post(`/customers/${first}/contacts`, { name: '孙丽', is_main: 'true', mobile: '13900139000' })
  await admin.post(`/customers/${second}/contacts`, { name: '赵六', mobile: '13900139001' })
  await db('customers').where({ id: first }).update({ next_contact_on: '2020-02-02' })
  const query = 'columns=name,main_contact,main_mobile,next_contact_on'
  const cells = (answer: Answer) => answer.page.querySelectorAll('tbody tr').map((row) => row.text.replace(/\s+/g, ' '))
  const [one = '', other = ''] = cells(await admin.get(`/customers?${query}`))
  t.match(one, /孙丽 13900139000 2020-02-02 已逾期/)
  t.match(other, /赵六/, 'the first contact of a customer is its main one')
  t.match((await admin.get(`/customers.csv?${query}`)).body, /孙丽,13900139000,2020-02-02/)
  await addPerson(db, '丁', [await everyRightWithin(db, '看不全', { view: 'all', masks: 'phone' })])
  t.notMatch((await (await signedIn(app, '丁')).get(`/customers?${query}`)).body, /13900139000/)
  const role = await db('roles').where({ name: '看不全' }).first('id')
  await db('role_permissions').where({ role_id: role.id, permission: 'contacts.view' }).delete()
  await bumpRevision(db)
  t.notMatch((await (await signedIn(app, '丁')).get(`/customers?${query}`)).body, /孙丽/)
})

t.test('one keeps columns, order and size for oneself, and goes back', async (t) => {
  const kept = {
    list: '/customers',
    columns: ['name', 'address'],
    order_name: '2',
    order_address: '1',
    sort: '-name',
    per: '50',
  }
  const answer = await admin.post('/list-preferences', kept)
  t.match(answer, { status: 303, location: '/customers' })
  const mine = await admin.get('/customers')
  t.strictSame(headings(mine), ['地址', '客户名称'])
  t.match(mine.page.querySelector('th[aria-sort]')?.toString(), /descending/)
  t.match(mine.page.querySelector('.pages')?.toString(), /aria-current="page">50</)
  t.match(mine.page.querySelector('.pages')?.toString(), /per=10/, 'ten can still be asked for')
  t.strictSame(headings(await li.get('/customers')), ordinary, 'nobody else sees that')
  t.strictSame(headings(await admin.get('/customers?columns=code')), ['客户编码'], 'an address says it anew')
  await admin.post('/list-preferences', { list: '/customers', forget: 'true' })
  t.strictSame(headings(await admin.get('/customers')), ordinary)
  t.equal((await admin.post('/list-preferences', { list: '/users' })).status, 404, 'a list that is not adjusted')
})
