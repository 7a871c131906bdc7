import { type MaskGroup, maskGroups, type Permission } from '../permissions.ts'
import type { Scope, Viewer } from '../web/viewer.ts'

/** What somebody could read when a file was made for them: whose records, and which fields whole. */
export type ReadingRights = { reach: 'all' | number[]; whole: MaskGroup[] }

/** The right that a route asks for. */
export type RouteRight = Permission | 'signed-in'

export function readingRights(viewer: Viewer, permission: RouteRight): ReadingRights {
  const reach = reachOf(viewer, permission)
  return {
    reach: reach === 'all' ? reach : [...reach],
    whole: maskGroups.filter((group) => !viewer.isMasked(group)),
  }
}

/** Whether a person may read today all that could be read then: a file is not asked again what stands in it. */
export function mayStillRead(viewer: Viewer, permission: RouteRight, then: ReadingRights): boolean {
  if (permission !== 'signed-in' && !viewer.can(permission)) return false
  const now = reachOf(viewer, permission)
  const reaches = now === 'all' || (then.reach !== 'all' && then.reach.every((id) => now.has(id)))
  return reaches && then.whole.every((group) => !viewer.isMasked(group))
}

const reachOf = (viewer: Viewer, permission: RouteRight): Scope =>
  permission === 'signed-in' ? new Set() : viewer.scope(permission)
