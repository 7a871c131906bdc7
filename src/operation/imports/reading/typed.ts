import { foldKey } from '../../../kernel/db/fold-key.ts'
import { fromSerial } from '../../../kernel/spreadsheets/serial-days.ts'
import { text } from '../../../texts/index.ts'
import { unknownKey } from '../checking/unknown-values.ts'
import { isAsked, type Target } from '../kind.ts'
import { valueNamed } from './names.ts'
import { addReason, type ReadRow, type RowContext, type Texts } from './row.ts'

/** What would have been typed into the form of a record: the values behind names. Parts of fields are left out. */
export function typedBy(record: string, written: Texts, context: RowContext, read: ReadRow): Texts {
  const typed: Texts = {}
  for (const target of context.targets) {
    const cell = target?.record === record && target.field && written[target.key]
    if (target && cell)
      reasonably(read, target, cell, () => {
        typed[target.name] = typedFor(target, cell, context, read)
      })
  }
  return typed
}

/** Does what may be refused with a sentence, which is then a reason against the row. */
function reasonably(read: ReadRow, { label }: Target, cell: string, act: () => void) {
  try {
    act()
  } catch (sentence) {
    if (typeof sentence !== 'string') throw sentence
    addReason(read, label, cell, sentence)
  }
}

const yes = new Set(text.imports.yes.map(foldKey))

function typedFor(target: Target, cell: string, context: RowContext, read: ReadRow): string {
  const { name, label, field } = target
  if (field?.kind.control === 'check' && !field.options) return String(yes.has(foldKey(cell)))
  if (!field) return cell
  if (field.kind.control === 'day') return dayIn(cell)
  if (field.kind.control === 'instant') return instantIn(cell)
  if (!field.options) return cell
  if (field.kind.isMany)
    return cell
      .split(text.imports.betweenNames)
      .map((one) => chosen(valueNamed(context.reference, target, one)))
      .join(',')
  const value = valueNamed(context.reference, target, cell)
  return value === undefined && isAsked(target) ? askedFor(name, { label, cell, context, read }) : chosen(value)
}

type Asked = { label: string; cell: string; context: RowContext; read: ReadRow }

/** What was chosen for a name that the program does not have; while rows are checked it is a miss. */
export function askedFor(name: string, { label, cell, context, read }: Asked): string {
  if (context.resolved) return chosen(context.resolved.get(unknownKey(name, cell)))
  read.misses.push({ field: name, label, written: cell })
  return ''
}

/** A bare number of five digits is what a workbook stores for a day. */
export const dayIn = (cell: string) =>
  (/^\d{5}(\.\d+)?$/.test(cell) ? fromSerial(Number(cell), false)?.day : undefined) ?? cell

/** Likewise for an instant, which is such a number with a part of a day. */
function instantIn(cell: string): string {
  const found = /^\d{5}(\.\d+)?$/.test(cell) ? fromSerial(Number(cell), false) : undefined
  return found ? `${found.day} ${found.time}` : cell
}

function chosen(value: string | undefined): string {
  if (value === undefined) throw text.imports.unknownName
  return value
}
