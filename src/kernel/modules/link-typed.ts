import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import type { Field } from '../web/fields.ts'
import { type Body, typedIn, type Values } from '../web/form.ts'
import { linkedId, type Match } from '../web/link-kind.ts'
import { pickedId } from '../web/link-pick.ts'
import type { Viewer } from '../web/viewer.ts'
import { exactMatches, linksAmong, withNames } from './link-names.ts'
import { targetNamed } from './link-targets.ts'

/** What was typed or picked is one record, none, or one of several. */
type Found = { id: number } | { refusal: string; matches: Match[] }
/** What a record points at already may stay, also where this person may not see it. */
type Looking = { db: Knex; viewer: Viewer; before: Values }

/**
 * A form whose links hold ids in place of the codes and names that were typed, and its fields with the names of those
 * records; a link that is none or one of several says so where it is read (web/link-kind.ts).
 */
export async function lookUpLinks<F extends Field>(
  db: Knex,
  viewer: Viewer,
  fields: F[],
  { body, before = {} }: { body: Body; before?: Values },
): Promise<{ fields: F[]; body: Body }> {
  const links = linksAmong(fields)
  if (links.length === 0) return { fields, body }
  const read = { ...body }
  const refused = new Map<string, Partial<Field>>()
  for (const field of links) {
    const found = await foundFor({ db, viewer, before }, field, body)
    if (found && 'id' in found) read[field.name] = `id:${found.id}`
    else if (found) refused.set(field.name, found)
  }
  const ids = Object.fromEntries(links.map(({ name }) => [name, linkedId(typedIn(read, name)) ?? null]))
  const named = await withNames(db, viewer, fields, [ids, before])
  return { body: read, fields: named.map((field) => ({ ...field, ...refused.get(field.name) })) }
}

async function foundFor({ db, viewer, before }: Looking, field: Field, body: Body): Promise<Found | undefined> {
  const { name, to = '' } = field
  const typed = typedIn(body, name)
  if (typed === '') return undefined
  const id = linkedId(typed) ?? pickedId(body, name, typed)
  const none = { refusal: text.form.link.none, matches: [] }
  if (id !== undefined) return id === before[name] || (await isSeen(db, viewer, to, id)) ? { id } : none
  const matches = await exactMatches(db, viewer, to, typed)
  const [only] = matches
  if (!only) return none
  return matches.length === 1 ? { id: only.id } : { refusal: text.form.link.several(matches.length), matches }
}

async function isSeen(db: Knex, viewer: Viewer, to: string, id: number): Promise<boolean> {
  const target = targetNamed(to)
  if (!target || !viewer.can(target.view)) return false
  const rows = target.reached(db, target.living(db), viewer)
  return (await rows.where(`${target.name}.id`, id).first(`${target.name}.id`)) !== undefined
}
