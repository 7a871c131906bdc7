import { columnOf } from './cell-reference.ts'
import { SpreadsheetError } from './errors.ts'
import type { ReadLimits } from './limits.ts'
import type { Package } from './package.ts'
import type { TableRow } from './table-row.ts'

/** A merged area of several rows; its value stands in the first row of its first column. */
export interface MergedArea {
  column: number
  top: number
  bottom: number
}

/** Places the value of merged areas in the rows below their first; rows must come in order. */
export type MergeFiller = (row: TableRow, place: (column: number, text: string) => void) => void

/**
 * A group of rows with one merged cell has its value in each of them. Rows that are empty otherwise stay empty: what is
 * merged down to the end of a sheet makes no rows.
 */
export function mergeFiller(areas: MergedArea[]): MergeFiller {
  const waiting = areas.toSorted((a, b) => b.top - a.top)
  const open = new Map<number, { bottom: number; text: string }>()
  return (row, place) => {
    const isFilled = row.cells.length > 0
    for (const [column, { bottom, text }] of open) {
      if (bottom < row.number) open.delete(column)
      else if (isFilled && !row.cells[column]) place(column, text)
    }
    while ((waiting.at(-1)?.top ?? Number.POSITIVE_INFINITY) <= row.number) {
      const { column, top, bottom } = waiting.pop() as MergedArea
      const text = top === row.number ? row.cells[column] : ''
      if (text) open.set(column, { bottom, text })
    }
  }
}

const NAME = 'mergeCells'

/**
 * The merged areas of a worksheet part that reach over several rows. They stand behind the rows, so the part is gone
 * through for them alone before it is read. Throws `too-large` for more than may be.
 */
export async function mergedAreasIn(files: Package, path: string, limits: ReadLimits): Promise<MergedArea[]> {
  const areas: MergedArea[] = []
  // Most files have none: to look for the word alone takes a tenth of the time of the reading.
  if (!(await files.holds(path, NAME))) return areas
  for await (const tag of tagsFrom(NAME, files.chunks(path), limits)) {
    const area = areaOf(/^(?:\w+:)?mergeCell\s[^>]*?\bref="([^"]{3,40})"/.exec(tag.slice(0, 300))?.[1] ?? '')
    if (area && areas.push(area) > limits.mergedAreas)
      throw new SpreadsheetError('too-large', `more than ${limits.mergedAreas} merged areas`)
  }
  return areas
}

/** The tags between the first word `name` and the next, without their first sign. */
async function* tagsFrom(name: string, chunks: AsyncIterable<string>, limits: ReadLimits): AsyncGenerator<string> {
  let rest = ''
  let isFound = false
  for await (const chunk of chunks) {
    rest += chunk
    const at: number = isFound ? 0 : rest.indexOf(name) + name.length
    isFound ||= at >= name.length
    if (!isFound) rest = rest.slice(-name.length)
    if (!isFound) continue
    const tags = rest.slice(at).split('<')
    rest = tags.pop() as string
    if (rest.length > limits.tokenCharacters) throw new SpreadsheetError('too-large', 'endless XML token')
    for (const tag of tags) {
      if (tag.startsWith('/') && tag.includes(name)) return
      yield tag
    }
  }
}

function areaOf(reference: string): MergedArea | undefined {
  const [, from = '', top, bottom] = /^\$?([A-Z]{1,3})\$?(\d{1,7}):\$?[A-Z]{1,3}\$?(\d{1,7})$/i.exec(reference) ?? []
  return Number(bottom) > Number(top) ? { column: columnOf(from), top: Number(top), bottom: Number(bottom) } : undefined
}
