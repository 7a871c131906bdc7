import type { Reference } from '../../kernel/reference.ts'
import type { Field } from '../../kernel/web/fields.ts'
import { type Body, readForm } from '../../kernel/web/form.ts'
import type { Company } from './company.ts'
import { companyFields } from './fields.ts'

/** Reads our data as they were typed; the guide asks for more beside them. */
export const readCompany = (typed: Body, before: Company, reference: Reference, more: Field[] = []) =>
  readForm([...companyFields, ...more], typed, reference, before)
