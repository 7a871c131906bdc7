import { text } from '../texts/index.ts'

export type Act = keyof typeof text.actions
/** What a route, a role and a menu name: `module.act`. Whether there is such a right is checked at the start (web/access.ts). */
export type Permission = `${string}.${Act}`

/** What may be done with a module (spec 1.3); roles hold it as rows. */
export type ModuleRights = { name: string; label: string; acts: readonly Act[] }

/** Of what is not declared as a module (modules/module.ts). */
const handwritten = {
  files: ['view', 'create', 'delete'],
  business_cards: ['view', 'create', 'delete'],
  identity_pictures: ['view', 'create', 'delete'],
  mail: ['view', 'create', 'share'],
  duplicates: ['view'],
  recycle_bin: ['view', 'restore', 'purge'],
  analysis: ['view', 'export', 'print', 'share'],
  company: ['view', 'update'],
  jobs: ['view'],
  own_name: ['update'],
  list_views: ['share', 'update'],
  settings: ['view', 'update'],
  audit_log: ['view', 'export', 'print', 'verify', 'cleanup'],
  sessions: ['view', 'delete'],
  devices: ['view', 'update', 'delete'],
  archive: ['view', 'export', 'upload', 'import', 'delete'],
  cleanup: ['view', 'cleanup'],
  system: ['view', 'update'],
  backups: ['view', 'create', 'verify', 'export', 'upload', 'restore', 'delete'],
} as const satisfies Record<string, readonly Act[]>

const others = new Map<string, ModuleRights>(
  Object.entries(handwritten).map(([name, acts]) => [
    name,
    { name, label: text.modules[name as keyof typeof handwritten], acts },
  ]),
)
const declared = new Map<string, ModuleRights>()
const rightsIn = (name: string): ModuleRights | undefined => declared.get(name) ?? others.get(name)

/** Adds the rights of a declared module. */
export const declareRights = (module: ModuleRights) => void declared.set(module.name, module)

/** Forgets a module that rows defined. */
export function forgetRights(name: string) {
  declared.delete(name)
  ranged.delete(name)
  for (const [owning, names] of ranged)
    ranged.set(
      owning,
      names.filter((one) => one !== name),
    )
  for (const [group, shown] of showing)
    showing.set(
      group,
      shown.filter((right) => partsOf(right)[0] !== name),
    )
}

/** Every module with its rights, the declared ones first. */
export const rightsOfModules = (): ModuleRights[] => [...declared.values(), ...others.values()]

export const rightsOf = (...names: string[]): Permission[] =>
  names.flatMap((name) => (rightsIn(name)?.acts ?? []).map((act): Permission => `${name}.${act}`))

export const permissions = (): Permission[] => rightsOf(...declared.keys(), ...others.keys())

export const moduleLabel = (name: string): string | undefined => rightsIn(name)?.label

/** A right in its two parts. */
export const partsOf = (permission: Permission) => permission.split('.') as [module: string, act: Act]

export function isPermission(name: unknown): name is Permission {
  const [module = '', act = ''] = String(name).split('.')
  return (rightsIn(module)?.acts as readonly string[] | undefined)?.includes(act) ?? false
}

/** How far a right reaches, the nearest first: records of oneself, with those of all below, of one's department, … */
export const ranges = ['own', 'team', 'department', 'branch', 'all'] as const
export type Range = (typeof ranges)[number]

/** A role says for looking at records and for changing them how far it reaches. */
export const rangeKinds = ['view', 'change'] as const
export type RangeKind = (typeof rangeKinds)[number]

/** The modules whose records belong to somebody, each with those whose records hang on them and go with them. */
const ranged = new Map<string, string[]>()

/** Lets the records of a declared module belong to people, or go with those of another. */
export function declareOwned(module: string, through = module) {
  ranged.set(through, [...(ranged.get(through) ?? []), module])
}

export const rangedModules = (): string[] => [...ranged.keys()]

/** The rights on what hangs on records of several modules. */
const common = new Set(['files', 'business_cards', 'identity_pictures'])

/** Lets rights reach over what hangs on records of each module as far as the range of that does. */
export const declareCommon = (name: string) => void common.add(name)

/** The modules over which a right reaches by the range of each, beside its own range. */
export const rangedOver = (permission: Permission): string[] =>
  common.has(partsOf(permission)[0]) ? rangedModules() : []

const looking = new Set(['view', 'print', 'export'])
/** Whether an act only looks at records. */
export const isLooking = (act: string) => looking.has(act)

/** Which of the ranges of a role holds for a right; undefined for rights on records that belong to nobody. */
export function rangeOf(permission: Permission, over?: string): { module: string; kind: RangeKind } | undefined {
  const [name, act] = partsOf(permission)
  const [module] = over ? [over] : ([...ranged].find(([, names]) => names.includes(name)) ?? [])
  return module === undefined ? undefined : { module, kind: isLooking(act) ? 'view' : 'change' }
}

const showing = new Map<MaskGroup, Permission[]>()

/** Says that who has a right sees fields of a group. */
export const declareShown = (group: MaskGroup, permission: Permission) =>
  void showing.set(group, [...new Set([...(showing.get(group) ?? []), permission])])

/** The rights by which fields of a group are seen. */
export const rightsShowing = (group: MaskGroup): readonly Permission[] => showing.get(group) ?? []

/** What a role may be kept from seeing whole: fields say which of these they belong to (`mask` of src/kernel/web/fields.ts). */
export const maskGroups = ['phone', 'mail', 'bank', 'identity'] as const
export type MaskGroup = (typeof maskGroups)[number]
