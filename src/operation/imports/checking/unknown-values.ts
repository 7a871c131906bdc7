import { foldKey } from '../../../kernel/db/fold-key.ts'
import type { Reference } from '../../../kernel/reference.ts'

/** A name in the file that the program does not have; `choice`: 'make', 'empty' or the form's value to take instead. */
export type UnknownValue = {
  field: string
  label: string
  /** Right rows with it. */
  rows: number
  choice: string
  /** What is proposed has a similar name. */
  isNear?: boolean
  /** The import made the entry that was chosen. */
  isMade?: boolean
}

/** The form's value behind the unknown names of a field, '' to leave it empty. */
export type Resolved = Map<string, string>

/** More different ones, or longer ones, are no choices but wrong rows. */
export const mostUnknown = 200
const longest = 60

export const unknownKey = (field: string, written: string) => `${field} ${foldKey(written)}`

/** An entry of a dictionary with this label, switched off or not. */
export const entryLabelled = (reference: Reference, dictionary: string, label: string) =>
  reference.dictionary(dictionary).find((entry) => foldKey(entry.label) === foldKey(label))

/** Counts the unknown names of a file while it is checked. */
export function unknownTally() {
  const found = new Map<string, UnknownValue>()
  return {
    /** Answers false when it is no choice. */
    add(field: string, written: string): boolean {
      if ([...written].length > longest) return false
      const key = unknownKey(field, written)
      const known = found.get(key)
      if (known) known.rows++
      else if (found.size >= mostUnknown) return false
      else found.set(key, { field, label: Buffer.from(written).toString(), rows: 1, choice: '' })
      return true
    },
    list: (): UnknownValue[] => [...found.values()].sort((a, b) => b.rows - a.rows),
  }
}

/** What was chosen for each, as rows are read with it; entries to be made have their id by now. */
export const resolvedBy = (list: UnknownValue[]): Resolved =>
  new Map(
    list.map(({ field, label, choice }) => [unknownKey(field, label), /^(empty|make|)$/.test(choice) ? '' : choice]),
  )
