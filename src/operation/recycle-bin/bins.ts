import type { Knex } from 'knex'
import { type Contact, countContacts, purgeContact, restoreContact } from '../../customers/contacts/contact.ts'
import type { Customer } from '../../customers/customers/customer.ts'
import { purgeCustomer, restoreCustomer } from '../../customers/customers/recycling.ts'
import { countFiles } from '../../kernel/files/file.ts'
import { text } from '../../kernel/texts/index.ts'
import { reaches } from '../../kernel/web/reach.ts'
import { forbidden, notFound, Refusal } from '../../kernel/web/refusal.ts'
import type { Actor } from '../../kernel/web/session.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'

export type Deleted = { id: number; name: string; version: number; deleted_at: string | null } & Record<string, unknown>
export type Act = 'restore' | 'purge'

type Way = {
  /** What will happen, for the page that asks. */
  details(db: Knex, row: Deleted): Promise<string[]>
  do(trx: Knex, row: Deleted, actor: Actor): Promise<void>
}

/** What the recycle bin can do with one kind of record. */
export type Bin = { table: 'customers' | 'contacts'; list: string } & Record<Act, Way>

const withIt = (db: Knex, row: Deleted) => countContacts(db, row.id, row.deleted_at)

export const bins: Bin[] = [
  {
    table: 'customers',
    list: '/recycle-bin',
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
  },
  {
    table: 'contacts',
    list: '/recycle-bin/contacts',
    restore: {
      details: async () => text.recycleBin.restoreContactDetails,
      do: (trx, row, actor) => restoreContact(trx, row as Contact, actor),
    },
    purge: {
      details: async () => text.recycleBin.purgeContactDetails,
      do: (trx, row, actor) => purgeContact(trx, row as Contact, actor),
    },
  },
]

/** The contacts that were deleted before their customer go with it too. */
async function countAllContacts(db: Knex, { id }: Deleted) {
  const row = await db('contacts').where({ customer_id: id }).count({ row_count: '*' }).first()
  return Number(row?.row_count ?? 0)
}

/** A record of the recycle bin that an act of this person reaches; a contact only while its customer is not there too. */
export async function findDeleted(db: Knex, viewer: Viewer, { table }: Bin, id: number, act: Act): Promise<Deleted> {
  const row = await db(table).where({ id }).whereNotNull('deleted_at').first()
  const customer = row && (table === 'customers' ? row : await db('customers').where({ id: row.customer_id }).first())
  if (!row || !reaches(viewer.reach('recycle_bin.view'), customer.owner_id)) throw notFound()
  if (!reaches(viewer.reach(`recycle_bin.${act}`), customer.owner_id)) throw forbidden()
  if (table === 'contacts' && customer.deleted_at)
    throw new Refusal({ status: 409, message: text.recycleBin.customerIsDeleted })
  return row
}
