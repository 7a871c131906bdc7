import type { Knex } from 'knex'
import { upsert } from '../../../kernel/db/dialect.ts'
import type { TableSource } from '../../../kernel/spreadsheets/table.ts'
import { type Body, type FieldError, typedIn } from '../../../kernel/web/form.ts'
import { text } from '../../../texts/index.ts'
import type { Columns, Import } from '../import.ts'
import { type ImportKind, type Target, targetNamed } from '../kind.ts'
import { kindOf } from '../kinds.ts'
import { headingKey } from '../reading/headings.ts'
import { inspectTable } from '../reading/sheet.ts'
import { sourceView } from '../reading/source.ts'
import { isOwn, presetTargets } from './preset-targets.ts'

const columnName = (index: number) => `column_${index}`
const headingOf = ({ headings }: Columns, index: number) => headings[index] || text.imports.unnamedColumn(index + 1)

/** The targets that people chose for headings before; null where they left them out. */
export async function rememberedTargets(db: Knex, { name: kind }: ImportKind): Promise<Map<string, string | null>> {
  const rows: { heading_key: string; target: string | null }[] = await db('import_mappings')
    .where({ kind })
    .select('heading_key', 'target')
  return new Map(rows.map(({ heading_key, target }) => [heading_key, target]))
}

/** The columns of a file with what each of them probably is. Throws where the file cannot be read. */
export async function proposedColumns(
  db: Knex,
  path: string,
  kind: ImportKind,
  source?: TableSource,
): Promise<Columns> {
  const headings = await inspectTable(path, kind, source)
  return { ...headings, targets: presetTargets(kind, headings.headings, await rememberedTargets(db, kind)) }
}

/** Remembers what was chosen for headings otherwise than it was proposed. */
export async function rememberTargets(trx: Knex, kind: ImportKind, { headings, targets }: Columns) {
  const proposed = presetTargets(kind, headings, await rememberedTargets(trx, kind))
  const keys = headings.map(headingKey)
  for (const [index, heading_key] of keys.entries()) {
    const target = targets[index] ?? null
    const isRepeated = keys.indexOf(heading_key) !== keys.lastIndexOf(heading_key)
    if (heading_key && !isRepeated && proposed[index] !== target)
      await upsert(trx, 'import_mappings', { kind: kind.name, heading_key }, { target })
  }
}

/** Reads which column is what out of the form. */
export function readMapping(one: Import, body: Body): { targets: (string | null)[]; errors: FieldError[] } {
  const kind = kindOf(one)
  const { columns } = one
  const targets = columns.headings.map((_, index) => targetNamed(kind, typedIn(body, columnName(index)))?.key ?? null)
  return { targets, errors: [...missing(kind, targets), ...repeated(kind, columns, targets)] }
}

const shownLabel = (target?: Target) => target?.shownLabel ?? target?.label ?? ''

const missing = ({ demands }: ImportKind, targets: (string | null)[]): FieldError[] =>
  demands
    .filter(({ keys }) => !keys.some((key) => targets.includes(key)))
    .map(({ message }) => ({ field: columnName(0), label: text.imports.mapping, message }))

const repeated = (kind: ImportKind, columns: Columns, targets: (string | null)[]): FieldError[] =>
  targets.flatMap((key, index) =>
    key !== null && targets.indexOf(key) < index
      ? [
          {
            field: columnName(index),
            label: headingOf(columns, index),
            message: text.imports.mappedTwice(shownLabel(targetNamed(kind, key))),
          },
        ]
      : [],
  )

/** The page on which columns are given their meaning, as views/operation/imports/mapping.eta wants it; `kinds` may be had instead. */
export function mappingView(one: Import, kinds: ImportKind[] = [], errors: FieldError[] = []) {
  const { id, file_name, columns } = one
  const kind = kindOf(one)
  const options = (chosen: string | null) =>
    kind.groups.map(({ record, label }) => ({
      label,
      options: kind.targets
        .filter((target) => target.record === record)
        .map((target) => ({ value: target.key, label: shownLabel(target), isSelected: target.key === chosen })),
    }))
  const shown = columns.headings.flatMap((heading, index) =>
    heading || columns.examples[index]?.length
      ? [
          {
            id: `mapping-${columnName(index)}`,
            name: columnName(index),
            heading: headingOf(columns, index),
            examples: columns.examples[index]?.join(text.imports.between) ?? '',
            groups: options(columns.targets[index] ?? null),
            error: errors.find(({ field }) => field === columnName(index))?.message,
          },
        ]
      : [],
  )
  const title = text.imports.mapping
  const path = `/imports/${id}`
  const mapping = {
    title: file_name,
    action: `${path}/mapping`,
    columns: shown,
    kindText: kind.words.rowsBecome,
    kindAction: `${path}/kind`,
    kinds: kinds
      .filter((other) => other.name !== kind.name)
      .map(({ name, words }) => ({ value: name, label: text.imports.bringAs(words.label) })),
    unmapped: unmappedIn(columns),
    source: sourceView(id, columns, errors),
  }
  return { title, errors, mapping }
}

/** Says which columns are left out, so that none is by mistake. */
function unmappedIn({ headings, targets }: Columns): string | null {
  const left = headings.filter((heading, index) => heading && !isOwn(heading) && !targets[index])
  return left.length > 0 ? text.imports.unmapped(text.common.listed(left)) : null
}
