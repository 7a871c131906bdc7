import type { LinkTarget } from '../../kernel/modules/link-targets.ts'
import { within } from '../../kernel/web/reach.ts'
import { customerFields } from './fields.ts'

/** The customers, as fields of modules point at them. */
export const customerTarget: LinkTarget = {
  name: 'customers',
  path: '/customers',
  view: 'customers.view',
  title: 'name',
  codes: ['code'],
  fields: customerFields,
  living: (db) => db('customers').whereNull('customers.deleted_at'),
  binned: (db) => db('customers').whereNotNull('customers.deleted_at'),
  reached: (db, rows, viewer) => within(db, rows, 'customers.owner_id', viewer.reach('customers.view')),
}
