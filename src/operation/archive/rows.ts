import { createHash, hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { parse } from 'csv-parse'
import type { Knex } from 'knex'
import { insertWithIds, rowsAfter, type SchemaColumn, type Table } from '../../kernel/db/schema.ts'

/** The rows of a table and what they say together, in whatever order they come. */
export type TableSum = { rows: number; checksum: string }

type Row = Record<string, unknown>
const rowsAtOnce = 2_000
const insertedAtOnce = 2_000

/** A cell as text, the same from both databases; nothing at all for null, so that it differs from an empty text. */
function cellText(value: unknown, kind: SchemaColumn['kind']): string {
  if (value === null || value === undefined) return ''
  if (kind === 'flag') return value ? '1' : '0'
  if (kind === 'number') return String(Number(value))
  const text = String(value)
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const lineOf = (row: Row, columns: SchemaColumn[]) =>
  columns.map(({ name, kind }) => cellText(row[name], kind)).join(',')

/** Adds rows up: the hashes of their lines are put together bit by bit, whatever their order. */
export function adder() {
  const sum = new Uint32Array(8)
  let rows = 0
  return {
    add(line: string) {
      rows++
      const words = new Uint32Array(Uint8Array.from(hash('sha256', line, 'buffer')).buffer)
      for (let index = 0; index < 8; index++) sum[index] = (sum[index] as number) ^ (words[index] as number)
    },
    total: (): TableSum => ({ rows, checksum: createHash('sha256').update(`${rows}:${sum.join()}`).digest('hex') }),
  }
}

/** All lines of a table, a block of rows at a time. */
async function* blocksOf(db: Knex, table: Table): AsyncGenerator<string[]> {
  for (let last: Row | undefined; ; ) {
    const rows = await rowsAfter(db, table, last, rowsAtOnce)
    if (rows.length > 0) yield rows.map((row) => lineOf(row, table.columns))
    if (rows.length < rowsAtOnce) return
    last = rows.at(-1)
  }
}

/** The file of a table: a line of names, then one for each row; `done` hears at its end what they say together. */
export async function* writeTable(db: Knex, table: Table, done: (sum: TableSum) => void): AsyncGenerator<Buffer> {
  const sum = adder()
  yield Buffer.from(`${table.columns.map(({ name }) => name).join(',')}\n`)
  for await (const lines of blocksOf(db, table)) {
    for (const line of lines) sum.add(line)
    yield Buffer.from(`${lines.join('\n')}\n`)
  }
  done(sum.total())
}

/** What stands in a table now. */
export async function sumOf(db: Knex, table: Table): Promise<TableSum> {
  const sum = adder()
  for await (const lines of blocksOf(db, table)) for (const line of lines) sum.add(line)
  return sum.total()
}

/** An empty text was written in quotes, null without. */
const cast = (value: string, { quoting }: { quoting: boolean }) => (value === '' && !quoting ? null : value)

const values = {
  text: (cell: string) => cell as unknown,
  number: (cell: string) => Number(cell),
  flag: (cell: string) => cell === '1',
}

/** The rows of a table's file; columns are found by their names. */
export async function* rowsOf(table: Table, path: string): AsyncGenerator<Row> {
  const kinds = new Map(table.columns.map(({ name, kind }) => [name, values[kind]]))
  let names: string[] | undefined
  const lines = parse({ cast, record_delimiter: '\n' })
  const reading = pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), lines)
  for await (const cells of lines as AsyncIterable<(string | null)[]>) {
    if (!names) {
      names = cells.map(String)
      if (names.some((name) => !kinds.has(name))) throw new Error(`unknown columns of ${table.name}: ${names}`)
      continue
    }
    const row: Row = {}
    for (const [index, name] of names.entries()) {
      const cell = cells[index]
      row[name] = cell === null || cell === undefined ? null : kinds.get(name)?.(cell)
    }
    yield row
  }
  await reading
}

/** Puts the rows of a file into its table. */
export async function readTable(trx: Knex, table: Table, path: string, tell: (rows: number) => void) {
  let block: Row[] = []
  const flush = async () => {
    await insertWithIds(trx, table, block)
    tell(block.length)
    block = []
  }
  for await (const row of rowsOf(table, path)) if (block.push(row) === insertedAtOnce) await flush()
  await flush()
}
