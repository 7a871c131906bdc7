import { type Permission, permissions, type Range, type RangedModule, type RangeKind } from './permissions.ts'
import type { text } from './texts/index.ts'

export type PresetRole = {
  code: keyof typeof text.roles
  permissions: readonly Permission[]
  ranges: Record<RangedModule, Record<RangeKind, Range>>
}

const everything = { customers: { view: 'all', change: 'all' } } as const

/** The roles of a new installation. 普通用户 has what [S16] leaves to it: no users, no settings, no new customers. */
export const presetRoles: PresetRole[] = [
  { code: 'administrator', permissions, ranges: everything },
  {
    code: 'user',
    permissions: [
      'customers.view',
      'customers.update',
      'customers.print',
      'contacts.view',
      'contacts.create',
      'contacts.update',
      'contacts.print',
      'files.view',
      'files.create',
      'analysis.view',
      'analysis.print',
    ],
    ranges: everything,
  },
]
