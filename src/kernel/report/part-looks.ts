import type { SvgNode } from './svg.ts'

type Lines = 'rising' | 'falling' | 'crossed' | 'level'
/** What a part is filled with, and the lines upon it. */
type Look = { fill: string; lines?: Lines; ink?: string }

const [DARK, MIDDLE, LIGHT, PALE] = ['#2a5f96', '#5b93c9', '#a9c7e6', '#f3f7fb']

/**
 * Four tones that differ by their lightness alone, so on a black and white print too, neighbours the most; further parts are
 * told apart by lines.
 */
const LOOKS: Look[] = [
  { fill: DARK },
  { fill: LIGHT },
  { fill: MIDDLE },
  { fill: PALE },
  { fill: LIGHT, lines: 'rising', ink: DARK },
  { fill: DARK, lines: 'crossed', ink: PALE },
  { fill: PALE, lines: 'falling', ink: DARK },
  { fill: LIGHT, lines: 'level', ink: DARK },
  { fill: MIDDLE, lines: 'falling', ink: PALE },
]

const lookOf = (part: number): Look => LOOKS[part % LOOKS.length] as Look

export const fillOf = (part: number): string => lookOf(part).fill

/** Pixels between two lines. */
const STEP = 6

type Box = { left: number; right: number; top: number; bottom: number }
type Line = [fromX: number, fromY: number, toX: number, toY: number]

/** The lines upon a rectangle that ECharts drew as a path, as a drawing of its own; undefined for parts without. */
export function linesUpon({ attributes }: SvgNode, part: number): SvgNode | undefined {
  const { lines, ink } = lookOf(part)
  const box = boxOf(attributes.d)
  if (!lines || !ink || !box) return undefined
  const drawn = linesIn(box, lines)
  if (drawn.length === 0) return undefined
  const d = drawn.map((line) => `M${line[0]} ${line[1]}L${line[2]} ${line[3]}`).join('')
  const { transform } = attributes
  const look = { fill: 'none', stroke: ink, 'stroke-width': '1', ...(transform && { transform }) }
  return { name: 'path', attributes: { d, ...look }, children: [] }
}

/** `Mx yl w 0 l 0 h …`: a corner and two sides. */
function boxOf(d = ''): Box | undefined {
  const [x, y, width, , , height] = (d.match(/-?[\d.]+/g) ?? []).map(Number)
  if (x === undefined || y === undefined || !width || !height) return undefined
  return {
    left: Math.min(x, x + width),
    right: Math.max(x, x + width),
    top: Math.min(y, y + height),
    bottom: Math.max(y, y + height),
  }
}

function linesIn(box: Box, lines: Lines): Line[] {
  if (lines === 'crossed') return [...linesIn(box, 'rising'), ...linesIn(box, 'falling')]
  const { left, right, top, bottom } = box
  if (lines === 'level') return steps(top, bottom).map((y) => [left, y, right, y])
  // x + y is the same all along a rising line, x - y along a falling one.
  const isRising = lines === 'rising'
  return steps(...(isRising ? ([left + top, right + bottom] as const) : ([left - bottom, right - top] as const))).map(
    (sum) => {
      const yAt = (x: number) => (isRising ? sum - x : x - sum)
      const from = Math.max(left, isRising ? sum - bottom : sum + top)
      const to = Math.min(right, isRising ? sum - top : sum + bottom)
      return [from, yAt(from), to, yAt(to)].map((value) => Math.round(value * 10) / 10) as Line
    },
  )
}

/** The same grid for the whole drawing, so that lines go on from one bar to the next. */
function steps(from: number, to: number): number[] {
  const first = Math.floor(from / STEP) + 1
  return Array.from({ length: Math.max(0, Math.ceil(to / STEP) - first) }, (_, at) => (first + at) * STEP)
}
