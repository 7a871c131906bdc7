import { readFile } from 'node:fs/promises'
import { type CellObject, read, SSF, type WorkBook } from '@e965/xlsx'
import t from 'tap'
import { readCells, saveWorkbook } from './fixtures/workbook.ts'

/** The same numbers each time (mulberry32). */
function randomFrom(seed: number) {
  let state = seed
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}
type Random = ReturnType<typeof randomFrom>
const oneOf = <T>(random: Random, list: readonly T[]): T => list[random(list.length)] as T

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
const override = (name: string, kind: string) =>
  `<Override PartName="/xl/${name}.xml" ContentType="${type}.${kind}+xml"/>`
const contentTypes =
  '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">' +
  override('workbook', 'sheet.main') +
  override('worksheets/sheet1', 'worksheet') +
  override('sharedStrings', 'sharedStrings') +
  `${override('styles', 'styles')}</Types>`

const signs = [
  '甲',
  '𠮷',
  '有限公司',
  'a',
  ' ',
  '\n',
  '&',
  '<',
  '>',
  '"',
  "'",
  '_x000D_',
  '_x005F_',
  '😜',
  '　',
  '=',
  '0',
  '\t',
  ']]>',
]
const formats = [
  ...['General', '0', '0.00', '#,##0.00', '0%', '0.00E+00', '@', '000000', '0000-00000000', '"KH-"00000', '0"人"'],
  ...['yyyy/m/d', 'yyyy-mm-dd hh:mm', 'h:mm', '[h]:mm:ss', '[$-804]yyyy"年"m"月"d"日"', '[Red]0;[Blue]-0'],
]
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
/** A sign as it is or as a reference; SheetJS reads none beyond ASCII right (cases.ts has those). */
const written = (random: Random, text: string) =>
  [...text]
    .map((sign) => {
      const code = sign.codePointAt(0) as number
      if (code > 0x7f) return sign
      return oneOf(random, [escaped(sign), escaped(sign), `&#${code};`, `&#x${code.toString(16)};`])
    })
    .join('')

function numberIn(random: Random): string {
  const whole = random(2) ? random(60_000) : random(1_000_000_000)
  return oneOf(random, [
    `${whole}`,
    `-${whole}`,
    `${whole}.${random(1_000)}`,
    `${whole}E${random(3)}`,
    '0',
    `0.${whole}`,
  ])
}

/** A workbook with all that files of other programs have, at random; what it looks like is up to whoever reads it. */
function randomBook(random: Random) {
  const shared: string[] = []
  const text = () => written(random, Array.from({ length: 1 + random(6) }, () => oneOf(random, signs)).join(''))
  const prefix = oneOf(random, ['', '', 'x:'])
  const tag = (name: string, attributes: string, inner: string) =>
    `<${prefix}${name}${attributes}>${inner}</${prefix}${name}>`
  const run = (value: string) => tag('t', ' xml:space="preserve"', value)
  const cellXml = (place: string): string => {
    const style = random(3) ? ` s="${random(formats.length)}"` : ''
    const at = ` r="${place}"`
    switch (random(9)) {
      case 0:
        return ''
      case 1:
        shared.push(run(text()))
        return tag('c', `${at} t="s"`, tag('v', '', String(shared.length - 1)))
      case 2:
        shared.push(
          `${tag('r', '', run(text()))}${tag('r', '', run(text()))}${tag('rPh', ' sb="0" eb="1"', run('du'))}`,
        )
        return tag('c', `${at} t="s"`, tag('v', '', String(shared.length - 1)))
      case 3:
        return tag('c', `${at} t="inlineStr"`, tag('is', '', run(text())))
      case 4:
        return tag('c', `${at} t="str"`, `${tag('f', '', 'A1')}${tag('v', '', text())}`)
      case 5:
        return tag('c', `${at} t="b"`, tag('v', '', String(random(2))))
      case 6:
        return tag('c', `${at} t="e"`, tag('v', '', '#N/A'))
      default:
        return tag('c', `${at}${style}`, tag('v', '', numberIn(random)))
    }
  }
  const rows = Array.from({ length: 1 + random(12) }, (_, row) => {
    const number = row + 1
    const cells = Array.from({ length: 1 + random(8) }, (_, column) =>
      cellXml(`${String.fromCharCode(65 + column)}${number}`),
    )
    return tag('row', ` r="${number}"`, cells.join(''))
  })
  const top = 1 + random(6)
  const merged = random(2)
    ? `<${prefix}mergeCells count="1"><${prefix}mergeCell ref="A${top}:B${top + 1 + random(4)}"/></${prefix}mergeCells>`
    : ''
  const namespace = ` xmlns${prefix ? ':x' : ''}="${main}"`
  const custom = formats.map(
    (code, index) => `<numFmt numFmtId="${170 + index}" formatCode="${escaped(code).replaceAll('"', '&quot;')}"/>`,
  )
  const styles = formats.map((_, index) => `<xf numFmtId="${170 + index}" applyNumberFormat="1"/>`)
  const is1904 = random(4) === 0
  return {
    sharedStrings: shared
      .map((item) => tag('si', '', item))
      .join('')
      .replaceAll(/<(\/?)x:/g, '<$1'),
    styles: `<numFmts count="${formats.length}">${custom.join('')}</numFmts><cellXfs count="${styles.length}">${styles.join('')}</cellXfs>`,
    parts: {
      '[Content_Types].xml': contentTypes,
      'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${office}"><workbookPr${is1904 ? ' date1904="1"' : ''}/><sheets><sheet name="表" sheetId="1" r:id="rId1"/></sheets></workbook>`,
      'xl/worksheets/sheet1.xml': tag('worksheet', namespace, `${tag('sheetData', '', rows.join(''))}${merged}`),
    },
  }
}

const masks = new Set(['000000', '0000-00000000', '"KH-"00000'])
const isDay = (code: string) => /^(?:yyyy|\[\$-804\])/.test(code)
const pad = (number: number) => String(number).padStart(2, '0')

/** What SheetJS has for a cell, in our words: the number without its clothes, days and masks as it shows them itself. */
function theirs({ t: type, v, z }: CellObject, date1904: boolean): string {
  if (type === 'b') return v ? 'TRUE' : 'FALSE'
  if (type === 's') return String(v)
  if (type !== 'n') return ''
  const [value, code] = [v as number, String(z ?? 'General')]
  // Its sign is lost where the digits are grouped.
  if (masks.has(code)) return `${Math.round(value) < 0 ? '-' : ''}${SSF.format(code, Math.abs(value))}`
  if (code === '0%') return `${plain(value * 100)}%`
  const at = SSF.parse_date_code(value, { date1904 })
  if (code === '[h]:mm:ss') return hours(value)
  if (!at || !(isDay(code) || code === 'h:mm')) return plain(value)
  const clock = new Date(Date.UTC(at.y, at.m - 1, at.d, at.H, at.M, at.S + Math.round(at.u)))
  const [day, time] = clock.toISOString().split('T') as [string, string]
  if (code === 'h:mm' && value < 1) return time.slice(0, 5)
  return code.includes('h') ? `${day} ${time.slice(0, 5)}` : day
}

/** SheetJS joins line ends twice: several in a row are one here. */
const evenLines = (rows: string[][]) => rows.map((cells) => cells.map((cell) => cell.replace(/[\r\n]+/g, '\n')))

const plain = (value: number) =>
  new Intl.NumberFormat('en', { useGrouping: false, maximumSignificantDigits: 15 }).format(value)

function hours(value: number): string {
  const minutes = Math.floor(Math.round(Math.abs(value) * 86_400) / 60)
  return `${value < 0 ? '-' : ''}${Math.floor(minutes / 60)}:${pad(minutes % 60)}`
}

function theirRows({ Sheets, SheetNames, Workbook }: WorkBook): string[][] {
  const sheet = Sheets[SheetNames[0] as string] ?? {}
  const rows: string[][] = (sheet['!data'] ?? []).map((cells) =>
    Array.from(cells ?? [], (cell) => (cell ? theirs(cell, Workbook?.WBProps?.date1904 === true) : '')),
  )
  const isFilled = (cells: string[]) => cells.some((cell) => cell !== '')
  const filled = rows.map(isFilled)
  for (const { s, e } of sheet['!merges'] ?? [])
    for (let row = s.r + 1; row <= e.r && row < rows.length; row++)
      if (filled[row] && !rows[row]?.[s.c]) (rows[row] as string[])[s.c] = rows[s.r]?.[s.c] ?? ''
  return rows.filter(isFilled).map((cells) => cells.slice(0, cells.findLastIndex((cell) => cell !== '') + 1))
}

t.test('300 workbooks at random come out as a library of another author reads them', async (t) => {
  for (let seed = 1; seed <= 300; seed++) {
    const path = await saveWorkbook(t, randomBook(randomFrom(seed)))
    const book = read(await readFile(path), { dense: true, cellNF: true })
    const [ours, wanted] = [await readCells(path), theirRows(book)].map(evenLines) as [string[][], string[][]]
    if (JSON.stringify(ours) !== JSON.stringify(wanted)) t.strictSame(ours, wanted, `seed ${seed}`)
  }
  t.pass('read')
})
