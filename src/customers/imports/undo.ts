import type { Knex } from 'knex'
import { pointedIds } from '../../kernel/modules/links.ts'
import type { Taken } from '../../operation/imports/applying/applied.ts'
import type { Import } from '../../operation/imports/import.ts'
import type { Undo, Undone, UndoStep } from '../../operation/imports/kind.ts'
import { restoring } from '../../operation/imports/undoing/restoring.ts'
import { type Contact, eraseContacts, saveContact } from '../contacts/contact.ts'
import { type Customer, saveCustomer } from '../customers/customer.ts'
import { eraseCustomers } from '../customers/erasure.ts'

/**
 * Those still as they were made, with no contacts but unchanged ones of this import and no files. Of an import of
 * contacts it is these that count: they were what was brought.
 */
async function removeCustomers(trx: Knex, { one, actor }: Undo, rows: Taken[]): Promise<Undone> {
  const ids = rows.map(({ record_id }) => record_id)
  const versions = new Map(rows.map(({ record_id, version }) => [record_id, version]))
  const customers: Customer[] = await trx('customers').whereIn('id', ids).whereNull('deleted_at')
  const touched = await touchedBesides(trx, one, ids)
  const gone = customers.filter(({ id, version }) => versions.get(id) === version && !touched.has(id))
  const goneIds = new Set(gone.map(({ id }) => id))
  const contacts = await trx('import_rows')
    .where({ import_id: one.id, record_type: 'contacts' })
    .whereIn(
      'record_id',
      trx('contacts')
        .whereIn('customer_id', [...goneIds])
        .select('id'),
    )
    .delete()
  await eraseCustomers(trx, gone, actor)
  const done = new Set(rows.filter(({ record_id }) => goneIds.has(record_id)).map(({ id }) => id))
  return { done, count: one.kind === 'contacts' ? contacts : done.size }
}

/** The customers with a file, at which something points, or with a contact that is not of this import or was changed since. */
async function touchedBesides(trx: Knex, { id: import_id }: Import, ids: number[]): Promise<Set<number>> {
  const foreign = trx('contacts')
    .whereIn('customer_id', ids)
    .whereNotExists(
      trx('import_rows')
        .where({ import_id, record_type: 'contacts', action: 'create' })
        .where('import_rows.record_id', trx.ref('contacts.id'))
        .where('import_rows.version', trx.ref('contacts.version')),
    )
  const files = trx('files').where({ record_type: 'customers' }).whereIn('record_id', ids)
  const pointed = await pointedIds(trx, 'customers', ids)
  return new Set<number>([...(await foreign.pluck('customer_id')), ...(await files.pluck('record_id')), ...pointed])
}

/**
 * Contacts go unless somebody changed them. Those of a customer that is kept stay with it, as others go with theirs:
 * neither are counted or named besides their customers.
 */
async function removeContacts(trx: Knex, { one, actor }: Undo, rows: Taken[]): Promise<Undone> {
  const rowOf = new Map(rows.map((row) => [row.record_id, row]))
  const contacts: Contact[] = await trx('contacts')
    .whereIn(
      'id',
      rows.map(({ record_id }) => record_id),
    )
    .whereNull('deleted_at')
  const unchanged = contacts.filter(({ id, version }) => rowOf.get(id)?.version === version)
  const kept = new Set<number>(
    await trx('import_rows')
      .where({ import_id: one.id, record_type: 'customers', action: 'create', is_kept: true })
      .whereIn('record_id', [...new Set(unchanged.map(({ customer_id }) => customer_id))])
      .pluck('record_id'),
  )
  const [staying, gone] = [true, false].map((is) => unchanged.filter((contact) => kept.has(contact.customer_id) === is))
  const rowIds = (list: Contact[] = []) => list.map(({ id }) => (rowOf.get(id) as Taken).id)
  await trx('import_rows').whereIn('id', rowIds(staying)).delete()
  await eraseContacts(trx, gone ?? [], actor)
  const done = new Set(rowIds(gone))
  return { done, count: done.size }
}

/**
 * Customers that an import made go with their contacts, then contacts it made at others, then what it changed becomes what
 * it was.
 */
export const undoing: UndoStep[] = [
  { record_type: 'customers', action: 'create', run: removeCustomers },
  { record_type: 'contacts', action: 'create', run: removeContacts },
  restoring({
    table: 'contacts',
    isBinned: true,
    save: (trx, before, save) => saveContact(trx, before as unknown as Contact, save),
  }),
  restoring({ table: 'customers', isBinned: true, save: (trx, { id }, save) => saveCustomer(trx, id, save) }),
]
