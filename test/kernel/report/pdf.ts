import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { barChart } from '../../../src/kernel/report/chart.ts'
import { type Report, type ReportTable, reportPdf } from '../../../src/kernel/report/pdf.ts'
import { newFolder } from '../../fixtures/folder.ts'

const skip = spawnSync('pdftotext', ['-v']).error ? 'pdftotext is not installed' : false
const folder = newFolder(t)

const rows = (count: number) =>
  Array.from({ length: count }, (_, at) => [`吉林云帆${at + 1}号商贸有限公司`, at * 12.5, at / 100])

type TableReport = Report & { table: ReportTable }

const report = (more: Partial<TableReport> = {}): TableReport => ({
  company: '东北亚机电设备有限公司',
  title: '客户来源分析',
  conditions: [
    { label: '期间', value: '2026-01-01 至 2026-06-30' },
    { label: '部门', value: '华东销售一部' },
  ],
  madeBy: '韩梅梅',
  madeAt: '2026-11-22T16:30:00.000Z',
  table: {
    columns: [
      { label: '客户来源', kind: 'text' },
      { label: '成交金额', kind: 'number' },
      { label: '占比', kind: 'share' },
    ],
    rows: rows(3),
    total: ['合计', 1234567.5, 1],
  },
  ...more,
})

const withRows = (count: number) => ({ table: { ...report().table, rows: rows(count) } })

async function print(name: string, more: Partial<TableReport> = {}) {
  const parts: Buffer[] = []
  for await (const part of await reportPdf(report(more))) parts.push(part as Buffer)
  const file = join(folder, `${name}.pdf`)
  writeFileSync(file, Buffer.concat(parts))
  const run = (tool: string, ...args: string[]) => execFileSync(tool, args, { encoding: 'utf8' })
  const text = run('pdftotext', '-layout', file, '-')
  return { size: Buffer.concat(parts).length, text, pages: text.split('\f').slice(0, -1), run, file }
}

t.test('a report says what it is, in order', { skip }, async (t) => {
  const { text, pages, run, file } = await print('short')
  const order = [
    '东北亚机电设备有限公司',
    '客户来源分析',
    '2026-01-01 至 2026-06-30',
    '成交金额',
    '吉林云帆1号',
    '合计',
    '制表人',
  ]
  const places = order.map((words) => text.indexOf(words))
  t.notOk(places.includes(-1))
  t.same(
    places,
    [...places].sort((a, b) => a - b),
  )
  t.match(text, /吉林云帆2号商贸有限公司\s+12\.50\s+1\.0%/)
  t.match(text, /合计\s+1,234,567\.50\s+100\.0%/)
  t.match(text, /韩梅梅\s+制表时间：2026-11-23 00:30\s+第 ?1 ?页 ?\/ ?共 ?1 ?页/)
  t.equal(pages.length, 1)
  t.match(run('pdfinfo', '-isodates', file), /Title:\s+客户来源分析\nAuthor:\s+韩梅梅[\s\S]*2026-11-22T16:30:00/)
  const fonts = run('pdffonts', file).trim().split('\n').slice(2)
  t.equal(fonts.length, 2)
  for (const font of fonts) t.match(font, /NotoSansSC.*yes yes yes/)
})

t.test('the head of the table stands on every page, the rows each once', { skip }, async (t) => {
  const { text, pages } = await print('long', withRows(120))
  t.ok(pages.length > 2)
  for (const [at, page] of pages.entries()) {
    t.match(page, /客户来源\s+成交金额\s+占比/)
    t.match(page.replace(/ /g, ''), `第${at + 1}页/共${pages.length}页`)
  }
  for (const [name] of rows(120)) t.equal(text.split(String(name)).length, 2, String(name))
})

t.test('the title of a section stands on the page of its table', { skip }, async (t) => {
  const sections = Array.from({ length: 40 }, (_, at) => ({
    title: `题${at}。`,
    table: {
      columns: [{ label: `头${at}。`, kind: 'text' as const }],
      rows: rows((at * at) % 11).map(([name]) => [name]),
    },
  }))
  const { pages } = await print('sections', { sections })
  t.ok(pages.length > 6)
  for (const at of sections.keys())
    t.match(
      pages.find((page) => page.includes(`题${at}。`)),
      `头${at}。`,
    )
})

t.test('a heading of a hundred signs takes no place from the figures', { skip }, async (t) => {
  const labels = ['甲级', '特别重要的长期合作伙伴'.repeat(9), '乙级', '丙级', '丁级', '戊级']
  const columns = [
    { label: '客户来源', kind: 'text' as const },
    ...labels.map((label) => ({ label, kind: 'number' as const })),
  ]
  const figures = [1234, 2345, 3456, 4567, 5678, 6789]
  const { text, pages } = await print('heading', { table: { columns, rows: [['展会', ...figures]] } })
  t.match(text, /展会 +1,234 +2,345 +3,456 +4,567 +5,678 +6,789/, 'each on its line')
  t.match(text, /乙级 +丙级 +丁级/)
  t.equal(pages.length, 1)
  t.ok(text.split('合作').length < 6, 'it is cut after some lines')
})

t.test('two pages with a chart are below 150 KB', { skip }, async (t) => {
  const chart = await barChart({ bars: [{ label: '展会', value: 5 }], width: 760, height: 300, unit: '家' })
  const { size, pages } = await print('two', { ...withRows(30), chart })
  t.equal(pages.length, 2)
  t.match(pages[0], '展会')
  t.ok(size < 150_000, `${size} bytes`)
})

t.test('a chart higher than a page goes on, each label once', { skip }, async (t) => {
  const bars = Array.from({ length: 200 }, (_, at) => ({ label: `渠道${at}号`, value: at }))
  const chart = await barChart({ bars, width: 760, height: 300, unit: '家' })
  const { text, pages } = await print('tall', { chart })
  t.ok(pages.length > 3)
  for (const { label } of bars) t.equal(text.split(label).length, 2, label)
})

t.test(
  'rare hanzi are drawn from further fonts, with the others of their line, and can be copied',
  { skip },
  async (t) => {
    const columns = [
      { label: '名称', kind: 'text' as const },
      { label: '备注', kind: 'text' as const },
    ]
    const long = '𠮷野家（长春）𠝹切𡈽木工程有限公司'.repeat(6)
    const table = { columns, rows: [['𠮷𠝹𬱖', long]], total: ['合计𠮷', 'Ab 𠮷'] }
    const { text, run, file, size, pages } = await print('further', { title: '𠮷日', table })
    t.match(text, '𠮷𠝹𬱖')
    t.match(text, '𠮷日')
    t.match(text, /合计𠮷 +Ab 𠮷/)
    t.equal(text.replace(/\s/g, '').split('𠮷野家（长春）𠝹切𡈽木工程有限公司').length, 7, 'broken as other texts are')
    t.notMatch(text, '〓')
    t.equal(pages.length, 1)
    const fonts = run('pdffonts', file).trim().split('\n').slice(2)
    t.equal(fonts.length, 2, 'one subset for each weight')
    for (const font of fonts) t.match(font, /yes yes yes/)
    t.ok(size < 100_000, `${size} bytes`)
  },
)

t.test('characters that no font has are named', { skip }, async (t) => {
  const table = { ...report().table, rows: [['𪚥\u{30000}𪚥 🙂 𬱖\ufe00', 1, 1]] }
  const { text } = await print('rare', { table })
  t.match(text, '〓[1]〓[2]〓[1] 〓[3] 𬱖')
  t.match(text, '〓[1] 为 U+2A6A5，〓[2] 为 U+30000，〓[3] 为 U+1F642')
  t.notMatch((await print('common')).text, '〓')
})

t.test('one report leaves no trace in the text of the next', { skip }, async (t) => {
  await print('radical', { title: '\u2f64户' })
  t.match((await print('ideograph', { title: '用户' })).text, '用户')
})

t.test('long texts are broken, nothing found is said, cells of a thousand lines end', { skip }, async (t) => {
  const note = '合同原件存于档案室三号柜'.repeat(12)
  const columns = [...report().table.columns.slice(0, 2), { label: '备注', kind: 'text' as const }]
  const wide = await print('wide', { table: { columns, rows: [['甲', null, note]] } })
  t.equal(wide.text.replace(/\s/g, '').split('合同原件').length - 1, 12)
  t.match(
    (await print('none', { table: { ...report().table, rows: [], total: undefined } })).text,
    '没有符合条件的数据',
  )
  const deep = await print('deep', { table: { columns, rows: [['甲', 1, '行\n'.repeat(1000)]] } })
  t.ok(deep.pages.length <= 2)
  t.match(deep.text, '…', 'and say that they were cut')
})

t.test('a logo stands beside the title', { skip }, async (t) => {
  const dot = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
  const { run, file } = await print('logo', { logo: Buffer.from(dot, 'base64') })
  t.match(run('pdfimages', '-list', file), /image\s+1\s+1\s+rgb/)
})
