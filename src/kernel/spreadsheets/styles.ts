import { builtInFormat, type NumberFormat, parseFormat } from './number-formats.ts'
import { decodeXml, parseXml } from './xml.ts'

/** The number format of each cell style, by the style's index (ECMA-376 part 1, 18.8.10). */
export function parseStyles(xml: string): NumberFormat[] {
  const own = new Map<number, NumberFormat>()
  const styles: NumberFormat[] = []
  let inCellStyles = false
  parseXml(xml, {
    open(name, attributes) {
      if (name === 'cellXfs') inCellStyles = true
      const { numFmtId, formatCode = '' } = name === 'numFmt' || name === 'xf' ? attributes() : {}
      const id = Number(numFmtId ?? 0)
      if (name === 'numFmt') own.set(id, parseFormat(decodeXml(formatCode)))
      if (name === 'xf' && inCellStyles) styles.push(own.get(id) ?? builtInFormat(id))
    },
    close(name) {
      if (name === 'cellXfs') inCellStyles = false
    },
  })
  return styles
}
