/** So many columns can be read beside each other on A4, turned. */
const mostColumns = 11

/**
 * The columns of a table, by their place, in the parts that stand below each other on paper: as equal as may be, each
 * beginning with the first column, which says what the rows are. One part of what fits.
 */
export function bandsOf(columns: readonly unknown[]): number[][] {
  const places = columns.map((_, at) => at)
  if (places.length <= mostColumns) return [places]
  const [first = 0, ...others] = places
  const bands = Math.ceil(others.length / (mostColumns - 1))
  const room = Math.ceil(others.length / bands)
  return Array.from({ length: bands }, (_, band) => [first, ...others.slice(band * room, (band + 1) * room)])
}

/** What stands in the columns of one part. */
export const cellsOf = <T>(cells: readonly T[], band: number[]): T[] => band.map((at) => cells[at] as T)
