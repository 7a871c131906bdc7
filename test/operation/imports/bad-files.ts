import { buffer } from 'node:stream/consumers'
import t from 'tap'
import { ZipFile } from 'yazl'
import { readingBounds } from '../../../src/kernel/spreadsheets/apart.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { checkFile, finished, formOf, take, upload, wrongRows, xlsx } from './fixtures/upload.ts'

const { db, as } = await buildTestApp(t)
const one = await as('韩梅梅')
const names = () => db('customers').orderBy('id').pluck('name')
const last = async () => (await names()).at(-1)

const cell = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`
const row = (number: number, cells: string) => `<row r="${number}">${cells}</row>`
const head = row(1, cell('客户名称') + cell('备注'))

/** A workbook by hand, with what no writer makes. */
function workbook(
  sheets: { name: string; data: string; after?: string; state?: string }[],
  sharedStrings?: string,
  styles?: string,
): Promise<Buffer> {
  const zip = new ZipFile()
  const add = (path: string, xml: string) => zip.addBuffer(Buffer.from(xml), path)
  const relation = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
  const packages = 'http://schemas.openxmlformats.org/package/2006/relationships'
  const list = sheets.map(
    ({ name, state }, i) =>
      `<sheet name="${name}" sheetId="${i + 1}" r:id="r${i}"${state ? ` state="${state}"` : ''}/>`,
  )
  const targets = sheets.map(
    (_, i) => `<Relationship Id="r${i}" Type="${relation}/worksheet" Target="worksheets/s${i}.xml"/>`,
  )
  const part = (id: string, xml: string | undefined, around: (xml: string) => string) => {
    if (xml === undefined) return
    targets.push(`<Relationship Id="${id}" Type="${relation}/${id}" Target="${id}.xml"/>`)
    add(`xl/${id}.xml`, around(xml))
  }
  part('sharedStrings', sharedStrings, (xml) => xml)
  part('styles', styles, (xml) => `<styleSheet><!--${xml}--></styleSheet>`)
  add('[Content_Types].xml', '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>')
  add(
    '_rels/.rels',
    `<Relationships xmlns="${packages}"><Relationship Id="a" Type="${relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  )
  add('xl/workbook.xml', `<workbook xmlns="${main}" xmlns:r="${relation}"><sheets>${list.join('')}</sheets></workbook>`)
  add('xl/_rels/workbook.xml.rels', `<Relationships xmlns="${packages}">${targets.join('')}</Relationships>`)
  for (const [i, { data, after = '' }] of sheets.entries())
    add(`xl/worksheets/s${i}.xml`, `<worksheet xmlns="${main}"><sheetData>${data}</sheetData>${after}</worksheet>`)
  zip.end()
  return buffer(zip.outputStream)
}

t.test('a zip bomb is refused, whether it is seen at once or while it is checked', async (t) => {
  const bomb = await workbook([
    { name: '表', data: head + row(2, cell('甲')) + `<!--${' '.repeat(1024)}-->`.repeat(60_000) + row(3, cell('乙')) },
  ])
  t.ok(bomb.length < 2_000_000)
  const sent = await upload(one, bomb)
  const text = sent.status === 422 ? sent.text : (await checkFile(one, bomb)).text
  t.match(text, /文件展开后过大/)
  t.strictSame(await names(), [])
})

t.test('a small file whose cells all have one long text is checked and its rows refused', async (t) => {
  const heads = row(1, cell('客户名称') + cell('备注'))
  const long = Array.from({ length: 2_000 }, (_, i) => row(i + 2, `${cell(`长文${i}公司`)}<c t="s"><v>0</v></c>`))
  const sharedStrings = `<sst><si><t>${'长'.repeat(1_000_000)}</t></si></sst>`
  const file = await workbook([{ name: '表', data: heads + long.join('') }], sharedStrings)
  t.ok(file.length < 100_000)
  const checked = await checkFile(one, file)
  t.match(checked.text, '2,000 行有误')
  t.match(wrongRows(checked)[0]?.[2], '一个单元格最多 32,767 个字')
})

t.test('a file that takes more memory than reading may is refused in words, now and while it is checked', async (t) => {
  const file = await workbook(
    [{ name: '表', data: head + row(2, cell('大样式公司')) }],
    undefined,
    'x'.repeat(15_000_000),
  )
  const { megabytes } = readingBounds
  t.teardown(() => void Object.assign(readingBounds, { megabytes }))
  const { location = '' } = await upload(one, file)
  readingBounds.megabytes = 16
  t.match(await upload(one, file), { status: 422, text: /读取超出了内存或时间限制/ })
  const { location: checked = '' } = await one.post(location, formOf(await one.get(location), '#mapping'))
  t.match((await finished(one, checked)).text, /失败.*读取超出了内存或时间限制/)
})

t.test('the sheet with the most known headings is taken, whatever stands before it', async (t) => {
  const note = { name: '说明', data: row(1, cell('填表须知')) + row(2, cell('请勿改动表头')) }
  const wanted = { name: '客户', data: head + row(2, cell('第三张表公司')) }
  const file = await workbook([{ name: '空', data: '' }, note, wanted])
  await take(one, (await checkFile(one, file)).location)
  t.equal(await last(), '第三张表公司')
})

t.test('a million empty rows below the data', async (t) => {
  const empty = Array.from({ length: 1_000_000 }, (_, index) => `<row r="${index + 3}"/>`).join('')
  const checked = await checkFile(one, await workbook([{ name: '表', data: head + row(2, cell('空行公司')) + empty }]))
  t.match(checked.text, '1 行正确，0 行有误')
})

t.test('merged heads over two rows', async (t) => {
  const title = row(1, cell('客户资料') + cell('') + cell('联系方式'))
  const heads = row(2, ['客户名称', '备注', '电话', '手机'].map(cell).join(''))
  const after = '<mergeCells count="2"><mergeCell ref="A1:B1"/><mergeCell ref="C1:D1"/></mergeCells>'
  const data = title + heads + row(3, ['合并公司', '', '0431-84978981', '13800138000'].map(cell).join(''))
  await take(one, (await checkFile(one, await workbook([{ name: '表', data, after }]))).location)
  t.match(await db('customers').where({ name: '合并公司' }).first(), { phone: '0431-84978981', mobile: '13800138000' })
})

t.test('formulas count as what they result in, the first sheet that can be seen is read', async (t) => {
  const formula = '<c t="str"><f>CONCATENATE("公","式")</f><v>公式公司</v></c>'
  const hidden = { name: '藏', data: head + row(2, cell('藏起来的公司')), state: 'hidden' }
  await take(
    one,
    (await checkFile(one, await workbook([hidden, { name: '表', data: head + row(2, formula) }]))).location,
  )
  t.equal(await last(), '公式公司')
  t.notMatch((await names()).join(), '藏起来')
})

t.test('dates as numbers and as text in one column', async (t) => {
  const number = '<c><v>46204</v></c>'
  const data =
    row(1, cell('客户名称') + cell('登记时间')) +
    row(2, cell('数字日期') + number) +
    row(3, cell('文字日期') + cell('2026年7月2日'))
  const checked = await checkFile(one, await workbook([{ name: '表', data }]))
  t.match(checked.text, '2 行正确，0 行有误')
  await take(one, checked.location)
  t.match(await db('customers').where({ name: '数字日期' }).first(), { registered_on: '2026-07-01' })
  t.match(await db('customers').where({ name: '文字日期' }).first(), { registered_on: '2026-07-02' })
})

t.test('300 columns, and the same heading in many of them', async (t) => {
  const headings = ['客户名称', ...Array.from({ length: 299 }, (_, index) => (index % 2 ? '电话' : `列${index}`))]
  const file = await xlsx(headings, [['宽公司', ...headings.slice(1).map((_, index) => `0431-8${1000000 + index}`)]])
  await take(one, (await checkFile(one, file)).location)
  t.match(await db('customers').where({ name: '宽公司' }).first(), { phone: '0431-81000001' })
})

t.test('a csv named .xlsx, with broken quotes, another encoding and NUL in the middle', async (t) => {
  const lines = [
    '客户名称,备注',
    '"引号公司,没有结束',
    '正常公司,"第一行\n第二行"',
    Buffer.from([0xb3, 0xa4, 0xb4, 0xba, 0xb9, 0xab, 0xcb, 0xbe, 0x2c, 0x31]),
    '零\u0000字节公司,x',
    '最后公司,好',
  ]
  const file = Buffer.concat(lines.flatMap((line) => [Buffer.from(line as string), Buffer.from('\r\n')]))
  const checked = await checkFile(one, file, { fileName: '客户.xlsx' })
  const reasons = wrongRows(checked).map(([number, , reason]) => `${number} ${reason}`)
  t.match(reasons, [/^2 .*引号不成对/, /^4 .*文字编码/])
  const before = (await names()).length
  await take(one, checked.location)
  t.strictSame((await names()).slice(before), ['正常公司', '零字节公司', '最后公司'])
})

t.test('../ in the name of a file', async (t) => {
  const { location = '' } = await upload(one, await xlsx(['客户名称'], [['甲']]), {
    fileName: '../../../etc/passwd.xlsx',
  })
  t.match((await one.get(location)).text, 'passwd.xlsx')
  t.notMatch((await one.get(location)).text, 'etc/')
  t.match((await db('imports').orderBy('id', 'desc').first()).stored_name, /^[\w-]+$/)
})

t.test('half a file whose first rows can be read', async (t) => {
  const rows = Array.from({ length: 3000 }, (_, index) => [`半截公司${Math.sin(index)}`])
  const whole = await xlsx(['客户名称'], rows)
  const half = whole.subarray(0, whole.length / 2)
  t.match(await upload(one, half), { status: 422, text: /文件已损坏/ })
})
