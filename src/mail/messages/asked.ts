import type { Knex } from 'knex'
import { aboveOf, declaredModules } from '../../kernel/modules/catalogue.ts'
import { isHanging, type Module, type Owner, ownerColumn, type Stored } from '../../kernel/modules/module.ts'
import { findRecord } from '../../kernel/modules/records.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import type { To } from '../mailings/merge.ts'
import { addressField, isWrittenTo, oneOf, rootOf } from '../mailings/written-to.ts'

type Named = { module: Module; id: number }
/** The record that is written at, and the one that hangs on it and is meant there. */
export type Asked = Named & { meant?: Named | undefined }
export type Hidden = [one: { name: string; value: string }, ...others: { name: string; value: string }[]]

/**
 * What an address is about, records of modules named in the singular: `customer=5`, with one that hangs on it
 * `&contact=7`, or that alone. Undefined where it names none.
 */
export async function askedFor(db: Knex, viewer: Viewer, query: Record<string, unknown>): Promise<Asked | undefined> {
  const named = declaredModules()
    .filter(isWrittenTo)
    .flatMap((module) => {
      const id = idIn(query[oneOf(module.name)])
      return id === undefined ? [] : [{ module, id }]
    })
  const at = named.find(({ module }) => !isHanging(module))
  const meant = named.find(({ module }) => isHanging(module) && (!at || rootOf(module) === at.module))
  if (at) return { ...at, meant }
  return meant && { ...(await rootAt(db, viewer, meant)), meant }
}

/** What a record that this person may see hangs on at last. */
async function rootAt(db: Knex, viewer: Viewer, { module, id }: Named): Promise<Named> {
  const above = aboveOf(module)
  if (!above) return { module, id }
  const record = await findRecord(db, module, viewer, id)
  return rootAt(db, viewer, { module: above, id: record[ownerColumn(module.owner as Owner)] as number })
}

export const isMeant = ({ recipient_type, recipient_id }: To, { meant }: Asked) =>
  meant?.module.name === recipient_type && meant?.id === recipient_id

/** The same as an address says it. */
export const hiddenOf = ({ module, id, meant }: Asked): Hidden => [parameter(module, id), ...hiddenMeant(meant)]

const parameter = ({ name }: Module, id: number) => ({ name: oneOf(name), value: String(id) })
const hiddenMeant = (meant: Named | undefined) => (meant ? [parameter(meant.module, meant.id)] : [])

/** Where one writes to a record; undefined where there is nothing to write to. */
export function writingPath(module: Module, record: Stored): string | undefined {
  const field = addressField(module)
  const isWritten = isHanging(module) ? field && record[field.name] : isWrittenTo(module)
  return isWritten ? `/mail/new?${oneOf(module.name)}=${record.id}` : undefined
}

/** A number in an address; undefined for anything that is none. */
function idIn(typed: unknown): number | undefined {
  return typeof typed === 'string' && /^[1-9]\d{0,8}$/.test(typed) ? Number(typed) : undefined
}
