import { Parser } from 'saxen'
import { SpreadsheetError } from './errors.ts'

/** Element names come without their prefix (`x:row` is `row`); attribute values raw, see `decodeXml`. */
export interface XmlHandlers {
  open: (name: string, attributes: () => Record<string, string>) => void
  close?: (name: string) => void
  text?: (text: string) => void
}

export interface XmlReader {
  write: (chunk: string) => void
  end: () => void
}

const ENTITIES: Record<string, string> = { amp: '&', apos: "'", gt: '>', lt: '<', quot: '"' }

/** Resolves the entities of XML and references to characters, beyond U+FFFF too (saxen's own decode cuts those off). */
export function decodeXml(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(amp|apos|gt|lt|quot));/gi, (_, decimal, hex, name) => {
    if (name) return ENTITIES[name.toLowerCase()] as string
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : ''
  })
}

/** Parts of workbooks are a dozen levels deep. */
const MOST_LEVELS = 200

/**
 * Reads XML in chunks. Broken XML throws `damaged`, a token of more than `tokenCharacters` throws `too-large`:
 * the parser joins an unfinished token with each new chunk, so an endless one would cost quadratic time.
 * It also takes a `>` inside an attribute value as the end of the tag when the chunk ends inside that value; give
 * it parts with free text in attributes in one piece.
 */
export function createXmlReader(handlers: XmlHandlers, tokenCharacters: number): XmlReader {
  let pending = 0
  const progress = () => {
    pending = 0
  }
  const parser = createParser(handlers, progress)
  return {
    write(chunk) {
      pending += chunk.length
      orDamaged(() => parser.write(chunk))
      if (pending > tokenCharacters) throw new SpreadsheetError('too-large', 'endless XML token')
    },
    end: () => orDamaged(() => parser.end()),
  }
}

/** Parses a small part in one piece. */
export function parseXml(xml: string, handlers: XmlHandlers): void {
  const reader = createXmlReader(handlers, xml.length)
  reader.write(xml)
  reader.end()
}

function createParser({ open, close, text }: XmlHandlers, progress: () => void): Parser {
  let level = 0
  const parser = new Parser().on('openTag', (name, attributes) => {
    progress()
    if (++level > MOST_LEVELS) throw new SpreadsheetError('too-large', `XML of more than ${MOST_LEVELS} levels`)
    open(localName(name), attributes)
  })
  parser.on('comment', progress)
  parser.on('closeTag', (name) => {
    progress()
    level--
    close?.(localName(name))
  })
  if (text) {
    parser.on('text', (raw) => text(decodeXml(raw)))
    parser.on('cdata', text)
  }
  return parser
}

function localName(name: string): string {
  const colon = name.indexOf(':')
  return colon === -1 ? name : name.slice(colon + 1)
}

function orDamaged(parse: () => unknown): void {
  try {
    parse()
  } catch (error) {
    if (error instanceof SpreadsheetError) throw error
    throw new SpreadsheetError('damaged', 'broken XML', { cause: error })
  }
}
