import type { FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { deadDivisionErrors } from '../dictionaries/division-fields.ts'
import { type Reference, referenceAt } from '../reference.ts'
import { settingsAt } from '../settings.ts'
import { type Body, switchedOffErrors, type Values } from '../web/form.ts'
import { hiddenIn } from '../web/masks.ts'
import { seeing } from '../web/unmasking.ts'
import type { Viewer } from '../web/viewer.ts'
import type { Customer } from './customer.ts'
import { customerFields } from './fields.ts'
import { readCustomer } from './form.ts'
import { readNewTags } from './new-tags.ts'
import { wholeCustomer } from './whole.ts'

/** What the form of a customer depends on beside the customer. */
export type FormParts = {
  viewer: Viewer
  reference: Reference
  required: readonly string[]
  /** The fields that must not be read by this person. */
  hidden: ReadonlySet<string>
  canAddTags: boolean
}

export async function formParts(db: Knex, request: FastifyRequest, customer?: Customer): Promise<FormParts> {
  const { requiredCustomerFields } = await settingsAt(db, request.revision)
  const reference = await referenceAt(db, request.revision)
  const viewer = customer ? await seeing(db, request, wholeCustomer(customer.id)) : request.viewer
  const hidden = hiddenIn(customer ?? {}, customerFields, viewer)
  const canAddTags = request.can('tags.create')
  return { viewer, reference, required: requiredCustomerFields, hidden, canAddTags }
}

/** Reads the whole form, with the names of new tags where they may be made. */
export function readTyped(
  { typed, reference, required, hidden, canAddTags }: FormParts & { typed: Body },
  before: Values = {},
) {
  const { values, errors } = readCustomer(typed, reference, before, { required, hidden })
  const tags = readNewTags(canAddTags ? typed : {})
  const old = [
    ...switchedOffErrors(customerFields, values, reference, before),
    ...deadDivisionErrors(values, before, reference),
  ]
  return { values, names: tags.names, errors: [...errors, ...old, ...tags.errors] }
}
