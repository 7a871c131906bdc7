import { chinaClock } from '../china/clock.ts'
import { decimalText } from '../china/decimal.ts'
import { cleanText, encodeCellText } from './clean-text.ts'
import { plainDecimal, type SheetColumn, yuanText } from './columns.ts'
import { daySerial, serialOf } from './serial-days.ts'
import { HEAD_STYLE, STYLES } from './workbook-xml.ts'

/** Excel's limit for the text of one cell, in UTF-16 units. */
const LONGEST_TEXT = 32_767
/** The narrowest that a kind of column may be, beside its head with the arrow of the filter, and the widest of all. */
const NARROWEST = { text: 6, number: 8, decimal: 10, money: 12, day: 12, instant: 18 }
const WIDEST = 60
/** So wide is a column of texts at least where not all of them were measured. */
const ROOMY = 16
const ARROW = 3
const MARGIN = 2

/** Everything before the rows: the first row frozen, widths that fit the head and these rows, perhaps all, and the bold head. */
export function sheetStart(columns: SheetColumn[], rows: unknown[][], areAll = true): string {
  const widths = columns.map((column, index) => {
    const number = index + 1
    const width =
      column.width ??
      fitting(
        column,
        rows.map((row) => row[index]),
        areAll || column.kind !== 'text' ? 0 : ROOMY,
      )
    return `<col min="${number}" max="${number}" width="${width}" customWidth="1"/>`
  })
  const pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
  return (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' +
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' +
    `<sheetViews><sheetView workbookViewId="0">${pane}</sheetView></sheetViews>` +
    `${widths.length ? `<cols>${widths.join('')}</cols>` : ''}<sheetData>` +
    `<row r="1">${columns.map(({ label }, index) => textCell(columnName(index), 1, HEAD_STYLE, label)).join('')}</row>`
  )
}

function fitting({ label, kind }: SheetColumn, values: unknown[], least: number): number {
  const texts = kind === 'text' || kind === 'number' ? values.map((value) => charactersOf(String(value ?? ''))) : []
  const fits = Math.max(NARROWEST[kind], least, charactersOf(label) + ARROW, ...texts.map((count) => count + MARGIN))
  return Math.min(WIDEST, fits)
}

/** How many characters wide a text is, as Excel counts them; hanzi and full-width signs are two. */
const charactersOf = (text: string) => text.replace(/[\u1100-\u{10ffff}]/gu, '  ').length

/** What ends a sheet of so many rows: its head has the arrows by which it is filtered. */
export const sheetEnd = (columns: SheetColumn[], rows: number) =>
  `</sheetData>${columns.length ? `<autoFilter ref="A1:${columnName(columns.length - 1)}${rows}"/>` : ''}</worksheet>`

/** Returns the function that makes the XML of one row. */
export function createRowWriter(columns: SheetColumn[]): (row: unknown[], number: number) => string {
  const cells = columns.map(({ kind }, index) => ({ kind, name: columnName(index) }))
  return (row, number) => {
    let xml = `<row r="${number}">`
    for (let i = 0; i < cells.length; i++) {
      const { kind, name } = cells[i] as (typeof cells)[number]
      xml += cellXml(kind, row[i], name, number)
    }
    return `${xml}</row>`
  }
}

function cellXml(kind: SheetColumn['kind'], value: unknown, name: string, row: number): string {
  if (value === null || value === undefined || value === '') return ''
  const number = kind === 'text' ? undefined : storedNumber(kind, value)
  if (number === undefined)
    return textCell(name, row, STYLES.text, kind === 'decimal' ? (decimalText(value) ?? '') : String(value))
  return `<c r="${name}${row}" s="${STYLES[kind]}"><v>${number}</v></c>`
}

/** Undefined when the value is none of its kind: it goes out as text then, rather than not at all. */
function storedNumber(kind: Exclude<SheetColumn['kind'], 'text'>, value: unknown): number | string | undefined {
  switch (kind) {
    case 'number':
      return plainDecimal(value)
    case 'decimal':
      return plainDecimal(decimalText(value))
    case 'money':
      return yuanText(value)
    case 'day':
      return daySerial(String(value))
    case 'instant':
      return serialOf(chinaClock(value))
  }
}

/** An inline string: never a formula, whatever it begins with. */
function textCell(name: string, row: number, style: number, value: string): string {
  const text = escapeXml(encodeCellText(cutText(cleanText(value))))
  return `<c r="${name}${row}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${text}</t></is></c>`
}

function cutText(text: string): string {
  return text.length > LONGEST_TEXT ? text.slice(0, LONGEST_TEXT).replace(/[\uD800-\uDBFF]$/, '') : text
}

/** Escapes text for XML content and attributes. */
export function escapeXml(text: string): string {
  if (!/[&<>"]/.test(text)) return text
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** A for 0, AA for 26. */
function columnName(index: number): string {
  const last = String.fromCharCode(65 + (index % 26))
  return index < 26 ? last : columnName(Math.floor(index / 26) - 1) + last
}
