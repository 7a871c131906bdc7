import { open } from 'node:fs/promises'
import { text } from '../../texts/index.ts'
import { Refusal } from '../web/refusal.ts'
import { endingOf } from './name.ts'

/**
 * How files begin (hex) whose names promise a format. Old .doc and .xls are left out: many programs write HTML under
 * these names.
 */
const beginnings: [endings: string[], beginning: RegExp][] = [
  [['jpg', 'jpeg'], /^ffd8ff/],
  [['png'], /^89504e470d0a1a0a/],
  [['webp'], /^52494646.{8}57454250/],
  [['gif'], /^4749463839|^4749463837/],
  [['pdf'], /^(efbbbf)?(0d|0a|20)*255044462d/],
  [['docx', 'xlsx', 'pptx', 'zip', 'ofd'], /^504b(0304|0506|0708)|^d0cf11e0/],
]

/** Programs for Windows (MZ), Linux (ELF) and macOS (Mach-O). */
const program = /^(4d5a|7f454c46|c[ef]faedfe|feedfac[ef])/

/** Throws a Refusal at `file` for an empty file, a program, and a file that is not what the ending of its name says. */
export async function checkContent(path: string, name: string) {
  const start = await firstBytes(path)
  const promised = beginnings.find(([endings]) => endings.includes(endingOf(name)))
  if (start === '') throw refused(text.files.empty)
  if (program.test(start)) throw refused(text.files.program)
  if (promised && !promised[1].test(start)) throw refused(text.files.otherContent(endingOf(name)))
}

const refused = (message: string) => new Refusal({ message, field: 'file' })

async function firstBytes(path: string): Promise<string> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0)
    return buffer.toString('hex', 0, bytesRead)
  } finally {
    await file.close()
  }
}
