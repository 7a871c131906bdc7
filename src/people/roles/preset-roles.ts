import { declaredModules } from '../../kernel/modules/catalogue.ts'
import { type Module, rightOf } from '../../kernel/modules/module.ts'
import {
  type MaskGroup,
  type Permission,
  permissions,
  type Range,
  type RangeKind,
  rightsOf,
} from '../../kernel/permissions.ts'
import type { text } from '../../texts/index.ts'

export type PresetRole = {
  code: keyof typeof text.roles.names
  permissions: readonly Permission[]
  /** For every module whose records belong to somebody. */
  ranges: Record<RangeKind, Range>
  masks?: readonly MaskGroup[]
}

const within = (view: Range, change: Range = view) => ({ view, change })

/** What those need who look after customers that others have won. */
const tending: Permission[] = ['files.view', 'files.create', 'mail.view', 'mail.create', 'company.view']

const selling: Permission[] = [
  ...tending,
  'business_cards.view',
  'business_cards.create',
  'analysis.view',
  'analysis.export',
  'analysis.print',
]

/**
 * The roles of a new installation (spec 1.3): what people of a department need, and no more. 普通用户 has what [S16]
 * leaves to it: no users, no settings, no new customers. The last three share what one administrator could hide
 * (GB/T 22239-2019, 7.1.4.2): who keeps the accounts gives no rights, who gives rights cannot clear the log; nor does
 * one of them take all data along in a file.
 */
const roles = (): PresetRole[] => [
  { code: 'administrator', permissions: permissions(), ranges: within('all') },
  {
    code: 'sales_manager',
    permissions: [
      ...selling,
      ...rightsOf('duplicates'),
      'files.delete',
      'recycle_bin.view',
      'recycle_bin.restore',
      'list_views.share',
      'mail.share',
      'analysis.share',
    ],
    ranges: within('team'),
    masks: ['identity'],
  },
  {
    code: 'sales',
    permissions: [...selling, 'recycle_bin.view', 'recycle_bin.restore'],
    ranges: within('own'),
    masks: ['identity'],
  },
  {
    code: 'marketing',
    permissions: [...selling, ...rightsOf('duplicates'), 'list_views.share', 'analysis.share', 'mail.share'],
    ranges: within('all', 'own'),
    masks: ['bank', 'identity'],
  },
  {
    code: 'service',
    permissions: tending,
    ranges: within('all'),
    masks: ['bank', 'identity'],
  },
  {
    code: 'finance',
    permissions: [
      'files.view',
      'files.create',
      'mail.view',
      'mail.create',
      'analysis.view',
      'analysis.export',
      'analysis.print',
      'company.view',
    ],
    ranges: within('all'),
    masks: ['identity'],
  },
  {
    code: 'warehouse',
    permissions: ['company.view'],
    ranges: within('all', 'own'),
    masks: ['mail', 'bank', 'identity'],
  },
  {
    code: 'user',
    permissions: [...tending, 'analysis.view', 'analysis.export', 'analysis.print'],
    ranges: within('all'),
  },
  {
    code: 'system_administrator',
    permissions: [
      ...rightsOf('settings', 'jobs', 'backups', 'archive', 'cleanup', 'system', 'company').filter(
        (permission) => permission !== 'backups.export' && permission !== 'archive.export',
      ),
      'own_name.update',
    ],
    ranges: within('own'),
  },
  {
    code: 'security_administrator',
    permissions: rightsOf('sessions', 'devices'),
    ranges: within('own'),
  },
  {
    code: 'auditor',
    permissions: rightsOf('audit_log'),
    ranges: within('own'),
  },
]

/** The same with what declared modules give to each. */
export const presetRoles = (): PresetRole[] =>
  roles().map((role) => ({
    ...role,
    permissions: [...role.permissions, ...declaredModules().flatMap((module) => presetRights(module, role.code))],
  }))

/** What a module gives to a built-in role. */
export function presetRights(module: Module, role: string): Permission[] {
  const given = module.preset?.[role] ?? []
  return (given === 'all' ? module.acts : given).map((act) => rightOf(module, act))
}
