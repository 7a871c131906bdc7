import { createWriteStream, existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Knex } from 'knex'
import type { SheetColumn } from '../src/kernel/spreadsheets/columns.ts'
import { writeCsv } from '../src/kernel/spreadsheets/write-csv.ts'
import { writeXlsx } from '../src/kernel/spreadsheets/write-xlsx.ts'
import { text } from '../src/texts/index.ts'
import { type GeneratedRow, generateRows } from './generate.ts'

const { fields } = text.customers
const own = 'name short_name legal_representative address postcode phone fax mobile email website registered_on'.split(
  ' ',
)
const dictionaries = 'level_id source_id type_id status_id industry_id importance_id'.split(' ')
const contactHeadings = [
  text.imports.ofContact(text.contacts.fields.name),
  text.imports.ofContact(text.contacts.fields.mobile),
]
const headings = [
  ...[...own, ...dictionaries].map((name) => fields[name as keyof typeof fields]),
  ...contactHeadings,
  fields.notes,
]

/** A file of `count` customers of 20 columns, of which the program has none yet: made once. */
export async function customerSheet(folder: string, db: Knex, count: number, ending: 'xlsx' | 'csv'): Promise<string> {
  const file = join(folder, `customers-${count}.${ending}`)
  if (existsSync(file)) return file
  const entries: { id: number; label: string }[] = await db('dictionary_entries').select('id', 'label')
  const labels = new Map(entries.map(({ id, label }) => [id, label]))
  const columns: SheetColumn[] = headings.map((label) => ({ label, kind: 'text' }))
  const write = ending === 'xlsx' ? writeXlsx : writeCsv
  await pipeline(write(columns, cellsOf(count, labels), 'Sheet1'), createWriteStream(`${file}.part`))
  renameSync(`${file}.part`, file)
  return file
}

function* cellsOf(count: number, labels: Map<number, string>) {
  for (const { customer, contact } of generateRows(count)) {
    const row = {
      ...customer,
      name: `${customer.name}${otherEnding(customer.id)}`,
      ...otherNumbers(customer),
    } as Record<string, unknown>
    yield [
      ...own.map((name) => row[name]),
      ...dictionaries.map((name) => labels.get(row[name] as number)),
      contact,
      row.mobile ? null : `139${String(customer.id).padStart(8, '0')}`,
      row.notes,
    ]
  }
}

/** Names and numbers that no customer of a bench database has, and no two rows share. */
const otherEnding = (id: number) => `${id}号店`
const otherNumbers = ({ id, mobile }: GeneratedRow['customer']) => ({
  phone: `0432-${String(6_000_000 + id)}`,
  fax: null,
  mobile: mobile && `17${String(id).padStart(9, '0')}`,
})
