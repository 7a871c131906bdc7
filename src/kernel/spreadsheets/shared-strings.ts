import { decodeCellText } from './clean-text.ts'
import type { ReadLimits } from './limits.ts'
import { createStringTable, type StringTable } from './string-table.ts'
import { createXmlReader } from './xml.ts'

/**
 * Reads the table of shared strings; the runs of a rich text are joined, readings (phonetic runs) left out. Of one that
 * is too long for a cell only so much is kept as tells that it is.
 */
export async function readSharedStrings(chunks: AsyncIterable<string>, limits: ReadLimits): Promise<StringTable> {
  const table = createStringTable(limits)
  let text = ''
  let takesText = false
  let inReading = false
  const reader = createXmlReader(
    {
      open(name) {
        if (name === 'si') text = ''
        if (name === 'rPh') inReading = true
        if (name === 't') takesText = !inReading
      },
      close(name) {
        if (name === 'si') table.add(decodeCellText(text).slice(0, limits.cellCharacters + 1))
        if (name === 'rPh') inReading = false
        if (name === 't') takesText = false
      },
      text(chunk) {
        if (takesText && text.length <= limits.cellCharacters) text += chunk
      },
    },
    limits.tokenCharacters,
  )
  for await (const chunk of chunks) reader.write(chunk)
  reader.end()
  return table
}
