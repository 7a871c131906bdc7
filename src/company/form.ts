import { creditCodeSentence } from '../customers/rules.ts'
import type { Reference } from '../reference.ts'
import type { Field } from '../web/fields.ts'
import { type Body, fieldError, readForm } from '../web/form.ts'
import type { Company } from './company.ts'
import { companyFields } from './fields.ts'

/** Reads our data as they were typed, with the check digit of our number; the guide asks for more beside them. */
export function readCompany(typed: Body, before: Company, reference: Reference, more: Field[] = []) {
  const { values, errors } = readForm([...companyFields, ...more], typed, reference)
  const problem = creditCodeSentence(values, before)
  if (problem) errors.push(fieldError(companyFields.find(({ name }) => name === 'credit_code') as never, problem))
  return { values, errors }
}
