import { execFileSync, spawnSync } from 'node:child_process'
import t from 'tap'
import { type Browser, buildTestApp } from '../../fixtures/app.ts'
import { upload } from '../../kernel/files/fixtures/upload.ts'
import { checkFile, finished, take } from '../../operation/imports/fixtures/upload.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'

const skip = spawnSync('pdftotext', ['-v']).error ? 'pdftotext is not installed' : false
const one = {
  name: '沈阳东方轴承有限公司',
  short_name: '东方轴承',
  code: '',
  phone: '024-88990011',
  fax: '024-88990012',
  email: 'sales@dongfang.example',
  postcode: '110000',
  address: '辽宁省沈阳市铁西区建设中路 8 号',
  bank: '中国工商银行沈阳铁西支行',
  bank_account: '6222021234567890123',
  goods: '深沟球轴承\n圆锥滚子轴承',
}
const zhou = { name: '周红', position: '销售经理', mobile: '13944012345' }

let forms = 0
const post = (browser: Browser, path: string, values: Record<string, string>) =>
  browser.post(path, { ...values, form_id: `supplier-form-${++forms}` })
const add = (browser: Browser, more: Record<string, string> = {}) => post(browser, '/suppliers', { ...one, ...more })
const acts = async (browser: Browser, path: string) =>
  (await browser.get(path)).page.querySelectorAll('.actions a').map((link) => link.text.trim())

t.test('a supplier gets a number, and a name stands once', async (t) => {
  const { db, as } = await buildTestApp(t)
  const she = await as('韩梅梅')
  const { location = '' } = await add(she)
  const card = await she.get(location)
  for (const value of [
    'GYS000001',
    '东方轴承',
    '024-88990012',
    '110000',
    '铁西支行',
    '6222021234567890123',
    '圆锥滚子',
  ])
    t.match(card.text, value)
  const twice = await add(she, { name: '沈阳东方轴承有限公司 ', phone: '', short_name: '别的' })
  t.equal(twice.status, 422)
  t.match(twice.page.querySelector('#suppliers-name-error')?.text, /已有同名的供应商/)
  t.match(twice.page.querySelector('[name=goods]')?.text, '圆锥滚子轴承', 'what was typed is kept')
  const code = await add(she, { name: '另一家', code: 'gys000001', phone: '', short_name: '' })
  t.match([code.status, code.page.querySelector('#suppliers-code-error')?.text], [422, /此编码已被使用/])
  t.equal((await db('suppliers')).length, 1)
})

t.test('one with the telephone or the short name of another is asked about', async (t) => {
  const { as } = await buildTestApp(t)
  const she = await as('韩梅梅')
  await add(she)
  for (const same of [
    { phone: '024 8899-0011', short_name: '' },
    { phone: '', short_name: '东方轴承' },
  ]) {
    const asked = await add(she, { name: '东方轴承（沈阳）', ...same })
    t.equal(asked.status, 422)
    t.match(asked.text, /可能已有相同的供应商.*沈阳东方轴承有限公司/)
  }
  t.equal((await add(she, { name: '东方轴承（沈阳）', is_duplicate_accepted: 'true' })).status, 303)
})

t.test('its contacts stand on its card, and keep it from going for good', async (t) => {
  const { db, as } = await buildTestApp(t)
  const she = await as('韩梅梅')
  const { location = '' } = await add(she)
  const supplier_id = `id:${location.split('/').at(-1)}`
  const way = `/supplier-contacts/new?supplier_id=${encodeURIComponent(supplier_id)}`
  t.ok((await she.get(location)).page.querySelector(`a[href="${way}"]`))
  t.equal((await she.get(way)).status, 200)
  const nameless = await post(she, '/supplier-contacts', { ...zhou, name: '', supplier_id })
  t.equal(nameless.status, 422)
  const { location: place = '' } = await post(she, '/supplier-contacts', { ...zhou, supplier_id })
  const row = (await she.get(location)).page.querySelector(`a[href="${place}"]`)?.closest('tr')
  t.match(row?.text.replace(/\s+/g, ' '), /周红.*销售经理.*139/)
  t.match((await she.get(place)).page.querySelector(`a[href="${location}"]`)?.text, one.name)
  const list = await she.get('/supplier-contacts')
  t.match(list.page.querySelector(`#list a[href="${location}"]`)?.text, one.name, 'the list says whose it is')
  t.match((await she.get('/supplier-contacts.csv')).raw.toString(), /周红.*沈阳东方轴承有限公司/)
  t.equal((await she.post(`${location}/deletion`, { version: '1' })).status, 303)
  await she.post(`/recycle-bin${location}/purge`, { version: '2' })
  t.equal((await db('suppliers')).length, 1)
  t.match((await she.get(`/recycle-bin${location}/purge`)).text, '供应商联系人')
  t.equal((await she.post(`${place}/deletion`, { version: '1' })).status, 303)
  t.equal((await she.post(`/recycle-bin${place}/purge`, { version: '2' })).status, 303)
  t.equal((await she.post(`/recycle-bin${location}/purge`, { version: '2' })).status, 303)
  t.equal((await db('suppliers')).length, 0)
})

t.test('it has files', async (t) => {
  const { as } = await buildTestApp(t)
  const she = await as('韩梅梅')
  const { location = '' } = await add(she)
  t.equal((await upload(she, `${location}/files`, '报价', '报价单.txt')).status, 303)
  const tab = await she.get(`${location}/files`)
  t.match(tab.text, '报价单.txt')
  const href = tab.page.querySelector(`a[href^="${location}/files/"]`)?.getAttribute('href') as string
  t.equal((await she.get(href)).raw.toString(), '报价')
})

t.test('a file of them and of their contacts is taken, and taken back', async (t) => {
  const { app, db, as } = await buildTestApp(t)
  const she = await as('韩梅梅')
  const bring = async (kind: string, file: string) => {
    const { location, text } = await checkFile(she, file, { fileName: '表.csv', kind })
    t.match(text, /2 行正确/)
    await take(she, location)
    return location
  }
  t.ok((await she.get('/suppliers')).page.querySelector('a[href="/imports/new?kind=suppliers"]'))
  const heads = '全称,编码,电话,银行账号,供应的商品'
  const suppliers = await bring('suppliers', `${heads}\n甲厂,,0431-88990011,,皮带\n乙厂,Y-1,,62220212345678,链条\n`)
  t.same(await db('suppliers').orderBy('id').pluck('code'), ['GYS000001', 'Y-1'])
  const contacts = await bring('supplier_contacts', '姓名,供应商,手机\n周红,甲厂,13944012345\n吴敏,乙厂,\n')
  t.equal((await db('supplier_contacts')).length, 2)
  for (const location of [contacts, suppliers]) {
    await she.post(`${location}/undo`)
    await app.runJobs()
    await finished(she, location)
  }
  t.equal((await db('supplier_contacts').whereNull('deleted_at')).length, 0)
  t.equal((await db('suppliers').whereNull('deleted_at')).length, 0)
})

t.test('it is found from the box on top, exported and printed', { skip }, async (t) => {
  const { app, db, as } = await buildTestApp(t)
  const she = await as('韩梅梅')
  const { location = '' } = await add(she)
  await post(she, '/supplier-contacts', { ...zhou, supplier_id: one.name })
  for (const q of ['东方轴', '圆锥滚子', '88990011'])
    t.ok((await she.get(`/search?q=${encodeURIComponent(q)}`)).page.querySelector(`main a[href="${location}"]`), q)
  t.match((await she.get('/suppliers?q=dongfang')).text, '共 1 条')
  t.match((await she.get('/suppliers.csv')).raw.toString(), /沈阳东方轴承有限公司.*圆锥滚子轴承/s)
  t.equal((await she.get('/suppliers.xlsx')).status, 200)
  t.match((await she.get('/suppliers/print')).text, '东方轴承')
  const printedBy = async (who: Browser) => {
    const input = (await who.get(`${location}/print.pdf`)).raw
    return execFileSync('pdftotext', ['-layout', '-', '-'], { input, encoding: 'utf8' })
  }
  const pdf = await printedBy(she)
  for (const value of ['供应商：沈阳东方轴承', 'GYS000001', '圆锥滚子轴承', '供应商联系人', '周红', '13944012345'])
    t.match(pdf, value)
  await addPerson(db, '看不全', [await everyRightWithin(db, '看不全', { view: 'all', masks: 'phone' })])
  const masked = await printedBy(await signedIn(app, '看不全'))
  t.match(masked, '周红')
  t.notMatch(masked, '13944012345')
})

t.test('each role may do what its work needs, and who has no right sees nothing', async (t) => {
  const { app, db, as } = await buildTestApp(t)
  const { location = '' } = await add(await as('韩梅梅'))
  for (const [role, allowed] of [
    ['sales_manager', ['修改', '打印', '写邮件', '删除']],
    ['sales', ['修改', '写邮件']],
    ['marketing', ['修改', '写邮件']],
    ['warehouse', ['打印']],
    ['finance', ['打印', '写邮件']],
  ] as const) {
    await addPerson(db, role, [role])
    t.same(await acts(await signedIn(app, role), location), allowed, role)
  }
  const manager = await signedIn(app, 'sales_manager')
  for (const path of ['/suppliers.csv', '/imports/new?kind=suppliers', `${location}/deletion`])
    t.equal((await manager.get(path)).status, 200, path)
  const he = await as('李雷')
  t.notOk((await he.get('/customers')).page.querySelector('a[href="/suppliers"]'))
  for (const path of ['/suppliers', '/supplier-contacts', location, '/suppliers/new', '/suppliers.csv'])
    t.equal((await he.get(path)).status, 403, path)
  t.equal((await add(he, { name: '新的' })).status, 403)
  t.notMatch((await he.get('/search?q=东方轴承')).text, '沈阳东方')
})

t.test('who may not read bank accounts sees a part of it', async (t) => {
  const { app, db, as } = await buildTestApp(t)
  const { location = '' } = await add(await as('韩梅梅'))
  const without = ['suppliers.unmask']
  await addPerson(db, '丙', [await everyRightWithin(db, '不看账号', { view: 'all', masks: 'bank', without })])
  const she = await signedIn(app, '丙')
  for (const path of [location, `${location}/edit`, '/suppliers?columns=name,bank_account', '/suppliers.csv'])
    t.notMatch((await she.get(path)).body, one.bank_account, path)
  t.match((await she.get(location)).text, /银行账号 \S*\*+\S*/)
})
