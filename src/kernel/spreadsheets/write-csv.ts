import { Readable } from 'node:stream'
import { chinaMinute } from '../china/clock.ts'
import { decimalText } from '../china/decimal.ts'
import { cleanText } from './clean-text.ts'
import { plainDecimal, type RowSource, type SheetColumn, yuanText } from './columns.ts'

const CHUNK_CHARACTERS = 64 * 1024

/**
 * What spreadsheets may take as the start of a formula, full-width signs included (OWASP, CSV injection); behind
 * apostrophes too, so that the one which guards can be taken off again.
 */
const FORMULA_START = /^'*[=+\-@\t\n\uFF1D\uFF0B\uFF0D\uFF20]/

/** A cell that begins with the apostrophe of our own. */
export const GUARDED_FORMULA = /^'+[=+\-@\t\n\uFF1D\uFF0B\uFF0D\uFF20]/

/** A text behind the tab that keeps Excel from reading a number or a day. */
export const TABBED = /^\t[+-]?\d[\de:/+.-]*$/i

/** A number, or a telephone number in groups of digits (+86 138 0013 8000): neither can be a formula. */
const HARMLESS = /^(?:[+-]?\d+(?:\.\d+)?|\+\d+(?: \d+)+)$/

/**
 * A .csv file as a stream: UTF-8 with BOM (without it Chinese Excel reads GBK), CRLF, quoted by RFC 4180; days as
 * YYYY-MM-DD, instants as YYYY-MM-DD HH:mm in China, money as 1234.50. A text that begins like a formula gets an
 * apostrophe in front, unless it is harmless: a number or a telephone number of digits and spaces (with hyphens Excel
 * would calculate, so those get it). A text that Excel would turn into another number or a day gets a tab in front, which
 * Excel does not show and readCsv takes off again: 1.23E+18 for an account, 43101 for 043101, 5月4日 for 5-4.
 */
export function writeCsv(columns: SheetColumn[], rows: RowSource): Readable {
  return Readable.from(csvChunks(columns, rows), { objectMode: false })
}

async function* csvChunks(columns: SheetColumn[], rows: RowSource): AsyncGenerator<string> {
  let text = `\uFEFF${columns.map(({ label }) => quoted(label)).join(',')}\r\n`
  for await (const row of rows) {
    text += `${columns.map(({ kind }, index) => quoted(valueText(kind, row[index]))).join(',')}\r\n`
    if (text.length < CHUNK_CHARACTERS) continue
    yield text
    text = ''
  }
  yield text
}

function valueText(kind: SheetColumn['kind'], value: unknown): string {
  if (value === null || value === undefined) return ''
  if (kind === 'decimal') return decimalText(value) ?? String(value)
  if (kind === 'money') return yuanText(value) ?? String(value)
  if (kind === 'instant') return chinaMinute(value) ?? String(value)
  if (kind === 'text') return keptAsText(String(value))
  return (kind === 'number' ? plainDecimal(value) : undefined) ?? String(value)
}

/** Twelve digits and more, leading zeros, an exponent, and what may be a day, a time or a fraction. */
const MISREAD =
  /^\s*(?:[+-]?\d{12,}|[+-]?0\d+|[+-]?\d+(?:\.\d+)?e[+-]?\d+|\d{1,4}[-/]\d{1,2}(?:[-/]\d{1,4})?|\d+:\d+(?::\d+)?)\s*$/i

const keptAsText = (text: string) => (MISREAD.test(text) ? `\t${text}` : text)

function quoted(value: string): string {
  const clean = cleanText(value)
  const text = FORMULA_START.test(clean) && !HARMLESS.test(clean) && !TABBED.test(clean) ? `'${clean}` : clean
  return /[",\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
