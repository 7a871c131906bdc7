import { text } from '../../kernel/texts/index.ts'
import { choice, type Field } from '../../kernel/web/fields.ts'
import type { Selecting } from '../../kernel/web/list.ts'
import { tagOptions } from '../tags/fields.ts'
import { customerField } from './fields.ts'

const tag = (name: string, label: string): Field => ({
  name,
  label,
  kind: choice,
  options: tagOptions,
  isRequired: true,
})

/** What can be done with many customers at once. */
export const customerSelecting: Selecting = {
  noun: text.customers.one,
  fields: [
    customerField('level_id'),
    customerField('status_id'),
    tag('tag', text.selections.addTag),
    tag('tag_removed', text.selections.removeTag),
  ],
  update: 'customers.update',
  transfer: 'customers.transfer',
  mail: 'mail.create',
  delete: 'customers.delete',
  deletionDetails: text.customers.selectionDeletion,
}
