import { valueNamed } from '../../operation/imports/reading/names.ts'
import { addReason, type ReadRow, type RowContext, type Texts } from '../../operation/imports/reading/row.ts'
import { askedFor, typedBy } from '../../operation/imports/reading/typed.ts'
import { placeIn } from '../../platform/dictionaries/place-text.ts'
import { text } from '../../texts/index.ts'
import { partCells } from './parted-cells.ts'
import { customerTargets } from './targets.ts'

/** What would have been typed into the form of a customer, each number in its own field. */
export function typedCustomer(written: Texts, context: RowContext, read: ReadRow): Texts {
  const typed = typedBy('customer', written, context, read)
  readPlace(typed, written, context, read)
  partCells('customer', typed, read)
  return typed
}

/** The same of a contact. */
export function typedContact(written: Texts, context: RowContext, read: ReadRow): Texts {
  const typed = typedBy('contact', written, context, read)
  joinName(typed, written)
  partCells('contact', typed, read)
  return typed
}

/** A family and a given name in columns of their own are one name: 张三, but John Smith. */
function joinName(typed: Texts, written: Texts) {
  if (typed.name) return
  const [family = '', given = ''] = [written['contact.family_name'], written['contact.given_name']]
  if (family || given)
    typed.name = /\p{Script=Han}/u.test(family + given) ? family + given : `${given} ${family}`.trim()
}

const region = customerTargets.find(({ name }) => name === 'region_id')

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
  else if (!typed.region_id && region)
    typed.region_id =
      valueNamed(context.reference, region, cell) ?? askedFor('region_id', { label, cell, context, read })
}
