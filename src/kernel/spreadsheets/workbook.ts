import { posix } from 'node:path'
import { decodeCellText } from './clean-text.ts'
import { SpreadsheetError } from './errors.ts'
import type { Package } from './package.ts'
import { decodeXml, parseXml } from './xml.ts'

/** Where the parts of a workbook stand in its package (ECMA-376 part 1, 12.3 and 18.2). */
export interface Workbook {
  /** The worksheets that can be seen, one at least. */
  sheets: { name: string; path: string }[]
  sharedStrings?: string
  styles?: string
  /** Days count from 1904-01-01 (old Excel for Mac) instead of 1900. */
  is1904: boolean
}

interface Relation {
  /** Last segment of the type: its beginning differs between the transitional and the strict format. */
  type: string
  path: string
}

/** Finds the parts of the workbook. Throws `not-xlsx` without a workbook, `no-sheet` without a visible worksheet. */
export async function readWorkbook(files: Package): Promise<Workbook> {
  const root = [...(await readRelations(files, '')).values()]
  const path = root.find(({ type }) => type === 'officeDocument')?.path
  if (!path?.toLowerCase().endsWith('.xml') || !files.has(path)) {
    throw new SpreadsheetError('not-xlsx', 'no workbook inside')
  }
  const relations = await readRelations(files, path)
  const { listed, is1904 } = parseWorkbook(await files.text(path))
  const sheets = listed.flatMap(({ name, id }) => {
    const found = relations.get(id)
    return found?.type === 'worksheet' ? [{ name, path: found.path }] : []
  })
  if (sheets.length === 0) throw new SpreadsheetError('no-sheet', 'no visible worksheet')
  const partOf = (type: string) => [...relations.values()].find((relation) => relation.type === type)?.path
  return { sheets, sharedStrings: partOf('sharedStrings'), styles: partOf('styles'), is1904 }
}

/** Other programs write other words for a sheet that can be seen. */
const HIDDEN = ['hidden', 'veryHidden']

async function readRelations(files: Package, owner: string): Promise<Map<string, Relation>> {
  const folder = posix.dirname(owner)
  const path = posix.join(folder, '_rels', `${posix.basename(owner)}.rels`)
  const relations = new Map<string, Relation>()
  if (!files.has(path)) return relations
  parseXml(await files.text(path), {
    open(name, attributes) {
      if (name !== 'Relationship') return
      const { Id = '', Type = '', Target = '' } = attributes()
      const target = posix.resolve('/', folder, decodeXml(Target)).slice(1)
      relations.set(Id, { type: posix.basename(Type), path: target })
    },
  })
  return relations
}

/** Extensions at the end have elements of the same names (`x15:workbookPr`) that say nothing of this. */
function parseWorkbook(xml: string): { listed: { name: string; id: string }[]; is1904: boolean } {
  const listed: { name: string; id: string }[] = []
  let is1904 = false
  let inExtensions = false
  parseXml(xml, {
    open(name, attributes) {
      inExtensions ||= name === 'extLst'
      if (inExtensions) return
      if (name === 'workbookPr') is1904 = ['1', 'true', 'on'].includes(attributes().date1904 ?? '')
      if (name !== 'sheet') return
      const { state = '', name: written = '', ...others } = attributes()
      if (!HIDDEN.includes(state)) listed.push({ name: decodeCellText(decodeXml(written)), id: relationId(others) })
    },
    close(name) {
      if (name === 'extLst') inExtensions = false
    },
  })
  return { listed, is1904 }
}

/** `r:id`, whatever prefix the relationships namespace has. */
function relationId(attributes: Record<string, string>): string {
  const name = Object.keys(attributes).find((key) => key.endsWith(':id'))
  return name ? (attributes[name] ?? '') : ''
}
