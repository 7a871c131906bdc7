import type { Viewer } from '../../kernel/web/viewer.ts'

/** Whether somebody may look at the contacts of all the customers he may look at. */
export function seesContacts(viewer: Viewer): boolean {
  const [own, theirs] = [viewer.scope('customers.view'), viewer.scope('contacts.view')]
  return theirs === 'all' || (own !== 'all' && own.isSubsetOf(theirs))
}
