import { writeFileSync } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import t from 'tap'
import type { SheetColumn } from '../../../src/kernel/spreadsheets/columns.ts'
import { writeCsv } from '../../../src/kernel/spreadsheets/write-csv.ts'
import { readCsv } from './fixtures/csv.ts'
import { newPath } from './fixtures/workbook.ts'

async function csvOf(columns: SheetColumn[], rows: unknown[][]): Promise<string> {
  const bytes = await buffer(writeCsv(columns, rows))
  t.equal(bytes.toString('hex', 0, 3), 'efbbbf', 'a byte order mark')
  return bytes.toString('utf8', 3)
}

/** What stands in the file for each text. */
async function fieldsOf(texts: string[]): Promise<string[]> {
  const csv = await csvOf([{ label: 'a', kind: 'text' }], [...texts.map((text) => [text])])
  return csv.split('\r\n').slice(1, -1)
}

t.test('every kind of column', async (t) => {
  const columns: SheetColumn[] = [
    { label: '名称', kind: 'text' },
    { label: '数量', kind: 'number' },
    { label: '金额', kind: 'money' },
    { label: '日期', kind: 'day' },
    { label: '时间', kind: 'instant' },
  ]
  const rows = [
    ['𠮷', -1.5, -123456, '2026-11-23', '2026-11-23T16:30:00.000Z'],
    [null, undefined, '', 'x', 'y'],
  ]
  t.equal(
    await csvOf(columns, rows),
    '名称,数量,金额,日期,时间\r\n𠮷,-1.5,-1234.56,2026-11-23,2026-11-24 00:30\r\n,,,x,y\r\n',
  )
})

t.test('quoting and control characters', async (t) => {
  t.strictSame(await fieldsOf(['a,b', 'say "hi"', 'a\r\nb', ' a', 'a\u0000\u0007b']), [
    '"a,b"',
    '"say ""hi"""',
    '"a\nb"',
    '" a"',
    'ab',
  ])
})

t.test('formulas are made harmless', async (t) => {
  const texts = ['=1+1', '+1+1', '-2+3', '@SUM(A1)', '\t=1', '\r=1', '\u0000=1', '＝1', '+86-138-0013-8000', '-']
  t.strictSame(await fieldsOf(texts), [
    "'=1+1",
    "'+1+1",
    "'-2+3",
    "'@SUM(A1)",
    "'\t=1",
    '"\'\n=1"',
    "'=1",
    "'＝1",
    "'+86-138-0013-8000",
    "'-",
  ])
})

t.test('numbers and telephone numbers stay as they are', async (t) => {
  const texts = [
    '-12.50',
    '+5',
    '+86 138 0013 8000',
    '021-5555',
    '0431-84978981',
    '13800138000',
    '1.5',
    'KH000001',
    '2 室',
  ]
  t.strictSame(await fieldsOf(texts), texts)
})

t.test('what Excel would turn into another number or a day gets a tab, and is read without it', async (t) => {
  const texts = [
    '110101199003071234',
    '6222021234567890123',
    '+8613800138000',
    '010020',
    '00',
    '1E5',
    '5-4',
    '2026/1',
    '8:30',
  ]
  const fields = await fieldsOf(texts)
  t.strictSame(
    fields,
    texts.map((text) => `"\t${text}"`),
  )
  const path = newPath(t, 'test.csv')
  writeFileSync(path, `\uFEFFa\r\n${fields.join('\r\n')}\r\n`)
  const [, ...cells] = (await Array.fromAsync(readCsv(path))).flatMap((row) => row.cells)
  t.strictSame(cells, texts)
})

t.test('the formulas by which other programs keep digits are read as their digits', async (t) => {
  const path = newPath(t, 'test.csv')
  writeFileSync(path, 'a,b,c\r\n="010020","=""6222021234567890123""",=1+1\r\n')
  const [, row] = await Array.fromAsync(readCsv(path))
  t.strictSame(row?.cells, ['010020', '6222021234567890123', '=1+1'])
})
