import { READ_LIMITS, type ReadLimits } from './limits.ts'
import type { Table, TableLook, TableSource } from './table.ts'
import { kindOf } from './table-kind.ts'
import type { TableRow } from './table-row.ts'

/** Opens a file with a table, whatever its name; its reader is loaded with the first file of its kind. Throws as kindOf and as that reader. */
export async function openTable(
  path: string,
  { encoding }: TableSource = {},
  limits: Partial<ReadLimits> = {},
): Promise<Table> {
  const all = { ...READ_LIMITS, ...limits }
  const kind = await kindOf(path)
  switch (kind) {
    case 'xlsx':
      return (await import('./read-xlsx.ts')).openXlsx(path, all)
    case 'csv':
      return (await import('./read-csv.ts')).openCsv(path, all, encoding)
    case 'vcard':
      return (await import('./read-vcard.ts')).openVcards(path, all, encoding)
    default:
      return (await import('./read-old.ts')).openOld(path, kind, all, encoding)
  }
}

/** The rows of a file, in order and streamed. Throws as openTable. */
export async function* readTable(
  path: string,
  source: TableSource = {},
  limits: Partial<ReadLimits> = {},
): AsyncGenerator<TableRow> {
  const table = await openTable(path, source, limits)
  try {
    yield* table.rows(source.sheet ?? 0)
  } finally {
    table.close()
  }
}

const LOOKED_AT_SHEETS = 20
const LOOKED_AT_CHARACTERS = 200

/** The first `count` rows of each of the first sheets, with the beginnings of their cells. Throws as openTable. */
export async function lookAtTable(path: string, source: TableSource, count: number): Promise<TableLook> {
  const table = await openTable(path, source)
  try {
    const sheets: TableLook['sheets'] = []
    for (const [index, name] of table.sheets.entries())
      sheets.push({ name, rows: index < LOOKED_AT_SHEETS ? await firstRows(table.rows(index), count) : [] })
    return { kind: table.kind, ...(table.text && { text: table.text }), sheets }
  } finally {
    table.close()
  }
}

async function firstRows(all: AsyncGenerator<TableRow>, count: number): Promise<TableRow[]> {
  const rows: TableRow[] = []
  for await (const { number, cells } of all)
    if (rows.push({ number, cells: cells.map((cell) => cell.slice(0, LOOKED_AT_CHARACTERS).toWellFormed()) }) === count)
      break
  return rows
}
