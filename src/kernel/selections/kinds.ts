import type { Knex } from 'knex'
import { deleteContacts, restoreContacts } from '../../customers/contacts/bulk.ts'
import { visibleContacts } from '../../customers/contacts/contact.ts'
import { contactList } from '../../customers/contacts/list.ts'
import {
  type BulkChange,
  type By,
  changeCustomers,
  type Done,
  deleteCustomers,
  type Meant,
} from '../../customers/customers/bulk.ts'
import { restoreCustomers, type UndoBy } from '../../customers/customers/bulk-undo.ts'
import { visibleCustomers } from '../../customers/customers/customer.ts'
import { customerList } from '../../customers/customers/list.ts'
import type { Permission } from '../permissions.ts'
import type { SelectableList } from '../web/list.ts'
import { notFound } from '../web/refusal.ts'
import type { Viewer } from '../web/viewer.ts'

/** A list in which rows can be selected, what is done to many of them at once, and how that is taken back. */
export type Kind = {
  list: SelectableList
  /** The records that a right of this person reaches. */
  visible(db: Knex, viewer: Viewer, permission: Permission): Knex.QueryBuilder
  change?(trx: Knex, meant: Meant[], change: BulkChange, by: By): Promise<Done>
  remove(trx: Knex, meant: Meant[], by: By): Promise<Done>
  restore(trx: Knex, acted: Meant[], change: BulkChange | 'delete', by: UndoBy): Promise<number[]>
}

export const kinds: Kind[] = [
  {
    list: customerList,
    visible: visibleCustomers,
    change: changeCustomers,
    remove: deleteCustomers,
    restore: restoreCustomers,
  },
  {
    list: contactList,
    visible: visibleContacts,
    remove: deleteContacts,
    restore: (trx, acted, _change, by) => restoreContacts(trx, acted, by),
  },
]

/** What a selection was made in. */
export function kindOf({ list: path }: { list: string }): Kind {
  const kind = kinds.find(({ list }) => list.path === path)
  if (!kind) throw notFound()
  return kind
}
