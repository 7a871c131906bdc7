import type { text } from './texts/index.ts'

/** Every right there is: module × action (spec 1.3). A route names one as `module.action`; roles hold them as rows. */
export const modules = {
  customers: ['view', 'create', 'update', 'delete', 'import', 'export', 'print', 'transfer', 'unmask'],
  contacts: ['view', 'create', 'update', 'delete', 'export', 'print', 'unmask'],
  files: ['view', 'create', 'delete'],
  business_cards: ['view', 'create', 'delete'],
  identity_pictures: ['view', 'create', 'delete'],
  mail: ['view', 'create', 'share'],
  duplicates: ['view'],
  recycle_bin: ['view', 'restore', 'purge'],
  analysis: ['view', 'export', 'print', 'share'],
  company: ['view', 'update'],
  competitors: ['view', 'create', 'update', 'delete', 'export', 'print'],
  jobs: ['view'],
  departments: ['view', 'create', 'update', 'delete', 'print'],
  users: ['view', 'create', 'update', 'export', 'print', 'transfer'],
  own_name: ['update'],
  dictionaries: ['view', 'create', 'update', 'delete'],
  tags: ['view', 'create', 'update', 'delete'],
  list_views: ['share', 'update'],
  settings: ['view', 'update'],
  audit_log: ['view', 'export', 'print', 'verify', 'cleanup'],
  roles: ['view', 'create', 'update', 'delete', 'assign'],
  sessions: ['view', 'delete'],
  devices: ['view', 'update', 'delete'],
  archive: ['view', 'export', 'upload', 'import', 'delete'],
  cleanup: ['view', 'cleanup'],
  system: ['view', 'update'],
  backups: ['view', 'create', 'verify', 'export', 'upload', 'restore', 'delete'],
} as const satisfies Record<string, readonly (keyof typeof text.actions)[]>

type Modules = typeof modules
export type ModuleName = keyof Modules
export type Permission = { [M in keyof Modules]: `${M}.${Modules[M][number]}` }[keyof Modules]

export const permissions = Object.entries(modules).flatMap(([module, actions]) =>
  actions.map((action) => `${module}.${action}` as Permission),
)

export const isPermission = (name: unknown): name is Permission => permissions.includes(name as Permission)

/** How far a right reaches, the nearest first: records of oneself, with those of all below, of one's department, … */
export const ranges = ['own', 'team', 'department', 'branch', 'all'] as const
export type Range = (typeof ranges)[number]

/** A role says for looking at records and for changing them how far it reaches. */
export const rangeKinds = ['view', 'change'] as const
export type RangeKind = (typeof rangeKinds)[number]

/** The modules whose records belong to somebody, each with those whose records hang on them and go with them. */
export const rangedModules = {
  customers: [
    'customers',
    'contacts',
    'files',
    'business_cards',
    'identity_pictures',
    'mail',
    'duplicates',
    'recycle_bin',
    'analysis',
  ],
} as const satisfies Partial<Record<ModuleName, readonly ModuleName[]>>
export type RangedModule = keyof typeof rangedModules
export const rangedModuleNames = Object.keys(rangedModules) as RangedModule[]

const looking = new Set(['view', 'print', 'export'])

/** Which of the ranges of a role holds for a right; undefined for rights on records that belong to nobody. */
export function rangeOf(permission: Permission): { module: RangedModule; kind: RangeKind } | undefined {
  const [name, action] = permission.split('.') as [ModuleName, string]
  const module = rangedModuleNames.find((ranged) => (rangedModules[ranged] as readonly string[]).includes(name))
  return module && { module, kind: looking.has(action) ? 'view' : 'change' }
}

/** What a role may be kept from seeing whole: fields say which of these they belong to (`mask` of src/kernel/web/fields.ts). */
export const maskGroups = ['phone', 'mail', 'bank', 'identity'] as const
export type MaskGroup = (typeof maskGroups)[number]
