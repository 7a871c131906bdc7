import type { Values } from '../../../kernel/web/form.ts'
import { text } from '../../../texts/index.ts'
import type { Existing } from '../checking/existing.ts'
import type { ExistingChoice, Import } from '../import.ts'
import type { Parted, ReadRow } from '../reading/row.ts'

/** What became of the rows of one batch. */
export type Outcome = { taken: number; changed: number; skipped: number; wrong: ReadRow[] }

/** What a row says about one of its records. */
export const saidOf = ({ values, given, parted }: ReadRow, record: string): Said => ({
  values: values[record] ?? {},
  given: given[record] ?? [],
  parted: parted?.filter((one) => one.record === record),
})

export const newOutcome = (): Outcome => ({ taken: 0, changed: 0, skipped: 0, wrong: [] })

/** What was chosen for a row, by what its record was found by: a telephone number may be that of a bookkeeper of many. */
export const choiceFor = ({ existing_choice, phone_choice }: Import, { evidence }: Existing): ExistingChoice =>
  evidence === 'phone' ? phone_choice : existing_choice

/** These follow from one another, so they are taken together. */
const divisions = ['province_code', 'city_code', 'district_code']

/**
 * What a row says about one record: its values, which of them stand in it, cells that held several of them, and the fields
 * by which the record is known, which stay.
 */
type Said = { values: Values; given: string[]; parted?: Parted[] | undefined; known?: string[] }

const isEmpty = (value: unknown) => value === null || value === undefined || value === ''

/** Divisions that a record has already, with more below them, say nothing; so does the mobile where lists show it. */
const isRedundant = (name: string, row: Values, before: Values) =>
  (name === 'phone' && isEmpty(before.phone) && row.phone === before.mobile) ||
  (divisions.includes(name) && divisions.every((one) => isEmpty(row[one]) || row[one] === before[one]))

/**
 * What a row says about a record that is there: all that stands in it, or only what the record lacks. An empty cell says
 * nothing.
 */
export function valuesFor(
  choice: ExistingChoice,
  before: Values,
  { values: row, given, parted = [], known: ids = ['code'] }: Said,
): Values {
  const known = parted.filter(({ field, whole }) => before[field] === whole)
  const same = new Set(known.flatMap(({ field, moved }) => [field, ...moved]))
  const said = given.filter((name) => !same.has(name) && !isRedundant(name, row, before))
  const names = said.some((name) => divisions.includes(name)) ? [...new Set([...said, ...divisions])] : said
  const isPlaced = divisions.some((name) => !isEmpty(before[name]))
  const values: Values = {}
  for (const name of names) {
    if (ids.includes(name) || isEmpty(row[name])) continue
    if (choice === 'fill' && (!isEmpty(before[name]) || (isPlaced && divisions.includes(name)))) continue
    values[name] = row[name]
  }
  const notes = notesWith(row, { before, values, parted: parted.filter((one) => !known.includes(one)) })
  if (notes !== undefined) values.notes = notes
  return choice === 'overwrite' && !isEmpty(values.province_code) ? { ...emptyDivisions(row), ...values } : values
}

type Parting = { before: Values; values: Values; parted: Parted[] }

/**
 * The notes of a record with the further numbers of cells of which it has the first: those that had no room in the row,
 * and those whose place in the record is taken by another.
 */
function notesWith(row: Values, { before, values, parted }: Parting): string | undefined {
  const after: Values = { ...before, ...values }
  let notes = String(after.notes ?? '')
  for (const { field, moved, rest, label } of parted) {
    if (after[field] !== row[field]) continue
    const placeless = moved.filter((name) => after[name] !== row[name]).map((name) => String(row[name]))
    const lacking = [...placeless, ...rest].filter((number) => !notes.includes(number))
    if (lacking.length > 0) notes += `${notes && '\n'}${text.imports.several.further(label, lacking)}`
  }
  return notes === String(after.notes ?? '') ? undefined : notes
}

const emptyDivisions = (row: Values): Values => Object.fromEntries(divisions.map((name) => [name, row[name] ?? null]))
