import type { FileRow } from './records.ts'

/** Which records of a row are lines of the others, and which targets say to which of them a row belongs. */
export type Lined = { records: readonly string[]; keys: readonly string[] }

/** More rows than any record has lines are not held together. */
const most = 2_000

/**
 * Rows with those behind them that only say more lines of the same: what they say of the head is nothing, the same, or at
 * least its number. `targets` are those of the columns.
 */
export async function* together(
  rows: AsyncGenerator<FileRow>,
  targets: readonly (string | null)[],
  { records, keys }: Lined,
): AsyncGenerator<FileRow> {
  const places = [...targets.keys()].filter((at) => targets[at])
  const isLine = (at: number) => records.includes(String(targets[at]).split('.')[0] as string)
  const [lines, heads] = [places.filter(isLine), places.filter((at) => !isLine(at))]
  const named = heads.filter((at) => keys.includes(targets[at] as string))
  const goesOn = (head: string[], cells: string[]) => {
    const filled = (some: number[]) => some.filter((at) => cells[at])
    const isSame = (some: number[]) => some.every((at) => cells[at] === head[at])
    if (filled(lines).length === 0) return false
    return isSame(filled(filled(named).length > 0 ? named : heads))
  }
  let head: FileRow | undefined
  for await (const row of rows) {
    const more = head?.more ?? []
    if (head && !head.stray && !row.stray && !row.problem && more.length < most && goesOn(head.cells, row.cells))
      head.more = [...more, { number: row.number, cells: row.cells }]
    else {
      if (head) yield head
      head = row
    }
  }
  if (head) yield head
}
