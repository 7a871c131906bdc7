/** Characters that XML 1.0 forbids or that nobody can see, tab and line feed apart. */
const CONTROLS = /[[\p{Cc}--[\t\n]]\uFFFE\uFFFF]/gv

/** Text without control characters and halves of surrogate pairs; every line end is a line feed. */
export function cleanText(text: string): string {
  const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
  return lines.replace(CONTROLS, '').toWellFormed()
}

/**
 * Resolves the `_xHHHH_` that workbooks write for what XML cannot hold (ECMA-376 part 1, 22.9.2.19), then cleans. Line
 * ends of the XML are one character before that (XML 1.0, 2.11), so that `_x000D_` and a line end are one line end.
 */
export function decodeCellText(text: string): string {
  if (!text.includes('_x')) return cleanText(text)
  const decoded = text
    .replace(/\r\n?/g, '\n')
    .replace(/_x([0-9a-f]{4})_/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
  return cleanText(decoded)
}

/** Guards a literal `_xHHHH_` in a text from being resolved. */
export function encodeCellText(text: string): string {
  return text.includes('_x') ? text.replace(/_(?=x[0-9a-f]{4}_)/gi, '_x005F_') : text
}
