import { aboveOf, declaredModules } from '../../kernel/modules/catalogue.ts'
import type { Module, ModuleField } from '../../kernel/modules/module.ts'

/** The field with the mail address of the records of a module; undefined where they have none. */
export const addressField = ({ fields }: Module): ModuleField | undefined =>
  fields.find(({ kind }) => kind.control === 'email')

/** What the records of a module hang on at last; the module itself where they stand by themselves. */
export function rootOf(module: Module): Module {
  const above = aboveOf(module)
  return above ? rootOf(above) : module
}

/** The modules with mail addresses whose records hang on those of another, near or far. */
export const addressedBelow = (root: Module): Module[] =>
  declaredModules().filter((module) => module !== root && addressField(module) && rootOf(module) === root)

/** Whether one writes at records of a module that stands by itself: to them, or to what hangs on them. */
export const isWrittenTo = (module: Module): boolean =>
  addressField(module) !== undefined || addressedBelow(module).length > 0

/** How addresses and forms call one record of a module: by its name in the singular. */
export const oneOf = (name: string) => name.replace(/s$/, '')
