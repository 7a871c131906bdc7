import type { RecordsWithFiles } from '../../kernel/files/holder.ts'
import { kindNames, kinds } from '../../kernel/files/kinds.ts'
import { eventOf } from '../../kernel/web/record.ts'
import { inScope } from '../../kernel/web/scope.ts'
import { text } from '../../texts/index.ts'
import { contactsSeen, customerCardOf } from './card-page.ts'
import { type Customer, customerKind, findCustomer } from './customer.ts'

/** Customers have files of every kind; pictures of people and their papers only where they are people. */
export const customerFiles: RecordsWithFiles = {
  path: '/customers',
  kinds: kindNames,
  find: findCustomer,
  rightsOn:
    async (_db, viewer, { owner_id }) =>
    (permission) =>
      inScope(viewer.scope(permission), owner_id),
  whyNot: (kind, customer) =>
    kinds[kind].isPersonal && customer.kind !== 'person' ? text.files.onlyPersons : undefined,
  eventOf: (customer) => eventOf(customerKind, customer),
  page: async ({ db }, request, customer) => ({
    title: String(customer.name),
    card: await customerCardOf(db, request, customer as Customer, {
      tab: 'files',
      contacts: await contactsSeen(db, request, customer as Customer),
    }),
  }),
}
