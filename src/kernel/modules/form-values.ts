import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import type { Reference } from '../reference.ts'
import type { Field } from '../web/fields.ts'
import { type Body, readForm, switchedOffErrors, type Values, written } from '../web/form.ts'
import { hiddenIn } from '../web/masks.ts'
import type { Viewer } from '../web/viewer.ts'
import type { Above } from './above.ts'
import { summedFields } from './lines.ts'
import { type Module, type ModuleField, ownerColumn, rightOf, type Stored } from './module.ts'

/** What a new record has without being asked, or an old one keeps. */
export type Preset = Record<string, number>
type Asked = { fields: Field[]; typed: Body; reference: Reference; preset: Preset }

/** The fields this person may fill in: without what is masked and stored, without what it hangs on, and without the owner for who gives nothing away. */
export function fieldsFor(module: Module, viewer: Viewer, record?: Stored): Field[] {
  const hidden = record ? hiddenIn(record, module.fields, viewer) : new Set()
  const mayGive = viewer.can(rightOf(module, 'transfer'))
  const given = module.owner === 'nobody' ? [] : 'by' in module.owner && mayGive ? [] : [ownerColumn(module.owner)]
  const summedUp = summedFields(module)
  const rightTo = ({ name, right }: ModuleField) => (name === module.shared ? 'share' : right)
  const isAsked = (field: ModuleField) => {
    const { name, isLasting } = field
    const right = rightTo(field)
    return (
      ![...hidden, ...given, ...summedUp, module.personal, module.giver, module.author].includes(name) &&
      !(isLasting && record) &&
      (!right || viewer.can(rightOf(module, right)))
    )
  }
  const asked = module.fields.filter(isAsked)
  return asked.map((field) => (field.name === module.number?.field ? numberedField(field, record) : field))
}

/** A new record may go without its number, which it then gets; one that is there keeps one. */
const numberedField = (field: Field, record: Stored | undefined): Field => ({
  ...field,
  isRequired: record !== undefined,
  ...(!record && { hint: text.form.hints.numbered }),
})

/** What a new record has without being asked: its maker is its owner, or it hangs on what is above. */
export function presetsOf({ owner }: Module, viewer: Viewer, above: Above | undefined): Preset {
  if (owner === 'nobody') return {}
  return { [ownerColumn(owner)]: above?.id ?? viewer.id }
}

/** A record stays with whom it is while nobody else is named. */
export const keptOwner = ({ owner }: Module, record: Stored): Preset =>
  owner === 'nobody' ? {} : { [ownerColumn(owner)]: record[ownerColumn(owner)] as number }

/** What was typed; `before` may stay as it is, and what is not asked for or left empty has its preset. */
export function read({ fields, typed, reference, preset }: Asked, before: Values = {}) {
  const { values, errors } = readForm(fields, typed, reference, before)
  const filled = Object.entries(values).filter(([name, value]) => value !== null || !(name in preset))
  return {
    values: { ...preset, ...Object.fromEntries(filled) },
    errors: [...errors, ...switchedOffErrors(fields, values, reference, before)],
  }
}

type NewForm = { db: Knex; viewer: Viewer; reference: Reference; fields: Field[] }

/** What a new record begins with, and what an address fills in of it. */
export async function filledIn({ fields, ...at }: NewForm, { hooks }: Module, query: Body): Promise<Body> {
  const begun = await hooks?.begin?.(at, query)
  const named = fields.filter(({ name }) => name in query).map(({ name }) => [name, query[name]])
  return { ...(begun && written(fields, begun)), ...Object.fromEntries(named) }
}
