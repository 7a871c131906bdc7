import type { Column, List, ListQuery } from './list.ts'

/** How wide columns are, in pixels, by their names. */
export type Widths = ReadonlyMap<string, number>

const narrowest = 40
const widest = 800

/** Widths of columns as they are kept, `code:72,name:200`; of columns that are not there any more, and nonsense, nothing stays. */
export function readWidths(list: List, written: string): Widths {
  const widths = new Map<string, number>()
  for (const one of written.split(',')) {
    const [, name = '', width] = /^(\w+):(\d{1,4})$/.exec(one) ?? []
    if (list.columns.some((column) => column.name === name))
      widths.set(name, Math.min(widest, Math.max(narrowest, Number(width))))
  }
  return widths
}

export const widthsText = (widths: Widths) => [...widths].map(([name, width]) => `${name}:${width}`).join(',')

const usualWidth = 110

/** How wide each column is, where somebody drew them. */
export function widthsOf(columns: Column[], { kept }: ListQuery): number[] | null {
  const widths = kept?.widths
  return widths?.size ? columns.map(({ name }) => widths.get(name) ?? usualWidth) : null
}
