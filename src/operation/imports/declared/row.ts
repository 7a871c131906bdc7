import { foldKey } from '../../../kernel/db/fold-key.ts'
import { type Module, rightOf } from '../../../kernel/modules/module.ts'
import { readForm, switchedOffErrors } from '../../../kernel/web/form.ts'
import { link } from '../../../kernel/web/link-kind.ts'
import { text } from '../../../texts/index.ts'
import { importWords } from '../../../texts/zh/import-modules.ts'
import { firstRows } from '../reading/first-rows.ts'
import { addError, addReason, givenIn, type ReadRow, type RowContext, type Texts } from '../reading/row.ts'
import { typedBy } from '../reading/typed.ts'
import { keyFields, ownFields } from './facts.ts'
import { readLine } from './lines.ts'
import { readLinks } from './links.ts'

/** Reads a row as if it had been typed into the form of a new record; on what it hangs is only named. */
export function readRecord(module: Module, read: ReadRow, written: Texts, context: RowContext) {
  const typed = typedBy('record', written, context, read)
  read.name = written[`record.${module.title}`] ?? ''
  read.given = { record: givenIn(read, 'record', typed) }
  const all = ownFields(module)
  const links = readLinks(all, read, written)
  read.given.record = [...new Set([...(read.given.record ?? []), ...Object.keys(links)])]
  const fields = all.filter(({ kind }) => kind !== link)
  const body = { ...typed, ...ownerIn(module, read, typed, context, written) }
  const { values, errors } = readForm(fields, body, context.reference)
  for (const error of [...errors, ...switchedOffErrors(fields, values, context.reference)])
    addError(read, 'record', error, written)
  const above = typedBy('above', written, context, read)
  read.values = {
    record: values,
    ...(Object.keys(above).length > 0 && { above }),
    ...(Object.keys(links).length > 0 && { links }),
  }
  readLine(module, read, written, context)
}

/** Whose a record becomes: the importer's, or somebody else's where this person may give records away. */
function ownerIn(module: Module, read: ReadRow, typed: Texts, { presets, viewer }: RowContext, written: Texts): Texts {
  const { owner, label } = module
  if (owner === 'nobody' || !('by' in owner)) return {}
  const own = presets[owner.by] as string
  const named = typed[owner.by] || own
  if (named !== own && !viewer.can(rightOf(module, 'transfer'))) {
    const field = module.fields.find(({ name }) => name === owner.by)
    addReason(read, field?.label ?? '', written[`record.${owner.by}`], importWords(label).notForOthers)
  }
  return { [owner.by]: named }
}

/** Refuses rows that have what an earlier row of the file has and only one record may. */
export function repeatedRecords(module: Module) {
  const seen = keyFields(module).map((field) => ({ field, first: firstRows() }))
  const look = (row: ReadRow) => {
    for (const { field, first } of seen) {
      const value = row.values.record?.[field.name]
      const earlier = typeof value === 'string' ? first(foldKey(value), row.number) : undefined
      if (earlier) addReason(row, field.label, String(value), text.imports.codeTwice(earlier.row))
    }
  }
  return { look }
}
