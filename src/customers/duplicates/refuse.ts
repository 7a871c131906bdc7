import type { Knex } from 'knex'
import { isAccepted } from '../../kernel/modules/alike.ts'
import type { Body, Values } from '../../kernel/web/form.ts'
import { withoutMasked } from '../../kernel/web/masks.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { contactFields } from '../contacts/fields.ts'
import { customerFields } from '../customers/fields.ts'
import { type Candidate, findDuplicates, type Match } from './find.ts'

/** A customer that is most likely there already; nothing was saved. */
export class Duplicated extends Error {
  readonly matches: Match[]

  constructor(matches: Match[]) {
    super('The customer is there already')
    this.matches = matches
  }
}

/** A customer with its contacts, without what this person must not read. */
export function evidenceFor(viewer: Viewer, candidate: Candidate): Candidate {
  const own = withoutMasked(candidate, customerFields, viewer)
  const contacts = candidate.contacts?.map((contact) => withoutMasked(contact, contactFields, viewer))
  return contacts ? { ...own, contacts } : own
}

/**
 * Throws Duplicated when strong evidence speaks for a duplicate, unless the form accepts it. What this person
 * must not read is no evidence. `before` as in findDuplicates.
 */
export async function refuseDuplicate(
  db: Knex,
  values: Candidate,
  { typed, viewer, before }: { typed: Body; viewer: Viewer; before?: { id: number } & Values },
) {
  if (isAccepted(typed)) return
  const matches = await findDuplicates(db, evidenceFor(viewer, values), before)
  if (matches.some(({ isStrong }) => isStrong)) throw new Duplicated(matches)
}
