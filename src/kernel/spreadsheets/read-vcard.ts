import { text } from '../../texts/index.ts'
import { filledRows } from './filled-rows.ts'
import type { ReadLimits } from './limits.ts'
import { createRowBuilder } from './row-builder.ts'
import type { Table } from './table.ts'
import type { TableRow } from './table-row.ts'
import { encodingOf, type TextEncoding } from './text-encoding.ts'
import { type Property, propertiesIn } from './vcard-properties.ts'

const columns = [
  'name',
  'nickname',
  'company',
  'department',
  'position',
  'mobile',
  'office_phone',
  'home_phone',
  'fax',
  'email',
  'wechat',
  'qq',
  'website',
  'address',
  'postcode',
  'birthday_on',
  'notes',
] as const
type Column = (typeof columns)[number]
type Card = Partial<Record<Column, string>>

const headings = columns.map((name) => text.spreadsheets.card[name])

/** Opens the cards of phones and mail programs as a table: the first row are headings, each card is a row below. */
export async function openVcards(path: string, limits: ReadLimits, asked?: TextEncoding): Promise<Table> {
  const found = await encodingOf(path, limits)
  const rows = () => filledRows(rowsOf(propertiesIn(path, limits, asked ?? found.encoding), limits), limits)
  return { kind: 'vcard', sheets: [''], text: found, rows, close: () => {} }
}

async function* rowsOf(properties: AsyncGenerator<Property>, limits: ReadLimits): AsyncGenerator<TableRow> {
  const builder = createRowBuilder(limits)
  let number = 0
  const rowOf = (cells: (string | undefined)[]) => {
    builder.begin(++number)
    for (const [column, cell = ''] of cells.entries()) builder.place(column, cell.trim())
    return builder.end()
  }
  yield rowOf(headings)
  let card: Card | undefined
  for await (const property of properties) {
    if (property.name === 'BEGIN') card = {}
    else if (property.name === 'END' && card) {
      yield rowOf(columns.map((name) => card?.[name]))
      card = undefined
    } else if (card) take(card, property)
  }
}

/** Takes what a property says; the first value of a column stays, further ones go to the notes. */
function take(card: Card, property: Property) {
  const { name, value } = property
  const parts = partsOf(value)
  const plain = parts.join(' ').trim()
  if (plain === '') return
  if (name === 'FN') card.name = plain
  else if (name === 'N') card.name ??= nameOf(parts)
  else if (name === 'ORG') place(card, 'company', parts[0] ?? '')
  if (name === 'ORG' && parts[1]) place(card, 'department', parts.slice(1).join(' ').trim())
  else if (name === 'TEL') place(card, phoneColumn(card, property), plain.replace(/^tel:/i, ''))
  else if (name === 'ADR') placeAddress(card, parts)
  else if (name === 'BDAY') place(card, 'birthday_on', plain.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3').slice(0, 10))
  else if (name in others) place(card, others[name] as Column, plain.replace(/^(?:mailto|qq|wechat):/i, ''))
}

const others: Record<string, Column> = {
  NICKNAME: 'nickname',
  TITLE: 'position',
  EMAIL: 'email',
  URL: 'website',
  NOTE: 'notes',
  'X-QQ': 'qq',
  'X-TENCENT-QQ': 'qq',
  'X-WECHAT': 'wechat',
  'X-WEIXIN': 'wechat',
}

function place(card: Card, column: Column, value: string) {
  const isFirst = !card[column]
  if (isFirst) card[column] = value
  else if (column === 'notes') card.notes = `${card.notes}\n${value}`
  else if (card[column] !== value)
    place(card, 'notes', text.common.pair(headings[columns.indexOf(column)] ?? '', value))
}

/** A mobile is known by its number too: many phones call every number one of the home. */
function phoneColumn(card: Card, { parameters, value }: Property): Column {
  if (parameters.includes('FAX')) return 'fax'
  const isMobile = /^(?:\+?86)?1[3-9]\d{9}$/.test(value.replace(/[\s-]|^tel:/gi, ''))
  if (isMobile || parameters.includes('CELL'))
    return card.mobile && !card.office_phone && !isMobile ? 'office_phone' : 'mobile'
  return parameters.includes('HOME') ? 'home_phone' : 'office_phone'
}

/** Post box, floor, street, city, province, postcode, country: in China from the largest to the smallest. */
function placeAddress(
  card: Card,
  [box = '', floor = '', street = '', city = '', province = '', postcode = '']: string[],
) {
  const address = [province, city === province ? '' : city, street, floor, box].join('')
  if (address) place(card, 'address', address)
  if (postcode) place(card, 'postcode', postcode)
}

/** Family name, first name, others: without blanks where they are hanzi. */
function nameOf([family = '', first = '', middle = '']: string[]): string {
  const isHan = /\p{Script=Han}/u.test(family + first)
  return isHan ? `${family}${middle}${first}` : [first, middle, family].filter(Boolean).join(' ')
}

/** The parts of a value between semicolons, without escapes. */
const partsOf = (value: string) =>
  value
    .split(/(?<!\\);/)
    .map((part) => part.replace(/\\(.)/gs, (_, sign) => (sign === 'n' || sign === 'N' ? '\n' : sign)).trim())
