import { execFileSync, spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { insertAll } from '../../../src/kernel/db/dialect.ts'
import { printLimit } from '../../../src/kernel/web/row-stream.ts'
import { text } from '../../../src/texts/index.ts'
import { type Browser, buildTestApp } from '../../fixtures/app.ts'
import { newFolder } from '../../fixtures/folder.ts'
import { cellsIn } from '../../fixtures/readable.ts'

const skip = spawnSync('pdftotext', ['-v']).error ? 'pdftotext is not installed' : false
const one = {
  name: '吉林恒达机电有限公司',
  size: '约 80 人，年销售额 5000 万',
  products: 'RV 减速机\n谐波减速机',
  prices: '比我方低 5%，付款 90 天',
  strengths: '交货快',
  weaknesses: '售后只在省内',
  notes: '2026 年展会遇到',
}
let forms = 0
const add = (browser: Browser, more: Record<string, string> = {}) =>
  browser.post('/competitors', { ...one, ...more, form_id: `competitor-${++forms}` })

t.test('a competitor is added, found, changed with its history, and removed', async (t) => {
  const { db, as } = await buildTestApp(t)
  const she = await as('韩梅梅')
  const { location = '' } = await add(she)
  t.match(location, /^\/competitors\/\d+$/)
  const card = await she.get(location)
  for (const value of ['吉林恒达机电', 'RV 减速机', '付款 90 天', '交货快', '售后只在省内', '展会遇到'])
    t.match(card.text, value)
  await add(she, { name: '沈阳云帆传动', products: '皮带' })
  for (const q of ['恒达', 'jilinhengda', '谐波'])
    t.match((await she.get(`/competitors?q=${encodeURIComponent(q)}`)).text, '共 1 条', q)
  await add(she, { name: '白山传动', size: '' })
  const names = async (query = '') =>
    (await she.get(`/competitors${query}`)).page
      .querySelectorAll('#list tbody td:nth-child(2)')
      .map((cell) => cell.text.trim())
  t.strictSame(await names(), ['白山传动', '吉林恒达机电有限公司', '沈阳云帆传动'], 'by their pinyin')
  t.strictSame(await names('?sort=-name'), ['沈阳云帆传动', '吉林恒达机电有限公司', '白山传动'])
  const list = await she.get('/competitors')
  t.match(list.text, 'RV 减速机')
  t.notMatch(list.page.querySelector('#list')?.text, '展会遇到', 'notes only where somebody chooses them')
  t.match((await she.get('/competitors?columns=name,notes')).page.querySelector('#list')?.text, '展会遇到')
  const id = location.split('/').at(-1)
  const acts = (answer: typeof card) => answer.page.querySelectorAll('.actions a').map((link) => link.text.trim())
  t.strictSame(acts(card), ['修改', '打印', '删除'])
  t.notOk(acts(await (await as('李雷')).get(location)).includes('修改'), 'as far as each may')
  t.equal((await she.post(location, { ...one, version: '1', prices: '低 8%' })).status, 303)
  t.match((await she.get(location)).text, /付款 90 天.*低 8%/)
  t.equal((await she.post(location, { ...one, version: '1', prices: '低 9%' })).status, 409, 'opened before')
  t.equal((await she.post(`${location}/deletion`, { version: 1 })).status, 409)
  t.equal((await she.post(`${location}/deletion`, { version: 2 })).status, 303)
  t.equal((await she.get(location)).status, 404)
  t.strictSame(await db('events').where({ record_type: 'competitors', record_id: id }).orderBy('id').pluck('action'), [
    'create',
    'update',
    'delete',
  ])
})

t.test('a name twice, none, or too long is told at the field', async (t) => {
  const { db, as } = await buildTestApp(t)
  const she = await as('韩梅梅')
  await add(she)
  for (const [name, sentence] of [
    ['吉林恒达机电有限公司 ', /已有同名/],
    ['', /请填写|不能为空|必填/],
    ['长'.repeat(101), /100/],
  ] as const) {
    const refused = await add(she, { name })
    t.equal(refused.status, 422, name)
    t.match(refused.page.querySelector('#competitors-name-error')?.text, sentence)
    t.match(refused.page.querySelector('[name=strengths]')?.text, '交货快')
  }
  t.equal((await db('competitors')).length, 1)
})

t.test('it is printed and exported whole', { skip }, async (t) => {
  const { as } = await buildTestApp(t)
  const she = await as('韩梅梅')
  const { location = '' } = await add(she)
  const pdf = execFileSync('pdftotext', ['-layout', '-', '-'], {
    input: (await she.get(`${location}/print.pdf`)).raw,
    encoding: 'utf8',
  })
  for (const value of ['竞争对手：吉林恒达机电', '谐波减速机', '售后只在省内', '制表人：韩梅梅']) t.match(pdf, value)
  t.match((await she.get('/competitors/print')).text, '谐波减速机')
  const path = join(newFolder(t), 'competitors.xlsx')
  await writeFile(path, (await she.get('/competitors.xlsx')).raw)
  const rows = await cellsIn(path)
  t.match(rows[1]?.join(), '付款 90 天')
})

t.test('[S16]: a plain user sees them and adds none, unless given the right', async (t) => {
  const { db, as } = await buildTestApp(t)
  const { location = '' } = await add(await as('韩梅梅'))
  const he = await as('李雷')
  t.equal((await he.get(location)).status, 200)
  t.notOk((await he.get('/competitors')).page.querySelector('a[href="/competitors/new"]'))
  for (const path of ['/competitors/new', `${location}/edit`, `${location}/deletion`, '/competitors.xlsx'])
    t.equal((await he.get(path)).status, 403, path)
  t.equal((await add(he)).status, 403)
  t.equal((await (await as('王芳')).get('/competitors')).status, 403)
  const { id: role_id } = await db('roles').where({ code: 'user' }).first('id')
  await db('role_permissions').insert({ role_id, permission: 'competitors.create' })
  await db('revisions').increment('number', 1)
  t.equal((await add(await as('李雷'), { name: '新对手' })).status, 303)
})

t.test('a paper that is cut says so, one that holds everything does not', { skip }, async (t) => {
  const { db, as } = await buildTestApp(t)
  const row = (at: number) => ({
    name: `同行${at}号`,
    name_key: `同行${at}号`,
    name_pinyin: `tonghang${String(at).padStart(4, '0')}`,
    created_at: '2026-01-01T00:00:00.000Z',
    updated_at: '2026-01-01T00:00:00.000Z',
    version: 1,
  })
  await insertAll(
    db,
    'competitors',
    Array.from({ length: printLimit }, (_, at) => row(at + 1)),
  )
  const she = await as('韩梅梅')
  const note = text.list.printLimit(printLimit)
  const paper = async () => {
    const input = (await she.get('/competitors/print.pdf')).raw
    return execFileSync('pdftotext', ['-layout', '-', '-'], { input, encoding: 'utf8' }).replace(/\s/g, '')
  }
  const page = async () => (await she.get('/competitors/print')).page.querySelector('main, .sheet, body')?.text ?? ''
  t.notMatch(await page(), note)
  const whole = await paper()
  t.notMatch(whole, note.replace(/\s/g, ''))
  t.match(whole, `同行${printLimit}号`)
  await db('competitors').insert(row(printLimit + 1))
  t.match(await page(), note)
  const cut = await paper()
  t.match(cut, note.replace(/\s/g, ''))
  t.match(cut, `同行${printLimit}号`)
  t.notMatch(cut, `同行${printLimit + 1}号`)
})
