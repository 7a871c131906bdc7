import { text } from './texts/index.ts'

/** Every right there is: module × action (spec 1.3). A route names one as `module.action`; roles hold them as rows. */
export const modules = {
  customers: ['view', 'create', 'update', 'delete', 'import', 'export', 'print'],
  contacts: ['view', 'create', 'update', 'delete', 'export', 'print'],
  files: ['view', 'create', 'delete'],
  identity_pictures: ['view', 'create', 'delete'],
  duplicates: ['view'],
  recycle_bin: ['view', 'restore', 'purge'],
  analysis: ['view', 'print'],
  jobs: ['view'],
  users: ['view', 'create', 'update', 'export', 'print'],
  dictionaries: ['view', 'create', 'update', 'delete'],
  tags: ['view', 'create', 'update', 'delete'],
  list_views: ['share', 'update'],
  settings: ['view', 'update'],
} as const satisfies Record<string, readonly (keyof typeof text.actions)[]>

type Modules = typeof modules
export type Permission = { [M in keyof Modules]: `${M}.${Modules[M][number]}` }[keyof Modules]

export const permissions = Object.entries(modules).flatMap(([module, actions]) =>
  actions.map((action) => `${module}.${action}` as Permission),
)

export const isPermission = (name: unknown): name is Permission => permissions.includes(name as Permission)

/** The roles of a new installation. 普通用户 has what [S16] leaves to it: no users, no settings, no new customers. */
export const presetRoles: { code: string; name: string; permissions: readonly Permission[] }[] = [
  { code: 'administrator', name: text.roles.administrator, permissions },
  {
    code: 'user',
    name: text.roles.user,
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
  },
]
