import type { FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { type Reference, referenceAt } from '../../kernel/reference.ts'
import { settingsAt } from '../../kernel/settings/settings.ts'
import { type Body, switchedOffErrors, typedIn, type Values } from '../../kernel/web/form.ts'
import { hiddenIn } from '../../kernel/web/masks.ts'
import { mayWith } from '../../kernel/web/scope.ts'
import { seeing } from '../../kernel/web/unmasking.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { deadDivisionErrors } from '../../platform/dictionaries/division-fields.ts'
import type { Customer } from './customer.ts'
import { customerFields, personFields } from './fields.ts'
import { readCustomer } from './form.ts'
import { readNewTags } from './new-tags.ts'
import { wholeCustomer } from './unmasking.ts'

/** What the form of a customer depends on beside the customer. */
export type FormParts = {
  viewer: Viewer
  reference: Reference
  required: readonly string[]
  /** The fields that are shown at once. */
  short: readonly string[]
  /** The fields that this person must not read, or not decide. */
  hidden: ReadonlySet<string>
  canAddTags: boolean
}

export async function formParts(db: Knex, request: FastifyRequest, customer?: Customer): Promise<FormParts> {
  const { requiredCustomerFields, shortCustomerFields } = await settingsAt(db, request.revision)
  const reference = await referenceAt(db, request.revision)
  const viewer = customer ? await seeing(db, request, wholeCustomer(customer.id)) : request.viewer
  const masked = hiddenIn(customer ?? {}, customerFields, viewer)
  const hidden = mayGive(request, customer) ? masked : new Set([...masked, 'owner_id'])
  const canAddTags = request.can('tags.create')
  return { viewer, reference, required: requiredCustomerFields, short: shortCustomerFields, hidden, canAddTags }
}

/** To say whose a customer is takes the right to hand customers over: without it a new one is one's own. */
const mayGive = (request: FastifyRequest, customer?: Customer) =>
  customer ? mayWith(request, customer)('customers.transfer') : request.can('customers.transfer')

/**
 * Reads the whole form, with the names of new tags where they may be made. A company is not asked for what only persons
 * have, and one that becomes a company keeps nothing of it.
 */
export function readTyped(
  { viewer, typed, reference, required, hidden, canAddTags }: FormParts & { typed: Body },
  before: Values = {},
) {
  const isCompany = typedIn(typed, 'kind') === 'company'
  const unasked = isCompany ? hidden.union(personFields) : hidden
  const { values, errors } = readCustomer(typed, reference, before, { required, hidden: unasked })
  if (isCompany && before.kind === 'person') for (const name of personFields) values[name] = null
  if (!before.id && hidden.has('owner_id')) values.owner_id = viewer.id
  const tags = readNewTags(canAddTags ? typed : {})
  const old = [
    ...switchedOffErrors(customerFields, values, reference, before),
    ...deadDivisionErrors(values, before, reference),
  ]
  return { values, names: tags.names, errors: [...errors, ...old, ...tags.errors] }
}
