import { createReadStream } from 'node:fs'
import { SpreadsheetError } from './errors.ts'
import { READ_LIMITS } from './limits.ts'
import { openPackage } from './package.ts'
import { markedEncoding, utf16Without } from './text-encoding.ts'
import { startOf } from './text-lines.ts'

/** `xls` are the binary workbooks of Excel 5 to 2003 and WPS (.et); `xml` the workbook of Excel 2003 in one XML file. */
export type TableKind = 'xlsx' | 'xlsb' | 'ods' | 'xls' | 'xml' | 'html' | 'vcard' | 'csv'

/** Those a library reads, which takes all of the file into memory. */
export const isOld = (kind: TableKind) => kind !== 'xlsx' && kind !== 'vcard' && kind !== 'csv'

const LOOKED_AT = 64 * 1024

/** How many of a hundred bytes may be control characters in a text; programs and pictures have far more. */
const CONTROL_SHARE = 5

/** The beginnings, in hex, of files that are no table: programs, PDF, pictures, archives. */
const OTHERS = [
  '4d5a',
  '7f454c46',
  'cafebabe',
  '25504446',
  '89504e47',
  'ffd8ff',
  '47494638',
  '52617221',
  '377abcaf',
  '1f8b',
]

const ZIP = /^504b/
const COMPOUND = /^d0cf11e0/
/** The first record of a workbook outside of a compound file: Excel 2 to 5. */
const BIFF = /^09(?:00|02|04|08)0[4-8]00/

/**
 * What a file is, by its content, not by its name. Throws SpreadsheetError: `encrypted` with a password, `not-xlsx` for
 * another document in a zip, `not-table` for what is no table at all.
 */
export async function kindOf(path: string): Promise<TableKind> {
  const start = await startOf(path, LOOKED_AT)
  const hex = start.toString('hex', 0, 8)
  if (ZIP.test(hex)) return kindOfZip(path)
  if (BIFF.test(hex)) return 'xls'
  if (COMPOUND.test(hex)) {
    if (await holds(path, ENCRYPTED_PACKAGE)) throw new SpreadsheetError('encrypted', 'protected by a password')
    return 'xls'
  }
  if (OTHERS.some((beginning) => hex.startsWith(beginning)) || !isText(start))
    throw new SpreadsheetError('not-table', `a file that begins with ${hex}`)
  return kindOfText(start)
}

async function kindOfZip(path: string): Promise<TableKind> {
  const files = await openPackage(path, READ_LIMITS)
  files.close()
  if (files.has('xl/workbook.bin')) return 'xlsb'
  return files.has('content.xml') && files.has('META-INF/manifest.xml') ? 'ods' : 'xlsx'
}

function kindOfText(start: Buffer): TableKind {
  const utf16 = markedEncoding(start)?.startsWith('utf-16') ? markedEncoding(start) : utf16Without(start)
  const text = utf16 ? new TextDecoder(utf16).decode(start) : start.toString('latin1')
  const begin = text.replace(/^[^<\w]{0,10}/, '').slice(0, 4_000)
  if (/^BEGIN:VCARD\s/i.test(begin)) return 'vcard'
  if (!begin.startsWith('<')) return 'csv'
  if (/<(?:\w+:)?Workbook[\s>]/.test(begin) && begin.includes('urn:schemas-microsoft-com:office:spreadsheet'))
    return 'xml'
  if (/^<(?:!doctype\s+html|html|head|meta|body|table|style|div)[\s>]/i.test(begin) || /<table[\s>]/i.test(text))
    return 'html'
  return 'csv'
}

function isText(start: Buffer): boolean {
  if (markedEncoding(start) || utf16Without(start)) return true
  const controls = start.filter((byte) => (byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13) || byte === 0x7f)
  return controls.length * 100 <= start.length * CONTROL_SHARE
}

/** A stream of this name is in a compound file around a workbook with a password ([MS-OFFCRYPTO]). */
const ENCRYPTED_PACKAGE = Buffer.from('EncryptedPackage', 'utf16le')

async function holds(path: string, wanted: Buffer): Promise<boolean> {
  let tail: Buffer = Buffer.alloc(0)
  for await (const chunk of createReadStream(path)) {
    const seen = Buffer.concat([tail, chunk])
    if (seen.includes(wanted)) return true
    tail = seen.subarray(-wanted.length)
  }
  return false
}
