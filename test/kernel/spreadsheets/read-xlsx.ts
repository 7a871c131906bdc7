import t from 'tap'
import { readTable } from '../../../src/kernel/spreadsheets/read-table.ts'
import { gb18030 } from './fixtures/gb18030.ts'
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

t.test('a head that is merged over columns has its text in the first cell only', async (t) => {
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
  const texts = [
    'a_x0000_b_x0007_c',
    '_x005F_x0041_',
    'a\u0001\r\nb&#0;',
    '𠮷_xD800_',
    'a_x000D_\r\nb_x000D_c_xD842__xDFB7_',
  ]
  const path = await saveWorkbook(t, {
    rows: `<row>${texts.map((text) => `<c t="inlineStr"><is><t>${text}</t></is></c>`).join('')}</row>`,
  })
  t.strictSame(await readCells(path), [['abc', '_x0041_', 'a\nb', '𠮷\uFFFD', 'a\nb\nc𠮷']])
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
  for await (const { cells } of readTable(path)) {
    t.strictSame(cells, ['0'])
    break
  }
  t.equal((await readRows(path)).length, 20_000)
})

t.test('inline strings beside a value, or as one', async (t) => {
  const path = await saveWorkbook(t, {
    sharedStrings: '<si><t>共享</t></si>',
    rows:
      '<row><c t="inlineStr"><is><t>甲</t></is><v>甲</v></c><c t="inlineStr"><v>乙</v></c><c><is><t>丙</t></is></c>' +
      '<c t="s"><v>0</v><is><t>丁</t></is></c><c t="inlineStr"><is/><v>戊</v></c></row>',
  })
  t.strictSame(await readCells(path), [['甲', '乙', '丙', '共享', '戊']])
})

t.test('a value merged over rows is that of each row, of its first column', async (t) => {
  const cell = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`
  const row = (number: number, cells: string[]) => `<row r="${number}">${cells.map(cell).join('')}</row>`
  const rows = row(2, ['甲', '', '1']) + row(3, ['', '', '2']) + row(4, ['', '', '']) + row(5, ['', '', '3', '己'])
  const areas = ['A2:B5', 'D5:D1048576', 'C2:C2', 'XFD1:XFD9', 'A9:A10', 'nonsense'].map(
    (ref, index) => `<x:mergeCell ref="${ref}"${index === 0 ? '></x:mergeCell>' : '/>'}`,
  )
  const part = (filler: string) =>
    sheetPart(`${rows}${filler}<row r="7"><c/></row>${row(9, ['乙'])}${row(10, ['', '4'])}`).replace(
      '</worksheet>',
      `<x:mergeCells count="6">${areas.join('')}</x:mergeCells></worksheet>`,
    )
  const wanted = [
    { number: 2, cells: ['甲', '', '1'] },
    { number: 3, cells: ['甲', '', '2'] },
    { number: 5, cells: ['甲', '', '3', '己'] },
    { number: 9, cells: ['乙', '', '', '己'] },
    { number: 10, cells: ['乙', '4', '', '己'] },
  ]
  // The list of areas stands anywhere between two chunks of the file.
  for (let length = 0; length < 40; length++) {
    const filler = `<!--${'x'.repeat(65_536 - 1_100 + length * 20)}-->`
    const path = await saveWorkbook(t, { parts: { 'xl/worksheets/sheet1.xml': part(filler) } })
    t.strictSame(await readRows(path), wanted)
  }
})

t.test('parts in UTF-16 and in another encoding that they name', async (t) => {
  const part = sheetPart('<row r="1"><c t="inlineStr"><is><t>客户</t></is></c></row>')
  const big = (text: string) => Buffer.from(text, 'utf16le').swap16()
  const forms = [
    Buffer.from(`\uFEFF${part}`, 'utf16le'),
    Buffer.from(part, 'utf16le'),
    big(`\uFEFF${part}`),
    Buffer.from(`<?xml version="1.0" encoding="UTF-16"?>${part}`),
    gb18030(`<?xml version="1.0" encoding="GB2312"?>${part}`),
  ]
  for (const form of forms) {
    const path = await saveWorkbook(t, { parts: { 'xl/worksheets/sheet1.xml': form } })
    t.strictSame(await readCells(path), [['客户']])
  }
})

t.test('names of an extension at the end of a workbook say nothing of it', async (t) => {
  const workbook =
    '<workbookPr date1904="1"/><sheets><sheet name="a" r:id="rId1" state="show"/></sheets>' +
    '<extLst><ext><x15:workbookPr chartTrackingRefBase="1"/></ext></extLst>'
  const styles = '<cellXfs><xf/><xf numFmtId="14"/></cellXfs>'
  const path = await saveWorkbook(t, { workbook, styles, rows: '<row><c s="1"><v>44000</v></c></row>' })
  t.strictSame(await readCells(path), [['2024-06-19']])
})

t.test('rows whose numbers repeat or go back are counted on', async (t) => {
  const rows = ['1', '1', '5', '3', 'x', '-1'].map((r) => `<row r="${r}"><c><v>1</v></c></row>`).join('')
  const read = await readRows(await saveWorkbook(t, { rows }))
  t.strictSame(
    read.map(({ number }) => number),
    [1, 2, 5, 6, 7, 8],
  )
})

t.test('more text than a cell or a row may have: the row is marked, its beginning kept', async (t) => {
  const long = '长'.repeat(40_000)
  const path = await saveWorkbook(t, {
    sharedStrings: `<si><t>${long}</t></si><si><t>${long.slice(0, 32_767)}</t></si>`,
    rows:
      '<row r="1"><c t="s"><v>0</v></c><c><v>7</v></c></row><row r="2"><c t="s"><v>1</v></c></row>' +
      `<row r="3"><c t="inlineStr"><is><t>${long}</t><t>${long}</t></is></c></row>` +
      `<row r="4">${'<c t="s"><v>1</v></c>'.repeat(9)}</row>`,
  })
  const read = await readRows(path)
  t.strictSame(
    read.map(({ problem }) => problem),
    ['long', undefined, 'long', 'long'],
  )
  t.strictSame(read[0]?.cells, [long.slice(0, 1_000), '7'])
  t.equal(read[1]?.cells[0]?.length, 32_767)
  t.strictSame(
    read[3]?.cells.map(({ length }) => length),
    [...Array(8).fill(32_767), 1_000],
  )
})
