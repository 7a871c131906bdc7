import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Knex } from 'knex'
import { currentRevision } from '../../../kernel/db/cache-revision.ts'
import { type Reference, referenceAt } from '../../../kernel/reference.ts'
import { settingsAt } from '../../../kernel/settings/settings.ts'
import { writeXlsx } from '../../../kernel/spreadsheets/write-xlsx.ts'
import { doubtOf } from '../../../kernel/web/field-rules.ts'
import { text } from '../../../texts/index.ts'
import type { Import } from '../import.ts'
import { type Target, type Targets, targetNamed } from '../kind.ts'
import { kindOf } from '../kinds.ts'
import { withoutEmptyWords } from './empty-words.ts'
import { headingKey } from './headings.ts'
import { type FileRow, recordsBelow } from './records.ts'
import { dayIn } from './typed.ts'

const reasonsAtOnce = 1000

type Reasoned = { row: FileRow; reason: string }
type File = { folder: string; one: Import }

/** The wrong rows of an import as they came, with the reason in the last column, to be corrected and brought again. */
export function wrongRowsFile(db: Knex, file: File): Readable {
  async function* rows(): AsyncGenerator<Reasoned> {
    const reasons = reasonsOf(db, file.one.id)
    let next = await nextOf(reasons)
    for await (const row of rowsBelow(file)) {
      while (next && next.row_number < row.number) next = await nextOf(reasons)
      if (!next) return
      if (next.row_number === row.number) yield { row, reason: next.reason }
    }
  }
  return returned(file.one, rows(), text.imports.wrongRows)
}

/** The rows with something odd (a telephone number that cannot be read, a day far off), likewise; they were taken in as they are. */
export function doubtfulRowsFile(db: Knex, file: File): Readable {
  const kind = kindOf(file.one)
  const targets = file.one.columns.targets.map((key) => targetNamed(kind, key))
  async function* rows(): AsyncGenerator<Reasoned> {
    const revision = await currentRevision(db)
    const known = { targets, settings: await settingsAt(db, revision), reference: await referenceAt(db, revision) }
    for await (const row of rowsBelow(file)) {
      const reason = row.stray ? '' : oddReasons(withoutEmptyWords(row.cells, known), known)
      if (reason) yield { row, reason }
    }
  }
  return returned(file.one, rows(), text.imports.notes.oddTitle)
}

type Known = { targets: Targets; reference: Reference }

const oddReasons = (cells: string[], { targets, reference }: Known): string =>
  targets
    .flatMap((target, index) => {
      const cell = cells[index]
      const sentence = target && cell ? doubtOfCell(target, cell, reference) : undefined
      return target && cell && sentence ? [text.imports.reason(target.label, cell, sentence)] : []
    })
    .join(' ')

/** What is odd about a cell as it was read; a cell that cannot be read is a wrong row, not an odd one. */
function doubtOfCell({ field }: Target, cell: string, reference: Reference): string | undefined {
  if (!field?.kind.doubt) return undefined
  try {
    const { control } = field.kind
    const doubt = doubtOf(field, field.kind.parse(control === 'day' ? dayIn(cell) : cell, field, reference))
    return doubt && (control === 'phone' ? text.imports.notes.phoneReason : doubt + text.imports.notes.keptReason)
  } catch (sentence) {
    if (typeof sentence !== 'string') throw sentence
    return undefined
  }
}

function returned(one: Import, rows: AsyncIterable<Reasoned>, title: string): Readable {
  const { headings } = one.columns
  const own = headings.findIndex((heading) => headingKey(heading) === headingKey(text.imports.columns.reason))
  const kept = headings.map((_, index) => index).filter((index) => index !== own)
  const columns = [...kept.map((index) => headings[index] ?? ''), text.imports.columns.reason]
  async function* cells() {
    for await (const { row, reason } of rows) {
      yield [...kept.map((index) => row.cells[index] ?? ''), reason]
      for (const { cells } of row.more ?? []) yield [...kept.map((index) => cells[index] ?? ''), '']
    }
  }
  return writeXlsx(
    columns.map((label) => ({ label, kind: 'text' })),
    cells(),
    title,
  )
}

const rowsBelow = ({ folder, one }: File) =>
  recordsBelow({
    path: join(folder, one.stored_name ?? ''),
    columns: one.columns,
    naming: kindOf(one).naming,
    lined: kindOf(one).lined,
  })

type Wrong = { row_number: number; reason: string }

const nextOf = async (reasons: AsyncGenerator<Wrong>) => (await reasons.next()).value as Wrong | undefined

async function* reasonsOf(db: Knex, import_id: number): AsyncGenerator<Wrong> {
  for (let last = -1; ; ) {
    const some: Wrong[] = await db('import_errors')
      .where({ import_id })
      .where('row_number', '>', last)
      .orderBy('row_number')
      .limit(reasonsAtOnce)
      .select('row_number', 'reason')
    yield* some
    if (some.length < reasonsAtOnce) return
    last = (some.at(-1) as Wrong).row_number
  }
}
