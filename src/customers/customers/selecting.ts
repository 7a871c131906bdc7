import type { Knex } from 'knex'
import { settingsAt } from '../../kernel/settings/settings.ts'
import { choice } from '../../kernel/web/fields.ts'
import type { BatchField, Selecting } from '../../kernel/web/selecting.ts'
import type { Actor } from '../../kernel/web/session.ts'
import type { Given } from '../../kernel/web/transfer-form.ts'
import { text } from '../../texts/index.ts'
import { longestName, tagName, tagOptions } from '../tags/fields.ts'
import { tagsNamed } from '../tags/named.ts'
import { customerField } from './fields.ts'

const newTag = {
  permission: 'tags.create',
  field: { name: 'new_tag', label: text.tags.newTag, kind: tagName, isRequired: true, max: longestName },
  make: async (trx: Knex, name: string, actor: Actor) => (await tagsNamed(trx, [name], actor))[0] as number,
} as const

const tag = (name: string, label: string, isRemoved: boolean): BatchField => ({
  name,
  label,
  kind: choice,
  options: tagOptions,
  isRequired: true,
  tagging: {
    column: 'tag_ids',
    isRemoved,
    tagged: (db, value) => db('customer_tags').where({ tag_id: value }).select('customer_id'),
    ...(!isRemoved && { making: newTag }),
  },
})

/** What stands in a form that gives customers to somebody else. */
export const givenCustomers: Given = { noun: text.customers.one, column: 'owner_id', view: 'customers.view' }

/** What can be done with many customers at once. */
export const customerSelecting: Selecting = {
  noun: text.customers.one,
  fields: [
    customerField('level_id'),
    customerField('status_id'),
    tag('tag', text.selections.addTag, false),
    tag('tag_removed', text.selections.removeTag, true),
  ],
  update: 'customers.update',
  transfer: { permission: 'customers.transfer', column: givenCustomers.column },
  delete: 'customers.delete',
  deletionDetails: text.customers.selectionDeletion,
  required: async (db, revision) => (await settingsAt(db, revision)).requiredCustomerFields,
}
