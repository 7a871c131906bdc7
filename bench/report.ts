import { mkdirSync, writeFileSync } from 'node:fs'

/** One measured figure; `limit` says where it must stay below (`most`) or reach (`least`). */
export type Figure = { name: string; value: number; unit: string; most?: number; least?: number; note?: string }

export const isReached = ({ value, most = Number.POSITIVE_INFINITY, least = 0 }: Figure) =>
  value <= most && value >= least

const limitOf = ({ most, least }: Figure) =>
  most !== undefined ? `≤ ${most}` : least !== undefined ? `≥ ${least}` : ''
const written = (value: number) => (value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2))
const isLimited = ({ most, least }: Figure) => most !== undefined || least !== undefined

/** The figures as a table: name, limit, measured, whether it is reached. */
export function table(figures: Figure[]): string {
  const width = Math.max(...figures.map(({ name }) => name.length))
  return figures
    .map((figure) => {
      const sign = isLimited(figure) ? (isReached(figure) ? 'ok' : '✗ ') : '  '
      const measured = `${written(figure.value).padStart(9)} ${figure.unit.padEnd(4)}`
      return `${figure.name.padEnd(width)}  ${limitOf(figure).padStart(8)}  ${measured} ${sign} ${figure.note ?? ''}`.trimEnd()
    })
    .join('\n')
}

/** Keeps the figures under bench/results as JSON; answers the file. */
export function keep(figures: Figure[], details: object): string {
  const folder = new URL('results/', import.meta.url)
  mkdirSync(folder, { recursive: true })
  const at = new Date().toISOString()
  const file = new URL(`${at.slice(0, 19).replaceAll(':', '')}.json`, folder)
  writeFileSync(file, JSON.stringify({ at, node: process.version, figures, ...details }, null, 2))
  return file.pathname
}
