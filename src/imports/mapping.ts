import type { Knex } from 'knex'
import { upsert } from '../db/dialect.ts'
import { text } from '../texts/index.ts'
import { type Body, type FieldError, typedIn } from '../web/form.ts'
import { headingKey, knownTarget } from './headings.ts'
import type { Columns, Import } from './import.ts'
import { type ImportKind, targetNamed, targetsOf } from './targets.ts'

const columnName = (index: number) => `column_${index}`
const headingOf = ({ headings }: Columns, index: number) => headings[index] || text.imports.unnamedColumn(index + 1)

/** The targets that people chose for headings before; null where they left them out. */
export async function rememberedTargets(db: Knex, kind: ImportKind): Promise<Map<string, string | null>> {
  const rows: { heading_key: string; target: string | null }[] = await db('import_mappings')
    .where({ kind })
    .select('heading_key', 'target')
  return new Map(rows.map(({ heading_key, target }) => [heading_key, target]))
}

/** Remembers what was chosen for headings that are not known for it anyway. */
export async function rememberTargets(trx: Knex, kind: ImportKind, { headings, targets }: Columns) {
  const remembered = await rememberedTargets(trx, kind)
  const chosen = new Map(headings.map((heading, index) => [headingKey(heading), targets[index] ?? null]))
  for (const [heading_key, target] of chosen) {
    const known = remembered.has(heading_key) ? remembered.get(heading_key) : knownTarget(kind, heading_key)
    const isRepeated = headings.filter((heading) => headingKey(heading) === heading_key).length > 1
    if (heading_key && !isRepeated && known !== target)
      await upsert(trx, 'import_mappings', { kind, heading_key }, { target })
  }
}

/** Reads which column is what out of the form. */
export function readMapping(
  { kind, columns }: Import,
  body: Body,
): { targets: (string | null)[]; errors: FieldError[] } {
  const targets = columns.headings.map((_, index) => targetNamed(kind, typedIn(body, columnName(index)))?.key ?? null)
  return { targets, errors: [...missing(kind, targets), ...repeated(kind, columns, targets)] }
}

function missing(kind: ImportKind, targets: (string | null)[]): FieldError[] {
  const needed = kind === 'customers' ? ['customer.name'] : ['contact.name']
  const messages = needed
    .filter((key) => !targets.includes(key))
    .map((key) => text.imports.nothingMapped(targetNamed(kind, key)?.label ?? ''))
  const isPlaced = kind === 'customers' || targets.includes('customer.name') || targets.includes('customer.code')
  return [...messages, ...(isPlaced ? [] : [text.imports.customerMissing])].map((message) => ({
    field: columnName(0),
    label: text.imports.mapping,
    message,
  }))
}

const repeated = (kind: ImportKind, columns: Columns, targets: (string | null)[]): FieldError[] =>
  targets.flatMap((key, index) =>
    key !== null && targets.indexOf(key) < index
      ? [
          {
            field: columnName(index),
            label: headingOf(columns, index),
            message: text.imports.mappedTwice(targetNamed(kind, key)?.label ?? ''),
          },
        ]
      : [],
  )

/** The page on which columns are given their meaning, as views/imports/mapping.eta wants it. */
export function mappingView({ id, kind, file_name, columns }: Import, errors: FieldError[] = []) {
  const groups = kind === 'customers' ? text.imports.groups : text.imports.groupsOfContacts
  const options = (chosen: string | null) =>
    (['customer', 'contact'] as const).map((record) => ({
      label: groups[record],
      options: targetsOf[kind]
        .filter((target) => target.record === record)
        .map(({ key, label }) => ({ value: key, label, isSelected: key === chosen })),
    }))
  const shown = columns.headings.flatMap((heading, index) =>
    heading || columns.examples[index]?.length
      ? [
          {
            id: `mapping-${columnName(index)}`,
            name: columnName(index),
            heading: headingOf(columns, index),
            examples: columns.examples[index]?.join(text.imports.between) ?? '',
            isMapped: columns.targets[index] !== null,
            groups: options(columns.targets[index] ?? null),
            error: errors.find(({ field }) => field === columnName(index))?.message,
          },
        ]
      : [],
  )
  const title = text.imports.mapping
  return { title, errors, mapping: { title: file_name, action: `/imports/${id}/mapping`, columns: shown } }
}
