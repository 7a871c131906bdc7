import { type ConditionField, conditionField, instantField } from '../../kernel/web/conditions.ts'
import { line } from '../../kernel/web/fields.ts'
import { text } from '../../texts/index.ts'
import { contactFields } from './fields.ts'

/** The name of the customer a contact belongs to. */
const ofCustomer: ConditionField = {
  ...conditionField('contacts', {
    name: 'customer_name',
    label: text.contacts.fields.customer_id,
    kind: line,
    isRequired: true,
  }),
  column: 'customers.name',
}

/** What a condition can be about: every field of a contact, its customer, and when it was written. */
export const contactConditions: ConditionField[] = [
  ...contactFields.map((field) => conditionField('contacts', field)),
  ofCustomer,
  instantField('created_at', text.customers.createdAt, 'contacts.created_at'),
  instantField('updated_at', text.customers.updatedAt, 'contacts.updated_at'),
]
