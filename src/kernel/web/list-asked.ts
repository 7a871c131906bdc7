import type { FastifyInstance, FastifyRequest } from 'fastify'
import { recent } from '../lru-cache.ts'
import { referenceAt } from '../reference.ts'
import { typedIn } from './form.ts'
import type { List, ListQuery } from './list.ts'
import { preferenceFor } from './list-preference.ts'
import { readListQuery, refuseUnread } from './list-query.ts'
import type { Viewer } from './viewer.ts'

type Typed = Record<string, unknown>

/** What is asked of a list, with the records looked up that filters point at. */
export async function asked(app: FastifyInstance, list: List, request: FastifyRequest) {
  const { viewer, url } = request
  const reference = await referenceAt(app.db, request.revision)
  const kept = await preferenceFor(app.db, request.revision, list, viewer.id)
  const typed = request.query as Typed
  const looked = await list.links?.(app.db, viewer, typed)
  const read = () => readListQuery(list, looked?.typed ?? typed, { reference, viewer, kept, links: looked?.links })
  return {
    reference,
    query: asksForRecords(typed, looked) ? read() : readOnce(`${viewer.id} ${list.path} ${url}`, viewer, read),
    isLookedUp: isLookedUp(list, typed, looked),
  }
}

/** The same for paper and files, which are not made of something else than what was meant: throws a Refusal (422). */
export async function understood(app: FastifyInstance, list: List, request: FastifyRequest) {
  const { reference, query } = await asked(app, list, request)
  return { reference, query: refuseUnread(query) }
}

const asks = recent<ListQuery>(200)

/** As long as rights, names and views stand, the viewer is the same, and so is what the same address asks. */
function readOnce(key: string, viewer: Viewer, read: () => ListQuery): ListQuery {
  if (asks.get(key, read).viewer !== viewer) asks.forget(key)
  return asks.get(key, read)
}

type Looked = Awaited<ReturnType<NonNullable<List['links']>>>

/** Whether names of records are part of what is asked, which can change at any time. */
const asksForRecords = (typed: Typed, looked?: Looked) =>
  looked !== undefined && Object.keys(typed).some((name) => name === 'f' || looked.links.has(name))

/** Whether a record was found for what was typed, so that the address says which. */
const isLookedUp = ({ filters }: List, typed: Typed, looked?: Looked) =>
  filters.some(({ kind, name }) => kind === 'link' && typedIn(typed, name) !== typedIn(looked?.typed ?? {}, name))
