const SEPARATORS = [',', ';', '\t', '|']
const LINES = 20

/** The separator that the first lines have most of, in half of them at least so often; a comma where there is none. */
export function separatorOf(lines: string[]): string {
  const some = lines.filter((line) => line.trim()).slice(0, LINES)
  const counts = SEPARATORS.map((separator) => {
    const byLine = some.map((line) => countOutsideQuotes(line, separator)).sort((a, b) => b - a)
    const usual = byLine[Math.floor((byLine.length - 1) / 2)] ?? 0
    return { separator, usual, total: byLine.reduce((sum, count) => sum + count, 0) }
  })
  counts.sort((a, b) => b.usual - a.usual || b.total - a.total)
  return (counts[0] as { separator: string }).separator
}

/** The separator that a first line `sep=;` names, as Excel writes and reads it. */
export const namedSeparator = (line: string) => /^"?sep=([,;\t|:])"?$/i.exec(line)?.[1]

const countOutsideQuotes = (line: string, separator: string) =>
  line.replace(/"[^"]*("|$)/g, '').split(separator).length - 1
