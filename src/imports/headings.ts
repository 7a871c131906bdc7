import { customerFields } from '../customers/fields.ts'
import { text } from '../texts/index.ts'
import { keptCode } from './kept-code.ts'

/** The field of each column of a sheet (null: left out), and the headings that name none. */
export type Headings = { fields: (string | null)[]; unknown: string[] }

/** Two columns for one field, as they are headed. */
export type Twice = { twice: [string, string] }

/** Letters and digits alone: without width, case, blanks, stars, brackets and colons. */
const headingKey = (heading: string) =>
  heading
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')

const fieldByKey = new Map(
  [...customerFields, keptCode].flatMap(({ name, label }) =>
    [label, ...(text.imports.synonyms[name] ?? [])].map((heading) => [headingKey(heading), name] as const),
  ),
)

/** Reads a row of headings; undefined when it is none, because no column is the name of the customer. */
export function readHeadings(cells: string[]): Headings | Twice | undefined {
  const fields = cells.map((cell) => fieldByKey.get(headingKey(cell)) ?? null)
  if (!fields.includes('name')) return undefined
  const second = fields.findIndex((name, index) => name !== null && fields.indexOf(name) < index)
  if (second >= 0) {
    const first = fields.indexOf(fields[second] as string)
    return { twice: [heading(cells, first), heading(cells, second)] }
  }
  return {
    fields,
    unknown: cells.map((_, index) => heading(cells, index)).filter((name, index) => name && !fields[index]),
  }
}

const heading = (cells: string[], index: number) =>
  [...(cells[index] ?? '').replace(/\s+/g, ' ').trim()].slice(0, 50).join('')
