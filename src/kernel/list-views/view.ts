import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import { bumpRevision, cachedByRevision } from '../db/cache-revision.ts'
import { changedKeys, foldedKeys } from '../db/keyed-texts.ts'
import { recordEvent } from '../history/history.ts'
import { check, type Field, line } from '../web/fields.ts'
import { changesBetween, Stale } from '../web/record.ts'
import { notFound } from '../web/refusal.ts'
import type { Actor } from '../web/session.ts'

/** A list as it was once asked for, under a name. */
export type ListView = {
  id: number
  list: string
  user_id: number
  name: string
  is_shared: boolean
  /** The query of the list, without `?`. */
  query: string
  version: number
}

const viewsAt = cachedByRevision(async (db: Knex): Promise<ListView[]> => db('list_views').orderBy(['name', 'id']))

/** The views of a list that a person sees: the own ones, then those that others share, by name. */
export async function viewsFor(db: Knex, revision: number, list: string, userId: number): Promise<ListView[]> {
  const views = (await viewsAt(db, revision)).filter((view) => view.list === list)
  const own = views.filter((view) => view.user_id === userId)
  return [...own, ...views.filter((view) => view.is_shared && view.user_id !== userId)]
}

/** A view that a person sees; everything else is not there. */
export async function findView(db: Knex, id: number, userId: number): Promise<ListView> {
  const view: ListView | undefined = await db('list_views').where({ id }).first()
  if (!view || (view.user_id !== userId && !view.is_shared)) throw notFound()
  return view
}

/** What of a view can change. */
const viewFields: Field[] = [
  { name: 'name', label: text.listViews.fields.name, kind: line },
  { name: 'is_shared', label: text.listViews.fields.is_shared, kind: check },
  { name: 'query', label: text.common.filters, kind: line },
]

type Named = Pick<ListView, 'name' | 'is_shared'>

/** Keeps a query under a name; one name comes once for each person and list. Answers the id. */
export async function addView(
  trx: Knex,
  { list, query, ...named }: Pick<ListView, 'list' | 'query'> & Named,
  actor: Actor,
): Promise<number> {
  await bumpRevision(trx)
  const [{ id }] = await trx('list_views')
    .insert({
      list,
      query,
      ...named,
      ...foldedKeys('list_views', named),
      user_id: actor.id,
      updated_at: new Date().toISOString(),
      version: 1,
    })
    .returning('id')
  await recordEvent(trx, actor, { action: 'create', ...eventOf({ id, ...named }) })
  return id
}

/** Changes the name, the sharing or the query of a view. Throws Stale when it moved on. */
export async function changeView(trx: Knex, view: ListView, values: Partial<Named & { query: string }>, actor: Actor) {
  const { id, version } = view
  await bumpRevision(trx)
  const count = await trx('list_views')
    .where({ id, version })
    .update({
      ...values,
      ...changedKeys('list_views', view, values),
      updated_at: new Date().toISOString(),
      version: version + 1,
    })
  if (count === 0) throw new Stale()
  const changes = changesBetween(viewFields, view, values, undefined as never)
  await recordEvent(trx, actor, { action: 'update', ...eventOf({ ...view, ...values }), changes })
}

/** Removes a view. Throws Stale when it moved on. */
export async function removeView(trx: Knex, view: ListView, actor: Actor) {
  await bumpRevision(trx)
  const { id, version } = view
  if ((await trx('list_views').where({ id, version }).delete()) === 0) throw new Stale()
  await recordEvent(trx, actor, { action: 'delete', ...eventOf(view) })
}

const eventOf = ({ id, name }: Pick<ListView, 'id' | 'name'>) => ({
  record_type: 'list_views',
  record_id: id,
  record_name: name,
})
