import { moduleNamed } from '../../../kernel/modules/catalogue.ts'
import { summedFields } from '../../../kernel/modules/lines.ts'
import type { Module, ModuleField } from '../../../kernel/modules/module.ts'
import type { Permission } from '../../../kernel/permissions.ts'
import { inScope } from '../../../kernel/web/scope.ts'
import type { Viewer } from '../../../kernel/web/viewer.ts'

/** The module on whose records those of a module hang. */
export const aboveOf = ({ owner }: Module): Module | undefined =>
  owner !== 'nobody' && 'module' in owner ? moduleNamed(owner.module) : undefined

/** The fields of a record itself: on what it hangs is named by what that one is called, and it gets a number without one. */
export const ownFields = ({ fields, owner, number, lines }: Module): ModuleField[] =>
  fields
    .filter(({ name }) => !summedFields({ lines }).has(name))
    .filter(({ name, isLinked }) => !isLinked && (owner === 'nobody' || 'by' in owner || name !== owner.through))
    .map((field) => (field.name === number?.field ? { ...field, isRequired: false } : field))

/** Whether records belong to nobody, themselves or by what they hang on. */
export function isOwnedByNobody(module: Module): boolean {
  const above = aboveOf(module)
  return above ? isOwnedByNobody(above) : module.owner === 'nobody'
}

/** Whether a right reaches records of an owner; those of nobody are for all who have it. */
export const isReached = (module: Module, viewer: Viewer, permission: Permission, owner: number | null | undefined) =>
  isOwnedByNobody(module) ? viewer.can(permission) : inScope(viewer.scope(permission), owner)

/** The fields of which no two records have the same. */
export const keyFields = ({ fields }: Module): ModuleField[] => fields.filter(({ isUnique }) => isUnique)
