import { declareCounted } from './analysis/analyses/sources.ts'
import { savedReports } from './analysis/saved-reports/saved-reports.ts'
import { contacts } from './customers/contacts/contacts.ts'
import { customersCounted } from './customers/customers/counted.ts'
import { customers } from './customers/customers/customers.ts'
import { followUps } from './customers/follow-ups/follow-ups.ts'
import { customerSettings } from './customers/settings.ts'
import { tags } from './customers/tags/tags.ts'
import { declareModules } from './kernel/modules/catalogue.ts'
import type { Module } from './kernel/modules/module.ts'
import { declareSettings } from './kernel/settings/settings.ts'
import { messages } from './mail/messages/messages.ts'
import { mailTemplates } from './mail/templates/templates.ts'
import { competitors } from './office/competitors.ts'
import { memos } from './office/memos/memos.ts'
import { todos } from './office/todos/todos.ts'
import { workdays } from './office/workdays/module.ts'
import { departments } from './people/departments/departments.ts'
import { roles } from './people/roles/roles.ts'
import { users } from './people/users/users.ts'
import { dictionaryEntries } from './platform/dictionaries/entries.ts'
import { supplierContacts, suppliers } from './sales/suppliers.ts'

/** Every declared module once, in the order of the menu. */
export const modules: Module[] = [
  customers,
  contacts,
  followUps,
  competitors,
  suppliers,
  supplierContacts,
  todos,
  memos,
  mailTemplates,
  messages,
  departments,
  users,
  tags,
  workdays,
  roles,
  dictionaryEntries,
  savedReports,
]

declareModules(modules)
declareCounted([customersCounted])
declareSettings(customerSettings)
