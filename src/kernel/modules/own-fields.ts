import type { MaskGroup } from '../permissions.ts'
import { decimal } from '../web/decimal-kind.ts'
import { check, choice, day, email, type FieldKind, integer, line, long, money, phone, website } from '../web/fields.ts'
import { instant } from '../web/instant-kind.ts'
import { link } from '../web/link-kind.ts'
import { entriesOf, peopleOptions } from '../web/options.ts'
import type { ModuleField } from './module.ts'

/** A field of lines, as a row of `own_line_fields`. */
export type LineFieldRow = {
  lines_id: number
  column_name: string
  label: string
  type: string
  max_length: number | null
  dictionary: string | null
  target: string | null
  places: number | null
  unit: string | null
  least: string | null
  greatest: string | null
  is_required: boolean
  is_summed: boolean
  /** The field of the head that its sum stands in. */
  sum_column: string | null
}

/** A field of a record, as a row of `own_fields`. */
export type FieldRow = Omit<LineFieldRow, 'lines_id' | 'is_summed' | 'sum_column'> & {
  module_id: number
  mask: MaskGroup | null
  is_unique: boolean
  is_filter: boolean
  is_listed: boolean
  is_searched: boolean
}

/** The types a field of an own module can have; the ending of its column says the same to the database (db/rows.ts). */
export const ownKinds: Record<string, FieldKind> = {
  line,
  long,
  number: integer,
  decimal,
  money,
  day,
  instant,
  link,
  flag: check,
  choice,
  person: choice,
  above: choice,
  phone,
  email,
  website,
}

/** A field of a type this program does not know is kept and shown as a line. */
export function lineFieldOf(row: Omit<LineFieldRow, 'lines_id' | 'is_summed' | 'sum_column'>): ModuleField {
  return {
    name: row.column_name,
    label: row.label,
    kind: ownKinds[row.type] ?? line,
    isRequired: row.is_required,
    ...(row.max_length !== null && { max: row.max_length }),
    ...(row.target !== null && { to: row.target }),
    ...(row.places !== null && { places: row.places }),
    ...(row.unit !== null && { unit: row.unit }),
    ...(row.least !== null && { least: row.least }),
    ...(row.greatest !== null && { greatest: row.greatest }),
    ...(row.type === 'long' && { isWide: true }),
    ...(row.type === 'choice' && { options: entriesOf(row.dictionary ?? '') }),
    ...(row.type === 'person' && { options: peopleOptions }),
  }
}

export const fieldOf = (row: FieldRow): ModuleField => ({
  ...lineFieldOf(row),
  column: row.type === 'above' ? false : { isHidden: !row.is_listed },
  ...(row.mask !== null && { mask: row.mask }),
  ...(row.is_unique && { isUnique: true as const }),
  ...(row.is_filter && { isFilter: true as const }),
  ...(row.type === 'choice' && row.mask === null && !row.is_unique && { isBatch: true as const }),
})
