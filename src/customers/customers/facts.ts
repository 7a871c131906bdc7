import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type FactParams, type Facts, factRoutes } from '../../kernel/web/fact-routes.ts'
import { fieldError } from '../../kernel/web/form.ts'
import { text } from '../../texts/index.ts'
import { refuseDuplicate } from '../duplicates/refuse.ts'
import { type Customer, customerKind, findCustomer, saveCustomer } from './customer.ts'
import { storedTyped } from './form.ts'
import { type FormParts, formParts, readTyped } from './form-parts.ts'
import { whyRefused } from './refused.ts'
import { groupsWith } from './required-fields.ts'

/** Changing one field of a customer on its card; provinces, cities and districts are chosen together in its form. */
export function customerFactRoutes(app: FastifyInstance) {
  const open = (request: FastifyRequest<FactParams>) => factsOf(app, request)
  factRoutes(app, { records: '/customers', permission: 'customers.update', open })
}

const together = ['province_code', 'city_code', 'district_code']

/** The fields of a customer that a person may change one by one. */
export const singleFields = ({ required, hidden }: Pick<FormParts, 'required' | 'hidden'>, { kind }: Customer) =>
  groupsWith(required, kind)
    .flatMap(({ fields }) => fields)
    .filter(({ name }) => !hidden.has(name) && !together.includes(name))

async function factsOf({ db }: FastifyInstance, request: FastifyRequest<FactParams>): Promise<Facts> {
  const { viewer } = request
  const record = await findCustomer(db, viewer, request.params.id, 'customers.update')
  const parts = await formParts(db, request, record)
  const path = `/customers/${record.id}`
  const stored = storedTyped(record)
  return {
    kind: customerKind,
    record,
    fields: singleFields(parts, record),
    path,
    place: path,
    look: async (field, typed) => ({ field, typed }),
    read({ name, label }, typed) {
      const before = readTyped({ ...parts, typed: stored }, record).errors.map(({ field }) => field)
      const { values, errors } = readTyped({ ...parts, typed: { ...stored, [name]: '', ...typed } }, record)
      // What the rest of the record is wrong by already does not stand here; what this makes wrong elsewhere is said here.
      const own = errors.filter(({ field }) => field === name || !before.includes(field))
      return {
        values: { [name]: values[name] ?? null },
        errors: own.map((error) => ({ ...error, field: name, label })),
      }
    },
    find: () => findCustomer(db, viewer, record.id),
    naming: async (field) => [field],
    async save(trx, saving) {
      const isChanged = await saveCustomer(trx, record.id, saving)
      if (isChanged) await refuseDuplicate(trx, { ...record, ...saving.values }, { viewer, typed: {}, before: record })
      return isChanged
    },
    async refused(error, field) {
      const { errors = [], matches } = whyRefused(error)
      return matches ? [fieldError(field, text.customers.alikeAtFact)] : errors
    },
    said: (isChanged, values) =>
      isChanged ? text.customers.saved(String(values.name ?? record.name)) : text.customers.unchanged,
  }
}
