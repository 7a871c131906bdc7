import { type FieldError, fieldError, type Values } from '../../kernel/web/form.ts'
import { text } from '../../texts/index.ts'
import { customerField } from './fields.ts'

/** What fields say only together. */
export const customerErrors = ({ next_contact_on, registered_on }: Values): FieldError[] =>
  next_contact_on && registered_on && next_contact_on < registered_on
    ? [fieldError(customerField('next_contact_on'), text.customers.dateOrder)]
    : []
