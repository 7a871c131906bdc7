import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { utils, write } from '@e965/xlsx'
import t from 'tap'
import { buildTestApp } from '../../fixtures/app.ts'
import { checkFile, finished, formOf, take, upload } from './fixtures/upload.ts'

const { db, as } = await buildTestApp(t)
const one = await as('韩梅梅')
const sample = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../kernel/spreadsheets/fixtures/cases', name))

/** Sends the columns as they are proposed, and answers where the checked import stands. */
async function checkedAt(mapping: string, columns: Record<string, string> = {}): Promise<string> {
  const { location = '' } = await one.post(mapping, { ...formOf(await one.get(mapping), '#mapping'), ...columns })
  await finished(one, location)
  return location
}

const sourceForm = 'form[action$=source]'

t.test('a sheet other than the likeliest is chosen', async (t) => {
  const names = (type: string) => [`今年公司${type}`, `去年公司${type}`] as const
  const bookOf = (type: string) => {
    const book = utils.book_new()
    const sheet = (name: string, rows: string[][]) => utils.book_append_sheet(book, utils.aoa_to_sheet(rows), name)
    sheet('封面', [['客户资料']])
    for (const name of names(type))
      sheet(name.slice(0, 2), [
        ['客户名称', '备注'],
        [name, type],
      ])
    return book
  }
  for (const bookType of ['xlsx', 'biff8'] as const) {
    const [first, second] = names(bookType)
    const { location: mapping = '' } = await upload(one, write(bookOf(bookType), { type: 'buffer', bookType }))
    const page = await one.get(mapping)
    t.strictSame(formOf(page, sourceForm), { sheet: '1' }, 'the first with headings is taken')
    t.match(page.text, first)
    t.equal((await one.post(mapping.replace('mapping', 'source'), { sheet: '2' })).location, mapping)
    t.match((await one.get(mapping)).text, second)
    await take(one, await checkedAt(mapping))
    t.equal(await db('customers').where({ name: first }).first(), undefined)
    t.match(await db('customers').where({ name: second }).first(), { notes: bookType })
  }
})

t.test('a sheet without rows is refused where it was chosen; nonsense leaves what is read', async (t) => {
  const book = utils.book_new()
  utils.book_append_sheet(book, utils.aoa_to_sheet([['客户名称'], ['一个公司']]), '客户')
  utils.book_append_sheet(book, utils.aoa_to_sheet([['空']]), '空')
  const { location: mapping = '' } = await upload(one, write(book, { type: 'buffer', bookType: 'xlsx' }))
  const source = mapping.replace('mapping', 'source')
  const refused = await one.post(source, { sheet: '1' })
  t.match(refused, { status: 422, text: /只有列名，没有数据行/ })
  t.strictSame(formOf(refused, sourceForm), { sheet: '1' }, 'what was chosen stays')
  t.equal(refused.page.querySelector('#mapping-sheet')?.getAttribute('aria-describedby'), 'source-error')
  for (const sheet of ['7', '-1', '0.5', 'x', ''])
    t.equal((await one.post(source, { sheet, encoding: 'nonsense' })).location, mapping)
  t.match((await one.get(mapping)).text, /一个公司/)
})

t.test('an encoding that was guessed can be changed, one that is known is not asked for', async (t) => {
  const { location: mapping = '' } = await upload(one, sample('enc-big5.csv'))
  const page = await one.get(mapping)
  t.strictSame(formOf(page, sourceForm), { encoding: 'big5' })
  t.match(page.text, /己編碼臺灣貿易有限公司/)
  const source = mapping.replace('mapping', 'source')
  await one.post(source, { encoding: 'gb18030' })
  t.notMatch((await one.get(mapping)).text, /己編碼/)
  await one.post(source, { encoding: 'big5' })
  await take(one, await checkedAt(mapping, { column_0: 'customer.name', column_1: '' }))
  t.ok(await db('customers').where({ name: '己編碼中華電信股份有限公司' }).first())
  const { location: known = '' } = await upload(one, sample('qcc.csv'))
  t.equal((await one.get(known)).page.querySelector(sourceForm), null)
})

t.test('workbooks of old programs and pages of others', async (t) => {
  for (const [name, wanted] of [
    ['ss2003.xls', '长春市远航商贸有限公司'],
    ['oa-html.xls', '吉林省松江机械有限公司'],
    ['xlwt.xls', '长春明日软件有限公司𠮷'],
    ['odfpy.ods', '吉林 & 松江'],
  ] as const) {
    await take(one, (await checkFile(one, sample(name), { fileName: name })).location)
    t.ok(await db('customers').where({ name: wanted }).first(), name)
  }
})

t.test('cards of a telephone become contacts, whatever was ticked', async (t) => {
  const { location: mapping = '' } = await upload(one, sample('phone-2.1.vcf'), { kind: 'customers' })
  t.match((await one.get(mapping)).text, /每行导入为一个联系人/)
  const location = await checkedAt(mapping)
  await one.post(`${location}/missing-records`)
  await finished(one, location)
  await take(one, location)
  const found = await db('contacts').where({ name: '张三' }).first()
  t.match(found, { mobile: '13800138000', office_phone: '0431-84970011', department: '销售部' })
  t.match(await db('customers').where({ id: found.customer_id }).first(), { name: '长春明日软件有限公司' })
})

t.test('who may not see an import may not change its source', async (t) => {
  const { location: mapping = '' } = await upload(one, sample('enc-big5.csv'))
  const other = await as('李雷')
  const answer = await other.post(mapping.replace('mapping', 'source'), { encoding: 'gb18030' })
  t.ok([403, 404].includes(answer.status), String(answer.status))
})
