import { writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { SheetColumn } from '../../../src/kernel/spreadsheets/columns.ts'
import type { ReadLimits } from '../../../src/kernel/spreadsheets/limits.ts'
import type { TableRow } from '../../../src/kernel/spreadsheets/table-row.ts'
import { writeCsv } from '../../../src/kernel/spreadsheets/write-csv.ts'
import { newFolder } from '../../fixtures/folder.ts'
import { readCsv } from './fixtures/csv.ts'
import { gb18030 } from './fixtures/gb18030.ts'

const path = join(newFolder(t), 'customers.csv')

async function rowsOf(content: string | Buffer, limits: Partial<ReadLimits> = {}): Promise<TableRow[]> {
  writeFileSync(path, content)
  return Array.fromAsync(readCsv(path, limits))
}
const cellsOf = async (content: string | Buffer) => (await rowsOf(content)).map(({ cells }) => cells)
const marked = (rows: TableRow[]) => rows.map(({ number, problem = '' }) => `${number}${problem}`)

t.test('every encoding is found, rare hanzi included', async (t) => {
  const text = '名称,备注\r\n𠮷野家（长春）,𬱖㐂€é\r\n联通,abc\r\n'
  const wanted = [
    ['名称', '备注'],
    ['𠮷野家（长春）', '𬱖㐂€é'],
    ['联通', 'abc'],
  ]
  const utf16 = Buffer.from(`\uFEFF${text}`, 'utf16le')
  const files = {
    utf8: Buffer.from(text),
    mark: Buffer.from(`\uFEFF${text}`),
    utf16,
    swapped: Buffer.from(utf16).swap16(),
  }
  for (const [name, content] of Object.entries(files)) t.strictSame(await cellsOf(content), wanted, name)
  const inGb = text.replaceAll('㐂', '').replaceAll('é', 'è')
  t.equal(gb18030('𠮷').toString('hex'), '9534b235')
  t.strictSame((await cellsOf(gb18030(inGb)))[1], ['𠮷野家（长春）', '𬱖€è'], 'gb18030')
  t.strictSame((await cellsOf(gb18030(inGb)))[2], ['联通', 'abc'], 'the two hanzi that are UTF-8 as well')
  t.strictSame(await cellsOf('a,b'), [['a', 'b']])
})

t.test('an encoding that changes in the middle is said of its rows, which can be read all the same', async (t) => {
  const utf8 = Array.from({ length: 5 }, (_, at) => `长春第${at}公司,甲\n`).join('')
  const both = await rowsOf(Buffer.concat([Buffer.from(utf8), gb18030('吉林石化,乙\n'), Buffer.from('末行,丙\n')]))
  t.strictSame(marked(both), ['1', '2', '3', '4', '5', '6encoding', '7'])
  t.strictSame(both[5]?.cells, ['吉林石化', '乙'])
  const turned = await rowsOf(Buffer.concat([gb18030(utf8), Buffer.from('吉林石化,乙\n'), gb18030('末行,丙\n')]))
  t.strictSame(marked(turned), ['1', '2', '3', '4', '5', '6encoding', '7'])
  t.strictSame(turned[5]?.cells, ['吉林石化', '乙'])
  const broken = await rowsOf(Buffer.concat([Buffer.from('名称\n甲'), Buffer.from([0xff]), Buffer.from('\n乙\n丙')]))
  t.strictSame(marked(broken), ['1', '2encoding', '3', '4'])
})

t.test('every separator is found, outside quotes and under a title', async (t) => {
  t.strictSame(await cellsOf('客户表\n名称;电话;备注\n甲;1;"a;b, c, d, e"\n乙;2;x'), [
    ['客户表'],
    ['名称', '电话', '备注'],
    ['甲', '1', 'a;b, c, d, e'],
    ['乙', '2', 'x'],
  ])
  t.strictSame((await cellsOf('名称\t电话\n甲\t1,2'))[1], ['甲', '1,2'])
  t.strictSame((await cellsOf('名称|电话\n甲|1,2'))[1], ['甲', '1,2'])
  t.strictSame((await cellsOf('sep=;\r\na,b;c\r\n'))[0], ['a,b', 'c'])
  t.strictSame((await cellsOf('名称\n甲\n乙'))[2], ['乙'])
})

t.test('rows keep their numbers; empty ones and empty cells at the end are left out', async (t) => {
  const rows = await rowsOf('a,b\r\n\r\n1,"x\r\ny"\r\n,,\r\n2,,\r\n')
  t.strictSame(rows, [
    { number: 1, cells: ['a', 'b'] },
    { number: 3, cells: ['1', 'x\ny'] },
    { number: 5, cells: ['2'] },
  ])
  t.strictSame(await cellsOf('a,b\r1,2\r'), [
    ['a', 'b'],
    ['1', '2'],
  ])
  t.strictSame(await cellsOf(''), [])
  t.strictSame(await cellsOf('\uFEFF\r\n\r\n'), [])
})

t.test('broken quotes spoil their own row alone', async (t) => {
  const rows = await rowsOf('名称,备注\n甲,"没有结束\n乙,"好"\n丙,"他说"好"了"\n丁,5" 屏\n戊,"最后')
  t.strictSame(marked(rows), ['1', '2quotes', '3', '4quotes', '5', '6quotes'])
  t.strictSame(rows[2]?.cells, ['乙', '好'])
  t.strictSame(rows[4]?.cells, ['丁', '5" 屏'])
  const lines = Array.from({ length: 2_000 }, (_, at) => `${at},无引号`).join('\n')
  const long = await rowsOf(`a,b\n甲,"${lines}`)
  t.strictSame(marked(long).slice(0, 3), ['1', '2quotes', '3'])
  t.equal(long.length, 2_001)
  const poem = `"${'第一行\n'.repeat(400)}"`
  t.equal((await rowsOf(`a,b\n甲,${poem}\n乙,2`)).length, 3, 'a cell of many lines is no fault')
})

t.test('whatever signs come in whatever order, no line is lost', async (t) => {
  const signs = ['"', '"', ',', ';', 'a', ' ', "'", '\r', '=']
  let seed = 7
  const next = (most: number) => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed % most
  }
  for (let round = 0; round < 300; round++) {
    const line = () => Array.from({ length: next(9) }, () => signs[next(signs.length)]).join('')
    const lines = Array.from({ length: 12 }, line)
    const rows = await rowsOf(`sep=,\n头,尾\n${lines.join('\n')}\n末,完`)
    const last = rows.at(-1)
    const said = JSON.stringify(lines)
    if (rows[0]?.cells[0] !== '头' || last?.cells.join() !== '末,完') t.fail(said)
    const all = rows.map(({ cells }) => cells.join('')).join('')
    const lost = ['a', '='].filter((sign) => all.split(sign).length !== lines.join('').split(sign).length)
    if (lost.length > 0) t.fail(`${lost} lost of ${said}`)
  }
  t.pass('300 files')
})

t.test('NUL and other signs nobody sees are dropped', async (t) => {
  t.strictSame(await cellsOf('名\0称,电话\0\n\0甲,\x07' + '1'), [
    ['名称', '电话'],
    ['甲', '1'],
  ])
})

t.test('what writeCsv writes is read without a difference', async (t) => {
  const texts = [
    '=1+1',
    "'=1",
    "''@x",
    '-5',
    '+86 138 0013 8000',
    '＝a',
    "it's",
    '"引"号',
    'a,b',
    ' x ',
    '两\n行',
    '-a',
    '𠮷',
  ]
  const columns: SheetColumn[] = [
    { label: '名称', kind: 'text' },
    { label: '其他', kind: 'text' },
  ]
  const rows = texts.map((text) => [text, 'x'])
  await writeFile(path, writeCsv(columns, rows))
  const read = await Array.fromAsync(readCsv(path))
  t.strictSame(
    read.slice(1).map(({ cells }) => cells),
    rows,
  )
})

t.test('limits', async (t) => {
  const refused = (content: string, limits: Partial<ReadLimits> = {}) =>
    t.rejects(rowsOf(content, limits), { code: 'too-large' })
  await refused('a,'.repeat(1_001))
  await refused('x'.repeat(2 * 1024 * 1024))
  await refused(`"${'x'.repeat(2 * 1024 * 1024)}`)
  await refused('a,b\n1,2\n', { inflatedBytes: 5 })
  t.equal((await rowsOf(`a\n${'\n'.repeat(60_000)}b`)).length, 1, 'too many empty rows end it')
})

t.test('100,000 rows come as a stream', async (t) => {
  let content = '名称,电话,地址\r\n'
  for (let at = 0; at < 100_000; at++) content += `长春第${at}公司,0431-${at},"吉林省,长春市 ${at} 号"\r\n`
  writeFileSync(path, content)
  let last: TableRow | undefined
  let count = 0
  for await (const row of readCsv(path)) {
    last = row
    count++
  }
  t.equal(count, 100_001)
  t.strictSame(last, { number: 100_001, cells: ['长春第99999公司', '0431-99999', '吉林省,长春市 99999 号'] })
})
