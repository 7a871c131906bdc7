import { declareCounted } from './analysis/analyses/sources.ts'
import { contactFields } from './customers/contacts/fields.ts'
import { contactSource } from './customers/contacts/search-source.ts'
import { customersCounted } from './customers/customers/counted.ts'
import { customerFields } from './customers/customers/fields.ts'
import { customerTarget } from './customers/customers/link-target.ts'
import { customerSource } from './customers/customers/search-source.ts'
import { selectionKinds } from './customers/selections.ts'
import { tags } from './customers/tags/tags.ts'
import { declareModules } from './kernel/modules/catalogue.ts'
import { declareLinkTargets } from './kernel/modules/link-targets.ts'
import type { Module } from './kernel/modules/module.ts'
import { declareSources } from './kernel/search/sources.ts'
import { registerKinds } from './kernel/selections/kinds.ts'
import { declareFields } from './kernel/web/change-mask.ts'
import { competitors } from './office/competitors.ts'
import { departments } from './people/departments/departments.ts'

/** Every declared module once, in the order of the menu. */
export const modules: Module[] = [competitors, departments, tags]

declareLinkTargets([customerTarget])
declareModules(modules)
declareCounted([customersCounted])
declareFields({ customers: customerFields, contacts: contactFields })
declareSources([customerSource, contactSource])
registerKinds(selectionKinds)
