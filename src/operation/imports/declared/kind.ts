import { fieldNamed, type Module, type ModuleField, rightOf } from '../../../kernel/modules/module.ts'
import { link } from '../../../kernel/web/link-kind.ts'
import { text } from '../../../texts/index.ts'
import { importWords } from '../../../texts/zh/import-modules.ts'
import type { ImportKind, Target } from '../kind.ts'
import type { ReadRow, RowContext, Texts } from '../reading/row.ts'
import { existingRecords } from './existing.ts'
import { aboveOf, isReached, keyFields, ownFields } from './facts.ts'
import { lineTargets, readLine } from './lines.ts'
import { linkTargets } from './links.ts'
import { readRecord, repeatedRecords } from './row.ts'
import { takeRecords } from './take.ts'
import { undoingOf } from './undo.ts'

const held = new WeakMap<Module, ImportKind>()

/** How a module is imported by what it declares. */
export function importKindOf(module: Module): ImportKind {
  const kind = held.get(module) ?? kindFor(module)
  held.set(module, kind)
  return kind
}

function kindFor(module: Module): ImportKind {
  const { name, label, path, title, owner } = module
  const words = importWords(label)
  const above = aboveOf(module)
  const targets = [...aboveTargets(module), ...ownTargets(module), ...lineTargets(module)]
  const { lines = [] } = module
  const hrefOf = (id: number) => `${path}/${id}`
  const evidence = {
    code: text.common.listed(keyFields(module).map((field) => field.label)),
    exact: text.common.listed(
      [...new Set([title, ...(module.alike ?? []).flatMap(({ fields }) => fields)])].map(
        (one) => fieldNamed(module, one).label,
      ),
    ),
  }
  const needed = targets.filter(({ isNeeded }) => isNeeded).map((target) => target.label)
  return {
    name,
    words: { ...words, help: [words.help(needed, owner !== 'nobody' && 'by' in owner)], evidence, keptNote: '' },
    template: `/imports/template.xlsx?kind=${name}`,
    targets,
    groups: [
      ...(above ? [{ record: 'above', label: importWords(above.label).above }] : []),
      { record: 'record', label },
      ...lines.map((one) => ({ record: one.name, label: one.label })),
    ],
    demands: [
      ...(title === module.number?.field
        ? []
        : [{ keys: [`record.${title}`], message: text.imports.nothingMapped(fieldNamed(module, title).label) }]),
      ...(above
        ? [{ keys: aboveTargets(module).map(({ key }) => key), message: text.imports.nothingMapped(above.label) }]
        : []),
    ],
    naming: [`record.${title}`, ...lines.map((one) => `${one.name}.${one.fields[0]?.name}`)],
    ...(lines.length > 0 && {
      lined: {
        records: lines.map((one) => one.name),
        keys: [...keyFields(module).map((field) => field.name), title].map((one) => `record.${one}`),
      },
      readMore: (read: ReadRow, written: Texts, context: RowContext) => readLine(module, read, written, context),
    }),
    permission: rightOf(module, 'import'),
    isReached: (viewer, permission, ownerId) => isReached(module, viewer, permission, ownerId),
    needed: () => [rightOf(module, 'create')],
    lacking: () => words.lacking,
    toChange: [rightOf(module, 'update')],
    toRemove: rightOf(module, 'delete'),
    toView: rightOf(module, 'view'),
    presets: (id) => (owner !== 'nobody' && 'by' in owner ? { [owner.by]: String(id) } : {}),
    blank: { record: {} },
    read: (read, written, context) => readRecord(module, read, written, context),
    repeats: () => repeatedRecords(module),
    existing: (db, work, rows) => existingRecords(db, module, work, rows),
    hrefOf,
    take: (trx, work, rows, outcome) => takeRecords(trx, module, work, { rows, outcome }),
    makes: [
      {
        type: name,
        title,
        href: (row) => hrefOf(row.record_id as number),
        counted: words.counted,
      },
    ],
    undoing: undoingOf(module),
  }
}

function ownTargets(module: Module): Target[] {
  const { owner, title, number } = module
  const targetFor = (field: ModuleField): Target => ({
    ...targetOf('record', field),
    ...((field.isRequired || (field.name === title && title !== number?.field)) && { isNeeded: true as const }),
    ...(owner !== 'nobody' && 'by' in owner && field.name === owner.by && { isOwner: true as const }),
  })
  return ownFields(module).flatMap((field) =>
    field.kind === link ? linkTargets(field, targetFor(field)) : [targetFor(field)],
  )
}

/** What names the record of another module on which a row hangs: its title, or what it has alone. */
function aboveTargets(module: Module): Target[] {
  const above = aboveOf(module)
  if (!above) return []
  const { title, fields } = above
  return fields
    .filter(({ name, isUnique }) => name === title || isUnique)
    .map((field) => {
      const { label } = importWords(above.label)
      const said = field.label.includes(label) ? field.label : label + field.label
      const isNeeded = field.name === title && { isNeeded: true as const }
      return { ...targetOf('above', field), label: said, headings: [label, importWords(label).above], ...isNeeded }
    })
}

const targetOf = (record: string, field: ModuleField): Target => ({
  key: `${record}.${field.name}`,
  record,
  name: field.name,
  label: field.label,
  field,
})
