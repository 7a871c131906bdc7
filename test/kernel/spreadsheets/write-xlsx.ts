import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { text as textOf } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import t from 'tap'
import { openPromise } from 'yauzl'
import type { SheetColumn } from '../../../src/kernel/spreadsheets/columns.ts'
import { writeXlsx } from '../../../src/kernel/spreadsheets/write-xlsx.ts'
import { newPath, readCells, saveStream } from './fixtures/workbook.ts'

const text = (label: string): SheetColumn => ({ label, kind: 'text' })
const COLUMNS: SheetColumn[] = [
  text('客户 & "名称"'),
  { label: '数量', kind: 'number' },
  { label: '金额', kind: 'money', width: 20 },
  { label: '日期', kind: 'day' },
  { label: '时间', kind: 'instant' },
]

async function partOf(path: string, name: string): Promise<string> {
  const zip = await openPromise(path, { lazyEntries: true })
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName === name) return textOf(await zip.openReadStreamPromise(entry))
  }
  return ''
}

t.test('what is written is read back', async (t) => {
  const rows = [
    ['上海<𠮷>公司', 12.5, 123450, '2026-11-23', '2026-11-23T06:30:59.000Z'],
    [null, 0, -5, undefined, new Date('2026-12-31T16:00:00Z')],
    ['第一行\r\n第二行', '1234567.891', 0, '1900-03-01', ''],
    ['0571', 'unbekannt', 1.5, '2026-02-30', 'nie'],
  ]
  const path = await saveStream(t, writeXlsx(COLUMNS, rows, '客户'))
  t.strictSame(await readCells(path), [
    ['客户 & "名称"', '数量', '金额', '日期', '时间'],
    ['上海<𠮷>公司', '12.5', '1234.5', '2026-11-23', '2026-11-23 14:30'],
    ['', '0', '-0.05', '', '2027-01-01 00:00'],
    ['第一行\n第二行', '1234567.891', '0', '1900-03-01'],
    ['0571', 'unbekannt', '1.5', '2026-02-30', 'nie'],
  ])
})

t.test('texts stay texts, whatever they hold', async (t) => {
  const texts = ['=cmd|"/c calc"!A1', '+1', '-1', '@SUM(A1)', '\t=1', '_x0041_', 'a\u0000b\u0007\uFFFEc', '\uD842', ' ']
  const path = await saveStream(t, writeXlsx([text('内容')], [...texts.map((value) => [value])], '客户'))
  const expected = [...texts.slice(0, 6), 'abc', '\uFFFD', ' ']
  t.strictSame((await readCells(path)).slice(1).flat(), expected)
  const sheet = await partOf(path, 'xl/worksheets/sheet1.xml')
  t.notMatch(sheet, '<f>')
  t.equal(sheet.match(/t="inlineStr"/g)?.length, texts.length + 1)
})

t.test('long texts are cut at the limit of Excel, never inside a character', async (t) => {
  const path = await saveStream(t, writeXlsx([text('a')], [['啊'.repeat(40_000)], [`a${'𠮷'.repeat(20_000)}`]], '客户'))
  const [, [plain = ''] = [], [rare = ''] = []] = await readCells(path)
  t.equal(plain.length, 32_767)
  t.equal(rare, `a${'𠮷'.repeat(16_383)}`)
  const odd = await saveStream(t, writeXlsx([text('a')], [['𠮷'.repeat(20_000)]], '客户'))
  t.equal((await readCells(odd))[1]?.[0], '𠮷'.repeat(16_383))
})

t.test('the head is bold and frozen, columns have widths, sheet names are allowed ones', async (t) => {
  const path = await saveStream(t, writeXlsx(COLUMNS, [], "'客户[1]: 全部/有效'"))
  const sheet = await partOf(path, 'xl/worksheets/sheet1.xml')
  t.match(sheet, '<pane ySplit="1"')
  t.match(sheet, '<col min="3" max="3" width="20"')
  t.match(sheet, '<c r="A1" s="1"')
  t.match(await partOf(path, 'xl/styles.xml'), '<font><b/>')
  t.match(await partOf(path, 'xl/workbook.xml'), '<sheet name="客户 1   全部 有效"')
})

t.test('columns are as wide as what stands in the first rows, and are filtered by arrows', async (t) => {
  const name = '长春明日科技发展有限公司'
  const wide = [text('名称'), { ...text('说明'), kind: 'text' as const }, { label: '日期', kind: 'day' as const }]
  const path = await saveStream(
    t,
    writeXlsx(
      wide,
      [
        [name, '长'.repeat(90), '2026-12-01'],
        ['a', '', null],
      ],
      '客户',
    ),
  )
  const sheet = await partOf(path, 'xl/worksheets/sheet1.xml')
  t.match(sheet, `<col min="1" max="1" width="${name.length * 2 + 2}"`, 'hanzi are two wide')
  t.match(sheet, '<col min="2" max="2" width="60"', 'but not endlessly')
  t.match(sheet, '<col min="3" max="3" width="12"')
  t.match(sheet, '</sheetData><autoFilter ref="A1:C3"/></worksheet>')
  const many = (length: number, short: number) => Array.from({ length }, (_, at) => [at < short ? 'a' : name, '', null])
  const rows = await saveStream(t, writeXlsx(wide, many(500, 300), '客户'))
  const fits = new RegExp(`<col min="1" max="1" width="${name.length * 2 + 2}".*<autoFilter ref="A1:C501"`, 's')
  t.match(await partOf(rows, 'xl/worksheets/sheet1.xml'), fits, 'a long text may come late')
  const more = await saveStream(t, writeXlsx(wide, many(2500, 2200), '客户'))
  const roomy = /<col min="1" max="1" width="16".*<col min="3" max="3" width="12"/s
  t.match(await partOf(more, 'xl/worksheets/sheet1.xml'), roomy, 'and later still there is room')
  t.equal((await readCells(rows)).length, 501)
})

t.test('rows are taken only as fast as the stream is read, and end with it', async (t) => {
  let taken = 0
  const end = Promise.withResolvers<void>()
  async function* endless() {
    try {
      for (;;) yield [`客户 ${Math.random()} ${++taken}`]
    } finally {
      end.resolve()
    }
  }
  const stream = writeXlsx([text('a')], endless(), '客户')
  await once(stream, 'readable')
  t.equal(stream.read(2).toString(), 'PK')
  while (taken === 0) {
    stream.read()
    await once(stream, 'readable')
  }
  stream.destroy()
  await end.promise
  t.ok(taken < 100_000, `${taken} rows taken`)
})

t.test('an error of the rows is the error of the stream', async (t) => {
  async function* failing() {
    yield ['a']
    throw new Error('database gone')
  }
  const stream = writeXlsx([text('a')], failing(), '客户')
  await t.rejects(pipeline(stream, createWriteStream(newPath(t))), { message: 'database gone' })
})
