import type { FastifyInstance, FastifyRequest } from 'fastify'
import { text } from '../../texts/index.ts'
import type { IdParams } from '../web/params.ts'
import { Refusal } from '../web/refusal.ts'
import { mayChange } from './links.ts'
import { listNamed } from './preferences.ts'
import { findView, type ListView } from './view.ts'

/** A view that this person may change; one that is only shared with them is refused. */
export async function changeable(app: FastifyInstance, request: FastifyRequest<IdParams>): Promise<ListView> {
  const view = await findView(app.db, request.params.id, request.user?.id as number)
  listNamed(request, view.list)
  if (!mayChange(request, view)) throw new Refusal({ status: 403, message: text.errors.forbidden })
  return view
}
