import type { FastifyInstance, FastifyRequest } from 'fastify'
import { undoLink } from '../../kernel/modules/undo.ts'
import { type FactParams, type Facts, factRoutes } from '../../kernel/web/fact-routes.ts'
import { fieldError } from '../../kernel/web/form.ts'
import { divisionViews } from '../../platform/dictionaries/division-fields.ts'
import { text } from '../../texts/index.ts'
import { refuseDuplicate } from '../duplicates/refuse.ts'
import { type Customer, customerKind, findCustomer, saveCustomer } from './customer.ts'
import { customers } from './customers.ts'
import { personFields } from './fields.ts'
import { storedTyped } from './form.ts'
import { type FormParts, formParts, readTyped } from './form-parts.ts'
import { whyRefused } from './refused.ts'
import { groupsWith } from './required-fields.ts'

/** Changing one fact of a customer on its card; province, city and district are one. */
export function customerFactRoutes(app: FastifyInstance) {
  const open = (request: FastifyRequest<FactParams>) => factsOf(app, request)
  factRoutes(app, { records: '/customers', permission: 'customers.update', open })
}

const belowProvince = ['city_code', 'district_code']

/** The facts of a customer that a person may change one by one. */
export function customerFacts({ required, hidden }: Pick<FormParts, 'required' | 'hidden'>, { kind }: Customer) {
  const fields = groupsWith(required, kind)
    .flatMap(({ fields }) => fields)
    .filter(({ name }) => !hidden.has(name) && (kind === 'person' || !personFields.has(name)))
  const below = fields.filter(({ name }) => belowProvince.includes(name))
  return fields
    .filter((field) => !below.includes(field))
    .map((field) => (field.name === 'province_code' ? [field, ...below] : [field]))
}

const emptied = (names: string[]) => Object.fromEntries(names.map((name) => [name, '']))

async function factsOf({ db }: FastifyInstance, request: FastifyRequest<FactParams>): Promise<Facts> {
  const { viewer } = request
  const record = await findCustomer(db, viewer, request.params.id, 'customers.update')
  const parts = await formParts(db, request, record)
  const path = `/customers/${record.id}`
  const stored = storedTyped(record)
  return {
    kind: customerKind,
    record,
    facts: customerFacts(parts, record),
    path,
    place: path,
    look: async (fields, typed) => ({ fields, typed }),
    dress: divisionViews,
    read(fields, typed) {
      const own = fields.map(({ name }) => name)
      const [first] = fields
      const before = readTyped({ ...parts, typed: stored }, record).errors.map(({ field }) => field)
      const { values, errors } = readTyped({ ...parts, typed: { ...stored, ...emptied(own), ...typed } }, record)
      // What the rest of the record is wrong by already does not stand here; what this makes wrong elsewhere is said here.
      const here = errors.filter(({ field }) => own.includes(field) || !before.includes(field))
      return {
        values: Object.fromEntries(own.map((name) => [name, values[name] ?? null])),
        errors: here.map((error) =>
          own.includes(error.field) || !first ? error : { ...error, field: first.name, label: first.label },
        ),
      }
    },
    find: () => findCustomer(db, viewer, record.id),
    naming: async (fields) => fields,
    async save(trx, saving) {
      const isChanged = await saveCustomer(trx, record.id, saving)
      if (isChanged) await refuseDuplicate(trx, { ...record, ...saving.values }, { viewer, typed: {}, before: record })
      return isChanged
    },
    async refused(error, [field]) {
      const { errors = [], matches } = whyRefused(error)
      return matches && field ? [fieldError(field, text.customers.alikeAtFact)] : errors
    },
    undo: () => undoLink(db, customers, viewer, record.id),
    said: (isChanged, values) =>
      isChanged ? text.customers.saved(String(values.name ?? record.name)) : text.customers.unchanged,
  }
}
