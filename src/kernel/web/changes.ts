import type { Change } from '../history/history.ts'
import type { RecordKind } from './record.ts'

/** What a person may read of a value that is shown; the field is one of the record's table. */
export type Mask = (table: string, field: string, shown: string, value: unknown) => string

const unmasked: Mask = (_table, _field, shown) => shown

/** What the fields of a kind of record, and what hangs on it, are called in its history. */
export const labelsOf = ({ fields, parts = {} }: Pick<RecordKind, 'fields' | 'parts'>): Map<string, string> =>
  new Map([...Object.entries(parts), ...fields.map(({ name, label }) => [name, label] as const)])

/** The one place where stored changes become what is read: on cards, in the log, on paper and in files. */
export const changeViews = (table: string, labels: Map<string, string>, changes: Change[], mask: Mask = unmasked) =>
  changes.map(({ field, before, after, beforeText, afterText }) => ({
    label: labels.get(field) ?? field,
    before: mask(table, field, beforeText, before),
    after: mask(table, field, afterText, after),
    /** Something that is said and was nothing before, like a count. */
    isFact: before === undefined,
  }))

export type ChangeView = ReturnType<typeof changeViews>[number]
