import { customerField } from '../../../customers/customers/fields.ts'
import { partCells } from '../../../customers/imports/parted-cells.ts'
import { foldKey } from '../../../kernel/db/fold-key.ts'
import { fromSerial } from '../../../kernel/spreadsheets/serial-days.ts'
import { text } from '../../../kernel/texts/index.ts'
import { placeIn } from '../../../platform/dictionaries/place-text.ts'
import { isAsked, unknownKey } from '../checking/unknown-values.ts'
import type { Target } from '../mapping/targets.ts'
import { valueNamed } from './names.ts'
import { addReason, type ReadRow, type RowContext, type Texts } from './row.ts'

/** What would have been typed into the form of a record: the values behind names, each number in its own field. */
export function typedBy(record: Target['record'], written: Texts, context: RowContext, read: ReadRow): Texts {
  const typed: Texts = {}
  for (const target of context.targets) {
    const cell = target?.record === record && written[target.key]
    if (target && cell && !(target.name in text.imports.joined))
      reasonably(read, target, cell, () => {
        typed[target.name] = typedFor(target, cell, context, read)
      })
  }
  if (record === 'contact') joinName(typed, written)
  else readPlace(typed, written, context, read)
  partCells(record, typed, read)
  return typed
}

/** A family and a given name in columns of their own are one name: 张三, but John Smith. */
function joinName(typed: Texts, written: Texts) {
  if (typed.name) return
  const [family = '', given = ''] = [written['contact.family_name'], written['contact.given_name']]
  if (family || given)
    typed.name = /\p{Script=Han}/u.test(family + given) ? family + given : `${given} ${family}`.trim()
}

/**
 * Province, city and district out of one column, unless they have columns of their own. What is no place at all is taken
 * for a sales region: 华东.
 */
function readPlace(typed: Texts, written: Texts, context: RowContext, read: ReadRow) {
  const cell = written['customer.place']
  if (!cell || typed.province_code || typed.city_code || typed.district_code) return
  const place = placeIn(cell, context.reference)
  const label = text.imports.joined.place
  if (place) Object.assign(typed, place)
  else if (place === null) addReason(read, label, cell, text.imports.unknownName)
  else if (!typed.region_id)
    typed.region_id =
      valueNamed(context.reference, customerField('region_id'), cell) ??
      askedFor('region_id', { label, cell, context, read })
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

function typedFor({ name, label, field }: Target, cell: string, context: RowContext, read: ReadRow): string {
  if (field?.kind.control === 'check' && !field.options) return String(yes.has(foldKey(cell)))
  if (!field) return cell
  if (field.kind.control === 'day') return dayIn(cell)
  if (!field.options) return cell
  if (field.kind.isMany)
    return cell
      .split(text.imports.betweenNames)
      .map((one) => chosen(valueNamed(context.reference, field, one)))
      .join(',')
  const value = valueNamed(context.reference, field, cell)
  return value === undefined && isAsked(name) ? askedFor(name, { label, cell, context, read }) : chosen(value)
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

function chosen(value: string | undefined): string {
  if (value === undefined) throw text.imports.unknownName
  return value
}
