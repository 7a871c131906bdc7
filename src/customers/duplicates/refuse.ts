import type { Knex } from 'knex'
import { isAccepted } from '../../kernel/modules/alike.ts'
import type { Body, Values } from '../../kernel/web/form.ts'
import { withoutMasked } from '../../kernel/web/masks.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { customerFields } from '../customers/fields.ts'
import { findDuplicates, type Match } from './find.ts'

/** A customer that is most likely there already; nothing was saved. */
export class Duplicated extends Error {
  readonly matches: Match[]

  constructor(matches: Match[]) {
    super('The customer is there already')
    this.matches = matches
  }
}

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
