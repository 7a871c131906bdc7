import type { Knex } from 'knex'
import type { Reference } from '../../kernel/reference.ts'
import type { Body } from '../../kernel/web/form.ts'
import type { formView } from '../../kernel/web/form-view.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import type { Match } from './find.ts'
import { duplicatesIn, duplicatesView, liveCheck } from './view.ts'

type View = ReturnType<typeof formView>
type Typed = {
  typed: Body
  reference: Reference
  viewer: Viewer
  /** The stored customer, when it is being changed. */
  before?: { id: number } & Record<string, unknown>
  /** Why it was not saved. */
  matches?: Match[]
}

/** The form of a customer with the customers like it, and the link beside the name that looks for them anew. */
export async function withDuplicates(db: Knex, view: View, { matches, typed, ...rest }: Typed) {
  const names = view.form.groups.flatMap(({ fields }) => fields).filter(({ name }) => name === 'name')
  for (const field of names) Object.assign(field, { live: liveCheck(view.form.id, rest.before?.id) })
  const duplicates = matches
    ? await duplicatesView(db, rest.viewer, matches, { isRefused: true })
    : await duplicatesIn(db, typed, rest)
  return { ...view, duplicates }
}
