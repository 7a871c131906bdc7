import { companyKind } from '../company/fields.ts'
import { competitorKind } from '../competitors/fields.ts'
import { contactKind } from '../contacts/kind.ts'
import { customerKind } from '../customers/customer.ts'
import { departmentKind } from '../departments/fields.ts'
import { accessKind } from '../devices/restrictions.ts'
import { entryKind } from '../dictionaries/fields.ts'
import { accountKind } from '../mail/account-fields.ts'
import { templateKind } from '../mail/templates/template.ts'
import { savedReportKind } from '../saved-reports/report.ts'
import { settingsKind } from '../settings/fields.ts'
import { tagKind } from '../tags/fields.ts'
import { text } from '../texts/index.ts'
import { userKind } from '../users/fields.ts'
import { optionKind } from '../users/options.ts'
import { labelsOf } from '../web/changes.ts'

export type Kind = keyof typeof text.auditLog.kinds

const { auditLog, files, imports, listViews, dictionaries } = text
const parts = (labels: Record<string, string>) => labelsOf({ fields: [], parts: labels })

/** What the fields of each kind of record are called; a new feature adds its own, and its name in the texts. */
const labels: Partial<Record<Kind, Map<string, string>>> = {
  customers: labelsOf(customerKind),
  contacts: labelsOf(contactKind),
  users: labelsOf(userKind),
  departments: labelsOf(departmentKind),
  user_access: labelsOf(accessKind),
  user_options: labelsOf(optionKind([])),
  dictionary_entries: labelsOf(entryKind),
  administrative_divisions: parts({ is_active: dictionaries.fields.is_active }),
  tags: labelsOf(tagKind),
  company: labelsOf(companyKind),
  competitors: labelsOf(competitorKind),
  saved_reports: labelsOf(savedReportKind),
  list_views: parts({ ...listViews.fields, query: text.common.filters }),
  settings: labelsOf(settingsKind),
  mail_accounts: labelsOf(accountKind),
  mail_templates: labelsOf(templateKind),
  mailings: parts(files.kinds),
  imports: parts({ file: imports.file }),
  backups: parts(text.backups.facts),
  updates: parts(text.system.update.facts),
  cleanup: parts({ ...text.cleanup.facts, ...text.cleanup.kinds }),
  archive: parts({ ...text.backups.facts, row_count: text.archive.rowCount }),
  events: parts({ ...auditLog.verification.facts, ...auditLog.cleanup.facts }),
}

const none = new Map<string, string>()

export const fieldLabels = (kind: string | null) => labels[kind as Kind] ?? none
export const kindLabel = (kind: string | null) => auditLog.kinds[kind as Kind] ?? kind ?? ''

/** Every kind of record that has entries, in the order of the texts. */
export const kinds = Object.entries(auditLog.kinds).map(([value, label]) => ({ value, label }))
