import type { Readable } from 'node:stream'
import { decodeCellText } from './clean-text.ts'
import type { ReadLimits } from './limits.ts'
import { chunksOf } from './package.ts'
import { createStringTable, type StringTable } from './string-table.ts'
import { createXmlReader } from './xml.ts'

/** Reads the table of shared strings; the runs of a rich text are joined, readings (phonetic runs) left out. */
export async function readSharedStrings(part: Readable, limits: ReadLimits): Promise<StringTable> {
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
        if (name === 'si') table.add(decodeCellText(text))
        if (name === 'rPh') inReading = false
        if (name === 't') takesText = false
      },
      text(chunk) {
        if (takesText) text += chunk
      },
    },
    limits.tokenCharacters,
  )
  for await (const chunk of chunksOf(part)) reader.write(chunk)
  reader.end()
  return table
}
