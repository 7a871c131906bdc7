import { contactFields } from './customers/contacts/fields.ts'
import { customerFields } from './customers/customers/fields.ts'
import { declareModules } from './kernel/modules/catalogue.ts'
import type { Module } from './kernel/modules/module.ts'
import { declareFields } from './kernel/web/change-mask.ts'
import { competitors } from './office/competitors.ts'

/** Every declared module once, in the order of the menu. */
export const modules: Module[] = [competitors]

declareModules(modules)
declareFields({ customers: customerFields, contacts: contactFields })
