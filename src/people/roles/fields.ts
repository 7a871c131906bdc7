import type { ModuleField } from '../../kernel/modules/module.ts'
import {
  maskGroups,
  moduleLabel,
  type Permission,
  partsOf,
  rangedModules,
  rangeKinds,
  ranges,
  rightsOfModules,
} from '../../kernel/permissions.ts'
import { check, code, type Field, line, long } from '../../kernel/web/fields.ts'
import { several } from '../../kernel/web/multi-value.ts'
import type { RecordKind } from '../../kernel/web/record.ts'
import { text } from '../../texts/index.ts'

const t = text.roles

export const nameField: ModuleField = {
  name: 'name',
  label: t.fields.name,
  kind: line,
  max: 30,
  isRequired: true,
  isUnique: true,
}
const noteField: Field = { name: 'note', label: t.fields.note, kind: long, max: 200, isWide: true }
const secondFactorField: Field = {
  name: 'is_second_factor_required',
  label: t.fields.secondFactor,
  hint: t.secondFactorHint,
  kind: check,
}
export const headFields = [nameField, noteField, secondFactorField]

/** A right as a person reads it, like 「客户 查看」. */
export function rightLabel(permission: Permission): string {
  const [module, act] = partsOf(permission)
  return `${moduleLabel(module)} ${text.actions[act]}`
}

/** What may be done with one module: one field, so that the history says it by module. */
export const moduleFields = (): Field[] =>
  rightsOfModules().map(({ name, label, acts }) => ({
    name: `module_${name}`,
    label,
    kind: several,
    options: () => acts.map((act) => ({ value: act, label: text.actions[act] })),
    isLinked: true,
  }))

/** How far the rights of a module reach, for looking and for changing. */
export const rangeFields = (): Field[] =>
  rangedModules().flatMap((module) =>
    rangeKinds.map((kind) => ({
      name: `range_${module}_${kind}`,
      label: `${moduleLabel(module)} ${t.rangeKinds[kind]}`,
      kind: code,
      options: () => ranges.map((value) => ({ value, label: t.ranges[value] })),
      isRequired: true,
      isLinked: true,
    })),
  )

export const maskField: Field = {
  name: 'masks',
  label: t.fields.masks,
  hint: t.masksHint,
  kind: several,
  options: () => maskGroups.map((value) => ({ value, label: t.masks[value] })),
  isWide: true,
  isLinked: true,
}

export const roleFields = (): ModuleField[] => [...headFields, ...moduleFields(), ...rangeFields(), maskField]

export const roleKind: RecordKind = {
  table: 'roles',
  get fields() {
    return roleFields()
  },
  nameOf: (row) => String(row.name),
}
