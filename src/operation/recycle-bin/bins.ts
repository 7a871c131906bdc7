import type { Knex } from 'knex'
import { type Contact, countContacts, purgeContact, restoreContact } from '../../customers/contacts/contact.ts'
import type { Customer } from '../../customers/customers/customer.ts'
import { purgeCustomer, restoreCustomer } from '../../customers/customers/recycling.ts'
import { countFiles } from '../../kernel/files/file.ts'
import {
  type BinAct,
  binListOf,
  fileTexts,
  findBinned,
  hangingTexts,
  purgeRecord,
  restoreBinned,
} from '../../kernel/modules/bin.ts'
import { declaredModules } from '../../kernel/modules/catalogue.ts'
import { type Module, nameOf } from '../../kernel/modules/module.ts'
import type { List } from '../../kernel/web/list.ts'
import { forbidden, notFound, Refusal } from '../../kernel/web/refusal.ts'
import { inScope } from '../../kernel/web/scope.ts'
import type { Actor } from '../../kernel/web/session.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { text } from '../../texts/index.ts'
import { deletedContacts, deletedCustomers } from './list.ts'

export type Deleted = { id: number; version: number } & Record<string, unknown>

type Way = {
  /** What will happen, for the page that asks. */
  details(db: Knex, row: Deleted): Promise<string[]>
  do(trx: Knex, row: Deleted, actor: Actor): Promise<void>
}

/** What the recycle bin can do with one kind of record. */
export type Bin = {
  name: string
  list: List
  nameOf(row: Deleted): string
  /** A record that an act of this person reaches. Throws notFound, forbidden, or a Refusal with what must be done first. */
  find(db: Knex, viewer: Viewer, id: number, act: BinAct): Promise<Deleted>
} & Record<BinAct, Way>

const withIt = (db: Knex, row: Deleted) => countContacts(db, row.id, row.deleted_at as string)
const named = { nameOf: (row: Deleted) => String(row.name) }

const customers: Bin = {
  ...named,
  name: 'customers',
  list: deletedCustomers,
  find: (db, viewer, id, act) => findOwned(db, viewer, 'customers', id, act),
  restore: {
    details: async (db, row) => text.recycleBin.restoreDetails(await withIt(db, row)),
    do: (trx, row, actor) => restoreCustomer(trx, row as Customer, actor),
  },
  purge: {
    details: async (db, row) => [
      ...text.recycleBin.purgeDetails(await countAllContacts(db, row)),
      ...text.files.purgeDetails(await countFiles(db, { record_type: 'customers', record_id: row.id })),
    ],
    do: (trx, row, actor) => purgeCustomer(trx, row as Customer, actor),
  },
}

const contacts: Bin = {
  ...named,
  name: 'contacts',
  list: deletedContacts,
  find: (db, viewer, id, act) => findOwned(db, viewer, 'contacts', id, act),
  restore: {
    details: async () => text.recycleBin.restoreContactDetails,
    do: (trx, row, actor) => restoreContact(trx, row as Contact, actor),
  },
  purge: {
    details: async () => text.recycleBin.purgeContactDetails,
    do: (trx, row, actor) => purgeContact(trx, row as Contact, actor),
  },
}

const binOf = (module: Module): Bin => ({
  name: module.name,
  list: binListOf(module),
  nameOf: (row) => nameOf(module, row),
  find: (db, viewer, id) => findBinned(db, module, viewer, id),
  restore: {
    details: async () => text.recycleBin.restorePlain,
    do: (trx, row, actor) => restoreBinned(trx, module, row, actor),
  },
  purge: {
    details: async (db, row) => [
      ...text.recycleBin.purgePlain(await hangingTexts(db, module, row)),
      ...(await fileTexts(db, module, row)),
    ],
    do: (trx, row, actor) => purgeRecord(trx, module, row, actor),
  },
})

export const bins = (): Bin[] => [
  customers,
  contacts,
  ...declaredModules()
    .filter(({ name, bin }) => bin && name !== customers.name && name !== contacts.name)
    .map(binOf),
]

/** The contacts that were deleted before their customer go with it too. */
async function countAllContacts(db: Knex, { id }: Deleted) {
  const row = await db('contacts').where({ customer_id: id }).count({ row_count: '*' }).first()
  return Number(row?.row_count ?? 0)
}

/** A contact is there only while its customer is not there too. */
async function findOwned(db: Knex, viewer: Viewer, table: 'customers' | 'contacts', id: number, act: BinAct) {
  const row = await db(table).where({ id }).whereNotNull('deleted_at').first()
  const customer = row && (table === 'customers' ? row : await db('customers').where({ id: row.customer_id }).first())
  if (!row || !inScope(viewer.scope('recycle_bin.view'), customer.owner_id)) throw notFound()
  if (!inScope(viewer.scope(`recycle_bin.${act}`), customer.owner_id)) throw forbidden()
  if (table === 'contacts' && customer.deleted_at)
    throw new Refusal({ status: 409, message: text.recycleBin.customerIsDeleted })
  return row
}
