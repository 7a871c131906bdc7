import { isUniqueViolation } from '../../kernel/db/dialect.ts'
import type { FieldError } from '../../kernel/web/form.ts'
import type { Match } from '../duplicates/find.ts'
import { Duplicated } from '../duplicates/refuse.ts'
import { codeTaken } from './form.ts'

/** What the form of a customer says when it was not saved; throws what is no refusal. */
export function whyRefused(error: unknown): { errors?: FieldError[]; matches?: Match[] } {
  if (error instanceof Duplicated) return { matches: error.matches }
  if (isUniqueViolation(error)) return { errors: [codeTaken] }
  throw error
}
