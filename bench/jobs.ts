import { analysisFigures } from './analysis.ts'
import { archiveFigures, backupFigures } from './backups.ts'
import { benchDatabase } from './database.ts'
import { exportFigures } from './exports.ts'
import { importFigures } from './imports.ts'
import { type Figure, isReached, keep, table } from './report.ts'
import { selectionFigures } from './selections.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)

/** Large work while another user works beside it; each by its name, and without one all but the longest. */
const works: Record<string, () => Promise<Figure[]>> = {
  analysis: () => analysisFigures(1_000_000),
  export: async () => exportFigures(await benchDatabase(100_000), 100_000),
  level: () => selectionFigures(1_000_000),
  'move-in': () => importFigures({ rows: 100_000, ending: 'xlsx', into: 100_000, most: 60 }),
  xlsx: () => importFigures({ rows: 100_000, ending: 'xlsx', into: 1_000_000, most: 60 }),
  backup: () => backupFigures(1_000_000),
  archive: () => archiveFigures(100_000),
  csv: () => importFigures({ rows: 1_000_000, ending: 'csv', into: 100_000, most: 720 }),
}
const asked = process.argv.slice(2)
const names = asked.length > 0 ? asked : Object.keys(works).filter((name) => name !== 'csv')

const figures: Figure[] = []
for (const name of names) {
  const work = works[name]
  if (!work) throw new Error(`one of ${Object.keys(works).join(', ')}, not ${name}`)
  figures.push(...(await work()))
}
say(table(figures))
say(`${figures.filter((figure) => !isReached(figure)).length} figures missed; ${keep(figures, {})}`)
process.exit(0)
