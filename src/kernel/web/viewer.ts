import type { MaskGroup, Permission } from '../permissions.ts'

/** Whose records a right reaches: everybody's, or those of these people. */
export type Scope = 'all' | ReadonlySet<number>

/** Who looks. Every query of records that belong to somebody starts from what this person's rights reach. */
export type Viewer = {
  id: number
  can(permission: Permission): boolean
  /** `over`: of a right on what hangs on records of several modules, over those of one (`rangedOver` of permissions.ts). */
  scope(permission: Permission, over?: string): Scope
  /** Whether fields of a group must not be read whole. */
  isMasked(group: MaskGroup): boolean
}
