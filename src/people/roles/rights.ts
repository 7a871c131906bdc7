import type { Knex } from 'knex'
import { insertAll } from '../../kernel/db/dialect.ts'
import {
  partsOf,
  permissions,
  type Range,
  type RangeKind,
  rangedModules,
  rangeKinds,
  ranges,
  rightsOfModules,
} from '../../kernel/permissions.ts'
import type { Values } from '../../kernel/web/form.ts'
import { joined, valuesIn } from '../../kernel/web/multi-value.ts'

/** What a new role holds before anything is ticked: no right, and one's own records. */
export const noRights = (): Values => Object.fromEntries(rangeNames().map((name) => [name, 'own']))

const rangeNames = () => rangedModules().flatMap((module) => rangeKinds.map((kind) => rangeName(module, kind)))

function rangeName(module: string, kind: RangeKind) {
  return `range_${module}_${kind}`
}

/** The rights of a role as the fields of its form hold them. */
export async function rightsOf(db: Knex, role_id: number): Promise<Values> {
  const held: string[] = await db('role_permissions').where({ role_id }).pluck('permission')
  const reached = await db('role_ranges').where({ role_id }).select('module', 'kind', 'range')
  const masks: string[] = await db('role_masks').where({ role_id }).pluck('field_group')
  const actions = rightsOfModules().map(({ name, acts }) => [
    `module_${name}`,
    joined(acts.filter((act) => held.includes(`${name}.${act}`))),
  ])
  const reach = reached.map(({ module, kind, range }) => [rangeName(module, kind), range])
  return { ...noRights(), ...Object.fromEntries([...actions, ...reach]), masks: joined(masks) }
}

/** Whether rights are given or widened, or something masked is shown, from one to the other; what is missing stays. */
export function isMore(before: Values, after: Values): boolean {
  const isAdded = (name: string) => {
    const held = valuesIn(before[name])
    return name in after && valuesIn(after[name]).some((value) => !held.includes(value))
  }
  const isWider = (name: string) =>
    name in after && ranges.indexOf(after[name] as Range) > ranges.indexOf(before[name] as Range)
  const isShown = 'masks' in after && valuesIn(before.masks).some((mask) => !valuesIn(after.masks).includes(mask))
  return rightsOfModules().some(({ name }) => isAdded(`module_${name}`)) || rangeNames().some(isWider) || isShown
}

/** Takes all rights from a role. */
export async function eraseRights(trx: Knex, role_id: number) {
  for (const table of ['role_permissions', 'role_ranges', 'role_masks']) await trx(table).where({ role_id }).delete()
}

/** Writes the rights of a role anew; the fields that are missing stay as `before` has them. */
export async function storeRights(trx: Knex, role_id: number, values: Values) {
  await eraseRights(trx, role_id)
  const held = permissions().filter((permission) => {
    const [module, act] = partsOf(permission)
    return valuesIn(values[`module_${module}`]).includes(act)
  })
  const reach = rangedModules().flatMap((module) =>
    rangeKinds.map((kind) => ({ role_id, module, kind, range: values[rangeName(module, kind)] })),
  )
  await insertAll(
    trx,
    'role_permissions',
    held.map((permission) => ({ role_id, permission })),
  )
  await insertAll(trx, 'role_ranges', reach)
  await insertAll(
    trx,
    'role_masks',
    valuesIn(values.masks).map((field_group) => ({ role_id, field_group })),
  )
}
