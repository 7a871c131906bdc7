import type { FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { deadDivisionErrors } from '../dictionaries/division-fields.ts'
import { type Reference, referenceAt } from '../reference.ts'
import { settingsAt } from '../settings.ts'
import { type Body, switchedOffErrors, type Values } from '../web/form.ts'
import type { Viewer } from '../web/viewer.ts'
import { customerFields } from './fields.ts'
import { readCustomer } from './form.ts'
import { readNewTags } from './new-tags.ts'

/** What the form of a customer depends on beside the customer. */
export type FormParts = { viewer: Viewer; reference: Reference; required: readonly string[]; canAddTags: boolean }

export async function formParts(db: Knex, request: FastifyRequest): Promise<FormParts> {
  const { requiredCustomerFields } = await settingsAt(db, request.revision)
  const reference = await referenceAt(db, request.revision)
  return { viewer: request.viewer, reference, required: requiredCustomerFields, canAddTags: request.can('tags.create') }
}

/** Reads the whole form, with the names of new tags where they may be made. */
export function readTyped(
  { typed, reference, required, canAddTags }: FormParts & { typed: Body },
  before: Values = {},
) {
  const { values, errors } = readCustomer(typed, reference, before, required)
  const tags = readNewTags(canAddTags ? typed : {})
  const old = [
    ...switchedOffErrors(customerFields, values, reference, before),
    ...deadDivisionErrors(values, before, reference),
  ]
  return { values, names: tags.names, errors: [...errors, ...old, ...tags.errors] }
}
