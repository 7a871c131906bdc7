import { type Customer, customerKind } from '../../customers/customers/customer.ts'
import { eventOf } from '../web/record.ts'
import type { Holder } from './file.ts'

/** A customer as the record that files hang on. */
export const holderOf = (customer: Customer): Holder => eventOf(customerKind, customer)
