import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { SpreadsheetError } from './errors.ts'

const ZIP = '504b0304'
const COMPOUND = 'd0cf11e0'
const ENCRYPTED_PACKAGE = Buffer.from('EncryptedPackage', 'utf16le')

/**
 * Looks at the content, not the name: passes zip files; throws `encrypted` for workbooks with a password (an OLE file
 * with a stream EncryptedPackage, [MS-OFFCRYPTO]) and `not-xlsx` for everything else, old .xls files among them.
 */
export async function assertZip(path: string): Promise<void> {
  const start = await firstBytes(path)
  if (start === ZIP) return
  if (start === COMPOUND && (await contains(path, ENCRYPTED_PACKAGE))) {
    throw new SpreadsheetError('encrypted', 'workbook is protected by a password')
  }
  throw new SpreadsheetError('not-xlsx', 'not a zip file')
}

async function firstBytes(path: string): Promise<string> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0)
    return buffer.toString('hex', 0, bytesRead)
  } finally {
    await file.close()
  }
}

async function contains(path: string, wanted: Buffer): Promise<boolean> {
  let tail: Buffer = Buffer.alloc(0)
  for await (const chunk of createReadStream(path)) {
    const seen = Buffer.concat([tail, chunk])
    if (seen.includes(wanted)) return true
    tail = seen.subarray(-wanted.length)
  }
  return false
}
