import type { Knex } from 'knex'
import { bumpRevision, currentRevision } from '../../kernel/db/cache-revision.ts'
import { insertAll } from '../../kernel/db/dialect.ts'
import { recordEvent } from '../../kernel/history/history.ts'
import { builtInModules } from '../../kernel/modules/catalogue.ts'
import type { Module } from '../../kernel/modules/module.ts'
import { program } from '../../kernel/operator.ts'
import { permissions, rangedModules, rangeKinds } from '../../kernel/permissions.ts'
import { type Reference, referenceAt } from '../../kernel/reference.ts'
import { changesBetween, eventOf } from '../../kernel/web/record.ts'
import { text } from '../../texts/index.ts'
import { roleKind } from './fields.ts'
import { type PresetRole, presetRights, presetRoles } from './preset-roles.ts'
import { rightsOf } from './rights.ts'
import { newRole } from './role.ts'

/** Puts the built-in roles into a new installation; answers the id of the administrators. */
export async function addPresetRoles(trx: Knex): Promise<number | undefined> {
  const ids = new Map<string, number>()
  for (const role of presetRoles()) ids.set(role.code, await addPresetRole(trx, role))
  await remember(trx, builtInModules())
  return ids.get('administrator')
}

/** Brings roles, rights and ranges that came with an update into an installation in use. */
export async function bringRolesUpToDate(trx: Knex) {
  const codes: string[] = await trx('roles').pluck('code')
  for (const role of presetRoles()) if (!codes.includes(role.code)) await addPresetRole(trx, role)
  await giveAdministratorsEveryRight(trx)
  for (const role of presetRoles()) await reachNewModules(trx, role)
  if ((await newModules(trx)).length === 0) return
  const reference = await referenceAt(trx, await currentRevision(trx))
  // Held until the end: servers of one database may start together.
  await bumpRevision(trx)
  const modules = await newModules(trx)
  await remember(trx, modules)
  for (const role of presetRoles()) await giveRightsOf(trx, modules, role.code, reference)
}

async function addPresetRole(trx: Knex, { code, permissions, ranges, masks = [] }: PresetRole): Promise<number> {
  const name = text.roles.names[code]
  const row = { code, name, note: text.roles.notes[code], ...newRole(name as string) }
  const [{ id: role_id }] = await trx('roles').insert(row).returning('id')
  await insertAll(trx, 'role_permissions', rightRows(role_id, [...new Set(permissions)]))
  await insertAll(trx, 'role_ranges', rangesFor(role_id, rangedModules(), ranges))
  await insertAll(
    trx,
    'role_masks',
    masks.map((field_group) => ({ role_id, field_group })),
  )
  return role_id
}

/** The modules of the program that this installation has not met yet. */
async function newModules(trx: Knex): Promise<Module[]> {
  const known: string[] = await trx('known_modules').pluck('name')
  return builtInModules().filter(({ name }) => !known.includes(name))
}

const remember = (trx: Knex, modules: Module[]) =>
  insertAll(
    trx,
    'known_modules',
    modules.map(({ name }) => ({ name })),
  )

/** Gives a built-in role what new modules say; a company that ever changed the role decides for itself. */
async function giveRightsOf(trx: Knex, modules: Module[], code: string, reference: Reference) {
  const role = await trx('roles').where({ code, version: 1 }).first()
  if (!role) return
  const held: string[] = await trx('role_permissions').where({ role_id: role.id }).pluck('permission')
  const given = modules.flatMap((module) => presetRights(module, code)).filter((right) => !held.includes(right))
  if (given.length === 0) return
  const before = await rightsOf(trx, role.id)
  await insertAll(trx, 'role_permissions', rightRows(role.id, given))
  const after = await rightsOf(trx, role.id)
  const changes = changesBetween(roleKind.fields, before, after, reference)
  await recordEvent(trx, program, { ...eventOf(roleKind, role), action: 'update', changes })
}

/** A module that came with an update is reached by the built-in roles as far as the others. */
async function reachNewModules(trx: Knex, { code, ranges }: PresetRole) {
  const { id: role_id } = await trx('roles').where({ code }).first('id')
  const reached: string[] = await trx('role_ranges').where({ role_id }).distinct().pluck('module')
  const missing = rangedModules().filter((module) => !reached.includes(module))
  await insertAll(trx, 'role_ranges', rangesFor(role_id, missing, ranges))
}

async function giveAdministratorsEveryRight(trx: Knex) {
  const role = await trx('roles').where({ code: 'administrator' }).first('id')
  const held: string[] = await trx('role_permissions').where({ role_id: role.id }).pluck('permission')
  const missing = permissions().filter((permission) => !held.includes(permission))
  await insertAll(trx, 'role_permissions', rightRows(role.id, missing))
}

const rightRows = (role_id: number, rights: string[]) => rights.map((permission) => ({ role_id, permission }))

const rangesFor = (role_id: number, modules: string[], ranges: PresetRole['ranges']) =>
  modules.flatMap((module) => rangeKinds.map((kind) => ({ role_id, module, kind, range: ranges[kind] })))
