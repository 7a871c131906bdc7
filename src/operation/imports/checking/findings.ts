import { doubtOf } from '../../../kernel/web/field-rules.ts'
import type { Viewer } from '../../../kernel/web/viewer.ts'
import type { ImportKind, Targets } from '../kind.ts'
import type { ReadRow } from '../reading/row.ts'
import type { Evidence, Existing } from './existing.ts'

/** One row as an example: `written` is what stands in the file, `other` the record in the program. */
export type Example = {
  number: number
  name: string
  label?: string
  written?: string
  /** What is said of it, where that is not the same for all. */
  sentence?: string
  other?: Pick<Existing, 'id' | 'name'>
}
type Finding = { rows: number; examples: Example[] }

/**
 * What the check has to say beside rights and wrongs: telephone numbers that are kept as they are though nobody can
 * read them, other values that are odd (days far off), cells with several numbers or addresses, names with two codes, what rows hang on and is not there, and rows whose record is.
 */
export type Findings = { phones?: Finding; odd?: Finding; several?: Finding; codes?: Finding; missing?: Finding } & {
  [evidence in Evidence]?: Finding
}

/** Of rows of which only the telephone number is known each wants to be looked at. */
const mostExamples = (name: keyof Findings) => (name === 'phone' ? 50 : 5)

/** How many rows have a record in the program, and of how many only the telephone number is that of one. */
export function existingRows({ rows_existing, evidence }: { rows_existing: number; evidence: Findings }) {
  const alike = evidence.phone?.rows ?? 0
  return { known: rows_existing - alike, alike }
}

type Look = { existing: Existing | undefined; kind: ImportKind; targets: Targets; viewer: Viewer }

/** The findings with those of one more row. */
export function findingsIn(findings: Findings, row: ReadRow, { existing, kind, targets, viewer }: Look): Findings {
  const { number, name } = row
  const found = row.lacks ? withFinding(findings, 'missing', { number, name, written: row.lacks }) : findings
  if (row.reasons.length > 0) return found
  const coded =
    row.otherCode && existing?.evidence !== 'code'
      ? withFinding(found, 'codes', {
          number,
          name,
          label: String(row.otherCode.row),
          written: row.otherCode.code,
        })
      : found
  const doubt = doubtIn(row, targets)
  const doubtful = doubt ? withFinding(coded, doubt.finding, { number, name, ...doubt.example }) : coded
  const [parted] = row.parted ?? []
  const known = parted
    ? withFinding(doubtful, 'several', { number, name, label: parted.label, written: parted.written })
    : doubtful
  if (!existing) return known
  const isSeen = kind.isReached(viewer, kind.toView, existing.owner_id)
  const other = isSeen ? { id: existing.id, name: existing.name } : undefined
  return withFinding(known, existing.evidence, { number, name, other })
}

/** Counts one more row of a finding, and keeps it as an example while there are few. Answers a new object. */
function withFinding(findings: Findings, name: keyof Findings, example: Example): Findings {
  const { rows, examples } = findings[name] ?? { rows: 0, examples: [] }
  const isNew =
    examples.length < mostExamples(name) && (name !== 'missing' || examples.at(-1)?.written !== example.written)
  const more = isNew ? [...examples, example] : examples
  return { ...findings, [name]: { rows: rows + 1, examples: more } }
}

/** The first value of a row that is odd: a telephone number that cannot be read before all else. */
function doubtIn(row: ReadRow, targets: Targets) {
  const doubts = targets.flatMap((target) => {
    const written = target && row.values[target.record]?.[target.name]
    const sentence = target?.field && typeof written === 'string' ? doubtOf(target.field, written) : undefined
    return target && sentence ? [{ target, example: { label: target.label, written: String(written) }, sentence }] : []
  })
  const phone = doubts.find(({ target }) => target.field?.kind.control === 'phone')
  if (phone) return { finding: 'phones' as const, example: phone.example }
  const [odd] = doubts
  return odd && { finding: 'odd' as const, example: { ...odd.example, sentence: odd.sentence } }
}

/** Rows that are taken in with something odd; none stands in both findings. */
export const doubtfulRows = ({ phones, odd }: Findings): number => (phones?.rows ?? 0) + (odd?.rows ?? 0)
