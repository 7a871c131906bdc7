import { readFile, writeFile } from 'node:fs/promises'
import { CFB, utils, write } from '@e965/xlsx'
import t from 'tap'
import { newPath, refusalOf, saveWorkbook } from './fixtures/workbook.ts'

const ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'

/** A file of streams, as programs before 2007 wrote them. */
function compound(stream: string): Buffer {
  const container = CFB.utils.cfb_new()
  CFB.utils.cfb_add(container, `/${stream}`, Buffer.alloc(5_000))
  return CFB.write(container, { type: 'buffer' }) as Buffer
}

async function saveBytes(t: Parameters<typeof newPath>[0], bytes: Uint8Array | string): Promise<string> {
  const path = newPath(t)
  await writeFile(path, bytes)
  return path
}

t.test('what is no workbook, whatever its name', async (t) => {
  t.equal(await refusalOf(await saveBytes(t, 'MZ\x90\0\x03\0\0\0')), 'not-table', 'a program')
  t.equal(await refusalOf(await saveBytes(t, compound('WordDocument'))), 'not-xlsx', 'a letter of Word')
  t.equal(await refusalOf(await saveBytes(t, compound('Workbook'))), 'no-sheet', 'an .xls without records')
  t.equal(await refusalOf(await saveBytes(t, Buffer.from('d0cf11e0a1b11ae1', 'hex'))), 'damaged', 'half an old .xls')
  t.equal(await refusalOf(await saveWorkbook(t, { parts: { '_rels/.rels': null } })), 'not-xlsx', 'another zip')
})

t.test('a password', async (t) => {
  const compound = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(100_000)])
  compound.write('EncryptedPackage', 65_520, 'utf16le')
  t.equal(await refusalOf(await saveBytes(t, compound)), 'encrypted')
})

t.test('truncated and broken files', async (t) => {
  const whole = await readFile(await saveWorkbook(t, { rows: ROW }))
  t.equal(await refusalOf(await saveBytes(t, whole.subarray(0, whole.length / 2))), 'damaged')
  t.equal(await refusalOf(await saveWorkbook(t, { rows: `${ROW}<row><c></row>` })), 'damaged', 'broken XML')
  const open = { 'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${ROW}` }
  t.equal(await refusalOf(await saveWorkbook(t, { parts: open })), 'damaged', 'XML without an end')
  const strange = '<row r="1"><c r="A1" t="s"><v>5</v></c></row>'
  t.equal(await refusalOf(await saveWorkbook(t, { rows: strange })), 'damaged', 'a missing shared string')
  t.equal(await refusalOf(await saveWorkbook(t, { parts: { 'xl/worksheets/sheet1.xml': null } })), 'damaged')
})

t.test('damage inside the compressed data', async (t) => {
  const bytes = await readFile(await saveWorkbook(t, { rows: ROW.repeat(2_000) }))
  const data = bytes.indexOf('xl/worksheets/sheet1.xml') + 'xl/worksheets/sheet1.xml'.length
  bytes.fill(0xff, data + 20, data + 60)
  t.equal(await refusalOf(await saveBytes(t, bytes)), 'damaged')
})

t.test('no visible sheet', async (t) => {
  const workbook = '<sheets><sheet name="a" state="hidden" r:id="rId1"/></sheets>'
  t.equal(await refusalOf(await saveWorkbook(t, { workbook })), 'no-sheet')
})

t.test('zip bombs', async (t) => {
  const bomb = await saveWorkbook(t, { parts: { 'xl/worksheets/sheet1.xml': Buffer.alloc(20 * 1024 * 1024, ' ') } })
  t.equal(await refusalOf(bomb), 'too-large', 'by ratio')
  t.equal(await refusalOf(bomb, { ratio: 10_000, inflatedBytes: 1024 * 1024 }), 'too-large', 'by size')
  t.equal(await refusalOf(bomb, { ratio: 10_000 }), 'too-large', 'by one endless token')
  const small = await saveWorkbook(t, { rows: ROW })
  t.equal(await refusalOf(small, { smallPartBytes: 10 }), 'too-large', 'by the size of a small part')
})

t.test('a part that inflates to more than it says', async (t) => {
  const path = await saveWorkbook(t, { rows: ROW.repeat(5_000) })
  const bytes = await readFile(path)
  const entry = bytes.lastIndexOf('xl/worksheets/sheet1.xml') - 46
  t.equal(bytes.readUInt32LE(entry), 0x02014b50, 'a central directory entry')
  bytes.writeUInt32LE(1000, entry + 24)
  t.equal(await refusalOf(await saveBytes(t, bytes)), 'damaged')
})

t.test('too many shared strings and columns', async (t) => {
  const path = await saveWorkbook(t, { rows: ROW, sharedStrings: '<si><t>客户</t></si>'.repeat(100) })
  t.equal(await refusalOf(path), 'read')
  t.equal(await refusalOf(path, { sharedStrings: 99 }), 'too-large')
  t.equal(await refusalOf(path, { sharedStringBytes: 599 }), 'too-large')
  const wide = await saveWorkbook(t, { rows: '<row r="1"><c r="ALM1"><v>1</v></c></row>' })
  t.equal(await refusalOf(wide), 'too-large', 'column 1,001')
  t.equal(await refusalOf(wide, { columns: 1_001 }), 'read')
  const formatted = await saveWorkbook(t, { rows: '<row r="1"><c r="XFD1" s="1"/></row>' })
  t.equal(await refusalOf(formatted), 'read', 'empty cells do not count')
})

t.test('more text than a file may have, of which little is in it', async (t) => {
  const path = await saveWorkbook(t, {
    sharedStrings: `<si><t>${'长'.repeat(1_000)}</t></si>`,
    rows: '<row><c t="s"><v>0</v></c></row>'.repeat(1_000),
  })
  t.equal(await refusalOf(path), 'read')
  t.equal(await refusalOf(path, { fileCharacters: 999_999 }), 'too-large')
})

t.test('XML of many levels', async (t) => {
  const nested = (levels: number) => `${'<a>'.repeat(levels)}${'</a>'.repeat(levels)}`
  t.equal(await refusalOf(await saveWorkbook(t, { rows: nested(100) + ROW })), 'read')
  t.equal(await refusalOf(await saveWorkbook(t, { rows: nested(100_000) + ROW })), 'too-large')
})

t.test('too many merged areas', async (t) => {
  const merged = '<mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="B1:B2"/></mergeCells>'
  const path = await saveWorkbook(t, {
    parts: { 'xl/worksheets/sheet1.xml': `<w><sheetData>${ROW}</sheetData>${merged}</w>` },
  })
  t.equal(await refusalOf(path, { mergedAreas: 2 }), 'read')
  t.equal(await refusalOf(path, { mergedAreas: 1 }), 'too-large')
})

t.test('files of old programs that are too large for a library', async (t) => {
  const book = utils.book_new()
  utils.book_append_sheet(book, utils.aoa_to_sheet(Array.from({ length: 2_000 }, () => ['长春明日软件有限公司'])))
  for (const bookType of ['biff8', 'biff5', 'biff2', 'xlsb', 'ods', 'xlml'] as const) {
    const bytes = write(book, { type: 'buffer', bookType })
    const path = await saveBytes(t, bytes)
    t.equal(await refusalOf(path), 'read', bookType)
    t.equal(await refusalOf(path, { oldFileBytes: bytes.length - 1 }), 'too-large', bookType)
  }
  const path = await saveBytes(t, write(book, { type: 'buffer', bookType: 'ods', compression: true }))
  t.equal(await refusalOf(path, { oldInflatedBytes: 100_000 }), 'too-large', 'when it is inflated')
})
