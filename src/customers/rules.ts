import { creditCodeProblem } from '../china/credit-code.ts'
import { text } from '../texts/index.ts'
import { type FieldError, fieldError, type Values } from '../web/form.ts'
import { customerField } from './fields.ts'

/** Old registration (15), organisation (9) and tax numbers (15, 20) stay valid in files that have them (china.md §1). */
const oldNumber = /^(\d{15}|[0-9A-Z]{9}|[0-9A-Z]{15}|[0-9A-Z]{20})$/

/** What fields say only together, or against what was stored before. */
export function customerErrors(values: Values, before: Values = {}, isCreditCodeKept = false): FieldError[] {
  const errors: FieldError[] = []
  const problem = creditCodeSentence(values, before)
  if (problem && !isCreditCodeKept)
    errors.push(fieldError(customerField('credit_code'), problem + text.customers.creditCodeMayBeKept))
  if (values.next_contact_on && values.registered_on && values.next_contact_on < values.registered_on) {
    errors.push(fieldError(customerField('next_contact_on'), text.customers.dateOrder))
  }
  return errors
}

/** What is wrong with a new tax number; nothing for one that was there before. */
export function creditCodeSentence(values: Values, before: Values = {}): string | undefined {
  const credit_code = values.credit_code as string | null
  if (!credit_code || credit_code === before.credit_code || oldNumber.test(credit_code)) return undefined
  const problem = creditCodeProblem(credit_code)
  if (!problem) return undefined
  return problem === 'check' ? text.customers.creditCodeCheck : text.customers.creditCodeForm
}
