import { text } from '../../../texts/index.ts'
import type { Columns } from '../import.ts'
import { headingKey } from './headings.ts'

/** Why a row of a file is none of its table, or has a cell that says "as above" with nothing above. */
export type Stray = keyof typeof text.imports.strays

export type Table = Pick<Columns, 'headings' | 'targets' | 'titles' | 'width'>

const { totals, signatures, footers } = text.imports
const longestSign = 60

/** Tells rows that are no records: sums, what stands below a table, its headings again, more cells than it has columns; `naming` are the targets that name a record. */
export function strayFinder({ headings, targets, titles = [], width = headings.length }: Table, naming: string[]) {
  const keys = headings.map(headingKey)
  const titleKeys = new Set(titles.map(headingKey))
  const names = naming.map((key) => targets.indexOf(key)).filter((at) => at >= 0)
  const end = Math.max(width, targets.findLastIndex(Boolean) + 1)

  const isNamed = (cells: string[], first: number) =>
    names.some((at) => at !== first && /[^\d,.\s]/.test(cells[at] ?? ''))

  function isHeading(cells: string[], first: number): boolean {
    // Most rows begin otherwise; to make a key takes longer.
    if (cells[first]?.[0] !== headings[first]?.[0] || keys[first] === '') return false
    if (headingKey(cells[first] ?? '') !== keys[first]) return false
    const filled = cells.flatMap((cell, at) => (cell ? [headingKey(cell) === keys[at]] : []))
    return filled.filter(Boolean).length * 2 > filled.length
  }

  return (cells: string[]): Stray | undefined => {
    const first = cells.findIndex((cell) => cell !== '')
    const sign = cells[first] ?? ''
    if (sign.length <= longestSign) {
      const bare = sign.replace(/\s+/g, '')
      if (totals.test(bare)) return 'total'
      if (signatures.test(bare) || (footers.test(bare) && !isNamed(cells, first))) return 'footer'
      if (isHeading(cells, first)) return 'heading'
      if (titles.length > 0 && cells.findLastIndex(Boolean) === first && titleKeys.has(headingKey(sign)))
        return 'heading'
    }
    return cells.length > end && cells.findLastIndex(Boolean) >= end ? 'ragged' : undefined
  }
}
