import { readFile, stat } from 'node:fs/promises'
import type { CellObject, ParsingOptions, WorkBook, WorkSheet } from '@e965/xlsx'
import { cleanText } from './clean-text.ts'
import { SpreadsheetError } from './errors.ts'
import { filledRows } from './filled-rows.ts'
import type { ReadLimits } from './limits.ts'
import { mergeFiller } from './merged-cells.ts'
import { type NumberFormat, PLAIN, parseFormat } from './number-formats.ts'
import { numberText } from './number-text.ts'
import { openPackage } from './package.ts'
import { createRowBuilder } from './row-builder.ts'
import type { Table } from './table.ts'
import type { TableKind } from './table-kind.ts'
import type { TableRow } from './table-row.ts'
import { encodingOf, type FoundEncoding, type TextEncoding } from './text-encoding.ts'
import { startOf } from './text-lines.ts'

const ASKED: ParsingOptions = { dense: true, cellNF: true, cellFormula: false, cellHTML: false, cellText: false }

/**
 * Opens what people have from before .xlsx: .xls and .et, .xlsb, .ods, the XML of Excel 2003, HTML named .xls; the rows as
 * openXlsx gives them. Throws SpreadsheetError.
 *
 * SheetJS reads them (0.20.3, published to npm by e965 from the author's own releases, which are not there): the one
 * library for all of them that is still kept up, without dependencies; 4 MB of which one file is loaded, when such a file
 * comes. It has the whole file in memory, so this is done by a process with bounds (apart.ts) and for files of a bounded
 * size alone.
 */
export async function openOld(path: string, kind: TableKind, limits: ReadLimits, asked?: TextEncoding): Promise<Table> {
  const { size } = await stat(path)
  if (size > limits.oldFileBytes) throw new SpreadsheetError('too-large', `${size} bytes of ${kind}`)
  const text = kind === 'xml' || kind === 'html' ? await declaredEncoding(path, limits) : undefined
  const book = await bookIn(path, kind, limits, asked ?? text?.encoding)
  const states = book.Workbook?.Sheets ?? []
  const sheets = book.SheetNames.filter((name, index) => book.Sheets[name]?.['!data'] && !states[index]?.Hidden)
  if (sheets.length === 0) throw new SpreadsheetError('no-sheet', 'no visible worksheet')
  const is1904 = book.Workbook?.WBProps?.date1904 === true
  const rows = (index: number) => {
    const sheet = book.Sheets[sheets[index] ?? '']
    if (!sheet) throw new SpreadsheetError('no-sheet', `no sheet ${index}`)
    return filledRows(rowsOf(sheet, is1904, limits), limits)
  }
  return { kind, sheets: sheets.slice(0, limits.sheets), ...(text && { text }), rows, close: () => {} }
}

async function bookIn(path: string, kind: TableKind, limits: ReadLimits, encoding?: TextEncoding): Promise<WorkBook> {
  if (kind === 'xlsb' || kind === 'ods') await weigh(path, limits)
  const bytes = await readFile(path)
  const { read, set_cptable } = await import('@e965/xlsx')
  set_cptable(await import('@e965/xlsx/dist/cpexcel.full.mjs'))
  try {
    if (!encoding) return read(bytes, { ...ASKED, type: 'buffer' })
    const text = new TextDecoder(encoding).decode(bytes)
    return read(kind === 'xml' ? withoutDeclaration(text) : text, { ...ASKED, type: 'string', raw: kind === 'html' })
  } catch (error) {
    throw problemOf(error as Error)
  }
}

/** The library inflates every part at once, whatever its size. */
async function weigh(path: string, limits: ReadLimits) {
  const files = await openPackage(path, { ...limits, inflatedBytes: limits.oldInflatedBytes })
  try {
    await files.weigh()
  } finally {
    files.close()
  }
}

/** The library would decode once more what is a string already. */
const withoutDeclaration = (xml: string) => xml.replace(/^\uFEFF?\s*<\?xml[^>]{0,200}\?>/, '<?xml version="1.0"?>')

/** The encoding that an XML declaration or a `meta` names, else the one that it seems to be in. */
async function declaredEncoding(path: string, limits: ReadLimits): Promise<FoundEncoding> {
  // Pages of other programs often are one line.
  const found = await encodingOf(path, { ...limits, tokenCharacters: limits.oldFileBytes })
  const start = (await startOf(path, 4_096)).toString('latin1')
  const named = /(?:encoding|charset)\s*=\s*["']?([\w-]{2,20})/i.exec(start)?.[1]?.toLowerCase() ?? ''
  const encoding = ({ gb2312: 'gb18030', gbk: 'gb18030', gb18030: 'gb18030', big5: 'big5', 'utf-8': 'utf-8' } as const)[
    named
  ]
  // A page that says UTF-8 and has none was saved anew by another program.
  return found.isGuessed && encoding
    ? { encoding: encoding === 'utf-8' ? found.encoding : encoding, isGuessed: true }
    : found
}

function problemOf(error: Error): Error {
  if (error instanceof RangeError) return error
  if (/password|encryption scheme|ods encryption|376 encrypted/i.test(error.message))
    return new SpreadsheetError('encrypted', error.message, { cause: error })
  const isOther = /unsupported|cannot find|unrecognized|not a/i.test(error.message)
  return new SpreadsheetError(isOther ? 'not-xlsx' : 'damaged', error.message, { cause: error })
}

function* rowsOf(sheet: WorkSheet, is1904: boolean, limits: ReadLimits): Generator<TableRow> {
  const merged = (sheet['!merges'] ?? []).slice(0, limits.mergedAreas)
  const areas = merged.map(({ s, e }) => ({ column: s.c, top: s.r + 1, bottom: e.r + 1 }))
  const builder = createRowBuilder(limits, mergeFiller(areas.filter(({ top, bottom }) => bottom > top)))
  const formats = new Map<string, NumberFormat>()
  const formatOf = ({ z }: CellObject): NumberFormat => {
    if (typeof z !== 'string') return PLAIN
    const known = formats.get(z) ?? parseFormat(z)
    formats.set(z, known)
    return known
  }
  for (const [index, cells] of (sheet['!data'] ?? []).entries()) {
    builder.begin(index + 1)
    for (const [column, cell] of (cells ?? []).entries())
      if (cell) builder.place(column, cellText(cell, formatOf(cell), is1904))
    yield builder.end()
  }
}

function cellText({ t, v }: CellObject, format: NumberFormat, is1904: boolean): string {
  if (v === undefined || v === null) return ''
  switch (t) {
    case 'n':
      return numberText(String(v), format, is1904)
    case 'b':
      return v ? 'TRUE' : 'FALSE'
    case 'd':
      return new Date(v as string).toISOString().slice(0, 16).replace('T', ' ').replace(' 00:00', '')
    case 's':
      return cleanText(String(v))
    default:
      return ''
  }
}
