import type { Knex } from 'knex'
import { type Body, typedIn, type Values } from '../../kernel/web/form.ts'
import { withoutMasked } from '../../kernel/web/masks.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { customerFields } from '../customers/fields.ts'
import { findDuplicates, type Match } from './find.ts'

/** The field by which a person says that it is another customer. */
export const acceptedName = 'is_duplicate_accepted'

/** A customer that is most likely there already; nothing was saved. */
export class Duplicated extends Error {
  readonly matches: Match[]

  constructor(matches: Match[]) {
    super('The customer is there already')
    this.matches = matches
  }
}

export const isAccepted = (typed: Body) => typedIn(typed, acceptedName) === 'true'

/**
 * Throws Duplicated when strong evidence speaks for a duplicate, unless the form accepts it. What this person
 * must not read is no evidence. `before` as in findDuplicates.
 */
export async function refuseDuplicate(
  db: Knex,
  values: Values,
  { typed, viewer, before }: { typed: Body; viewer: Viewer; before?: { id: number } & Values },
) {
  if (isAccepted(typed)) return
  const matches = await findDuplicates(db, withoutMasked(values, customerFields, viewer), before)
  if (matches.some(({ isStrong }) => isStrong)) throw new Duplicated(matches)
}
