import type { FastifyRequest } from 'fastify'
import type { Values } from '../web/form.ts'
import { alikeView, FoundAlike } from './alike.ts'
import type { Edit } from './form-pages.ts'
import type { Module, Stored } from './module.ts'
import { refusedBy } from './saving.ts'

export type FormRefusal = Pick<Edit, 'errors' | 'duplicates'>

/** Why a record was not saved, as its form says it: records like it, or what is wrong at which field; throws any other error. */
export async function refusalOf(
  error: unknown,
  request: FastifyRequest,
  module: Module,
  sent: { values: Values; before?: Stored },
): Promise<FormRefusal> {
  const { db } = request.server
  if (error instanceof FoundAlike) return { duplicates: await alikeView(db, request, module, error.found) }
  return { errors: await refusedBy(db, module, error, sent) }
}
