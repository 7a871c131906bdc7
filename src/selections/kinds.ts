import type { Knex } from 'knex'
import { deleteContacts } from '../contacts/bulk.ts'
import { contactList } from '../contacts/list.ts'
import {
  type BulkChange,
  type By,
  type Counts,
  changeCustomers,
  deleteCustomers,
  type Meant,
} from '../customers/bulk.ts'
import { customerList } from '../customers/list.ts'
import type { SelectableList } from '../web/list.ts'
import { notFound } from '../web/refusal.ts'

/** A list in which rows can be selected, and what is done to many of them at once. */
export type Kind = {
  list: SelectableList
  change?(trx: Knex, meant: Meant[], change: BulkChange, by: By): Promise<Counts>
  remove(trx: Knex, meant: Meant[], by: By): Promise<Counts>
}

export const kinds: Kind[] = [
  { list: customerList, change: changeCustomers, remove: deleteCustomers },
  { list: contactList, remove: deleteContacts },
]

/** What a selection was made in. */
export function kindOf({ list: path }: { list: string }): Kind {
  const kind = kinds.find(({ list }) => list.path === path)
  if (!kind) throw notFound()
  return kind
}
