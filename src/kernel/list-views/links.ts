import type { FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { madeOnce } from '../made-once.ts'
import type { List, ListQuery } from '../web/list.ts'
import { listAddress, wholeQuery } from '../web/list-query.ts'
import { type ListView, viewsFor } from './view.ts'

/** One's own views, and those that others share with the right to change them. */
export const mayChange = (request: FastifyRequest, view: ListView) =>
  view.user_id === request.user?.id || (view.is_shared && request.can('list_views.update'))

/** The saved views above a list, and what can be done with them, as views/shared/_list-views.eta wants them. */
export async function viewLinks(db: Knex, request: FastifyRequest, list: List, query: ListQuery) {
  const views = await viewsFor(db, request.revision, list.path, request.user?.id as number)
  return linksOf(query, request, list, views)
}

const linksOf = madeOnce((query: ListQuery, request: FastifyRequest, list: List, views: ListView[]) => {
  const current = views.find(({ id }) => id === query.view)
  const whole = wholeQuery(query, list)
  return {
    views: views.map((view) => ({
      name: view.name,
      href: viewAddress(view),
      isCurrent: view === current,
      isShared: view.is_shared,
    })),
    allHref: list.path,
    newHref: `/list-views/new?${new URLSearchParams({ list: list.path, query: whole })}`,
    current:
      current && mayChange(request, current)
        ? {
            path: `/list-views/${current.id}`,
            version: current.version,
            query: whole,
            isChanged: whole !== current.query,
          }
        : null,
    here: listAddress(list.path, query),
  }
})

/** Where a view leads. */
export const viewAddress = ({ id, list, query }: Pick<ListView, 'id' | 'list' | 'query'>) =>
  `${list}?${query ? `${query}&` : ''}view=${id}`
