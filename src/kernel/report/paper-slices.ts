import { parseSvg } from './svg.ts'

/** In pixels of a chart, as it stands across A4: below the head of a report, and on a sheet of its own. */
const room = { first: 820, next: 960 }

export type PaperSlice = { viewBox: string; width: number; height: number }

/**
 * The parts in which a browser prints a chart that is longer than a sheet, each ending between two rows: it would move
 * the chart to the next sheet and cut it anywhere. None for a chart that fits.
 */
export function paperSlices(source: string): PaperSlice[] {
  const { width, height, 'data-row': row, 'data-first-row': first } = parseSvg(source).attributes
  const [end, step, begin] = [Number(height), Number(row ?? 0), Number(first)]
  if (step === 0 || end <= room.first) return []
  const slices: PaperSlice[] = []
  for (let top = 0, most = room.first; top < end; most = room.next) {
    const bottom = top + most >= end ? end : begin + Math.floor((top + most - begin) / step) * step
    slices.push({ viewBox: `0 ${top} ${width} ${bottom - top}`, width: Number(width), height: bottom - top })
    top = bottom
  }
  return slices
}
