const withDigits = (digits: number) =>
  new Intl.NumberFormat('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
const grouped = { whole: withDigits(0), parted: withDigits(2) }
const percent = new Intl.NumberFormat('en-US', { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 })

export type ColumnKind = 'text' | 'number' | 'share'

const withPlaces = (places: number) =>
  new Intl.NumberFormat('en-US', { minimumFractionDigits: 0, maximumFractionDigits: places })

/** A number with thousands separators; with two decimals unless `isWhole`. */
export const formatFigure = (value: number, isWhole = Number.isInteger(value)): string =>
  grouped[isWhole ? 'whole' : 'parted'].format(value)

/**
 * The cells of one column as text. Numbers have the same decimals down the whole column, shares (1 is everything)
 * one decimal, nothing stays empty, and what is already text stays as it is. `places`: as many as there are, where they may be
 * more than two.
 */
export function formatColumn(kind: ColumnKind, cells: unknown[], places = 2): string[] {
  const isWhole = cells.every((cell) => typeof cell !== 'number' || Number.isInteger(cell))
  const exact = places > 2 ? withPlaces(places) : undefined
  return cells.map((cell) => {
    if (cell === null || cell === undefined) return ''
    if (typeof cell !== 'number' || kind === 'text') return String(cell)
    if (kind === 'share') return percent.format(cell)
    return exact ? exact.format(cell) : formatFigure(cell, isWhole)
  })
}
