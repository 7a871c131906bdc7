import { type MaskGroup, maskGroups, type Permission } from '../permissions.ts'
import type { Viewer } from '../web/viewer.ts'

/** What somebody could read when a file was made for them: whose records, and which fields whole. */
export type ReadingRights = { reach: 'all' | number[]; whole: MaskGroup[] }

export function readingRights(viewer: Viewer, permission: Permission): ReadingRights {
  const reach = viewer.reach(permission)
  return {
    reach: reach === 'all' ? reach : [...reach],
    whole: maskGroups.filter((group) => !viewer.isMasked(group)),
  }
}

/** Whether a person may read today all that could be read then: a file is not asked again what stands in it. */
export function mayStillRead(viewer: Viewer, permission: Permission, then: ReadingRights): boolean {
  if (!viewer.can(permission)) return false
  const now = viewer.reach(permission)
  const reaches = now === 'all' || (then.reach !== 'all' && then.reach.every((id) => now.has(id)))
  return reaches && then.whole.every((group) => !viewer.isMasked(group))
}
