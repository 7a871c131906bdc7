import t from 'tap'
import { readXlsx } from '../../src/spreadsheets/read-xlsx.ts'
import { readCells, readRows, saveWorkbook, sheetPart } from './fixtures/workbook.ts'

t.test('every kind of cell is text', async (t) => {
  const path = await saveWorkbook(t, {
    sharedStrings:
      '<si><t xml:space="preserve"> 上海 &amp; 北京&#10;</t></si>' +
      '<si><r><t>重</t></r><r><rPr><b/></rPr><t>庆</t></r><rPh sb="0" eb="1"><t>chong</t></rPh></si><si/>',
    rows:
      '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c>' +
      '<c r="D1" t="inlineStr"><is><r><t>内</t></r><r><t>联&lt;</t></r></is></c>' +
      '<c r="E1"><f>SUM(A1:A9)</f><v>42</v></c><c r="F1" t="str"><f>A1&amp;"x"</f><v>公式</v></c>' +
      '<c r="G1" t="b"><v>1</v></c><c r="H1" t="b"><v>0</v></c><c r="I1" t="e"><v>#DIV/0!</v></c>' +
      '<c r="J1" t="d"><v>2026-11-23T14:30:00</v></c><c r="K1" t="inlineStr"><is><t><![CDATA[a<b]]></t></is></c>' +
      '<c r="L1" s="7"/></row>',
  })
  t.strictSame(await readCells(path), [
    [' 上海 & 北京\n', '重庆', '', '内联<', '42', '公式', 'TRUE', 'FALSE', '', '2026-11-23 14:30', 'a<b'],
  ])
})

t.test('rows keep their Excel numbers; gaps and empty rows are left out', async (t) => {
  const path = await saveWorkbook(t, {
    rows:
      '<row r="2"><c r="C2"><v>1</v></c><c r="D2"/></row><row r="3"><c r="A3" s="1"/></row><row/>' +
      '<row><c><v>2</v></c><c><v>3</v></c></row><row r="900"><c r="AA900"><v>4</v></c></row>',
  })
  const rows = await readRows(path)
  t.strictSame(rows.slice(0, 2), [
    { number: 2, cells: ['', '', '1'] },
    { number: 5, cells: ['2', '3'] },
  ])
  t.match(rows[2], { number: 900, cells: { length: 27, 26: '4' } })
})

t.test('a merged head has its text in the first cell only', async (t) => {
  const head = '<c r="A1" t="inlineStr"><is><t>客户</t></is></c><c r="B1" s="1"/><c r="C1"><v>1</v></c>'
  const part = sheetPart(`<row r="1">${head}</row>`).replace(
    '</worksheet>',
    '<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells></worksheet>',
  )
  const path = await saveWorkbook(t, { parts: { 'xl/worksheets/sheet1.xml': part } })
  t.strictSame(await readCells(path), [['客户', '', '1']])
})

t.test('the first visible sheet is read, with any prefix, byte order mark and case of names', async (t) => {
  const path = await saveWorkbook(t, {
    workbook:
      '<sheets><sheet name="a" state="veryHidden" rel:id="rId1"/><sheet name="b" state="hidden" rel:id="rId1"/>' +
      '<sheet name="c" rel:id="rId2"/></sheets>',
    parts: {
      'xl/worksheets/Sheet2.xml':
        '\uFEFF<x:worksheet><x:sheetData><x:row r="1"><x:c r="A1"><x:v>2</x:v></x:c></x:row></x:sheetData></x:worksheet>',
    },
  })
  t.strictSame(await readCells(path), [['2']])
})

t.test('dates in both systems', async (t) => {
  const styles =
    '<numFmts><numFmt numFmtId="180" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/></numFmts>' +
    '<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>' +
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="180"/><xf numFmtId="31"/></cellXfs>'
  const cells = (serial: number) => [1, 2, 3, 4, 0].map((s) => `<c s="${s}"><v>${serial}</v></c>`).join('')
  const sheets = '<sheets><sheet name="a" r:id="rId1"/></sheets>'
  const since1900 = await saveWorkbook(t, { styles, rows: `<row>${cells(46349.75)}</row>` })
  const expected = ['2026-11-23', '2026-11-23 18:00', '2026-11-23', '2026-11-23']
  t.strictSame(await readCells(since1900), [[...expected, '46349.75']])
  const since1904 = await saveWorkbook(t, {
    styles,
    rows: `<row>${cells(44887.75)}</row>`,
    workbook: `<workbookPr date1904="1"/>${sheets}`,
  })
  t.strictSame(await readCells(since1904), [[...expected, '44887.75']])
})

t.test('control characters are dropped, escaped ones too', async (t) => {
  const texts = ['a_x0000_b_x0007_c', '_x005F_x0041_', 'a\u0001\r\nb&#0;', '𠮷_xD800_']
  const path = await saveWorkbook(t, {
    rows: `<row>${texts.map((text) => `<c t="inlineStr"><is><t>${text}</t></is></c>`).join('')}</row>`,
  })
  t.strictSame(await readCells(path), [['abc', '_x0041_', 'a\nb', '𠮷\uFFFD']])
})

t.test('a long run of empty rows ends the sheet', async (t) => {
  const empty = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => `<row r="${from + i}"><c r="A${from + i}" s="1"/></row>`).join('')
  const last = '<row r="1000"><c r="A1000"><v>2</v></c></row>'
  const path = await saveWorkbook(t, { rows: `<row r="1"><c r="A1"><v>1</v></c></row>${empty(2, 998)}${last}` })
  t.strictSame(
    (await readRows(path)).map(({ number }) => number),
    [1, 1000],
  )
  t.strictSame(
    (await readRows(path, { emptyRows: 500 })).map(({ number }) => number),
    [1],
  )
})

t.test('reading can stop early and start again', async (t) => {
  const rows = Array.from({ length: 20_000 }, (_, i) => `<row><c><v>${i}</v></c></row>`).join('')
  const path = await saveWorkbook(t, { rows })
  for await (const { cells } of readXlsx(path)) {
    t.strictSame(cells, ['0'])
    break
  }
  t.equal((await readRows(path)).length, 20_000)
})
