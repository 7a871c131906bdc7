import { companyKind } from '../company/fields.ts'
import { competitorKind } from '../competitors/fields.ts'
import { contactKind } from '../contacts/kind.ts'
import { customerKind } from '../customers/customer.ts'
import { departmentKind } from '../departments/fields.ts'
import { accessKind } from '../devices/restrictions.ts'
import { entryKind } from '../dictionaries/fields.ts'
import { accountKind } from '../mail/account-fields.ts'
import { templateKind } from '../mail/templates/template.ts'
import { roleKind } from '../roles/fields.ts'
import { savedReportKind } from '../saved-reports/report.ts'
import { settingsKind } from '../settings/fields.ts'
import { tagKind } from '../tags/fields.ts'
import { text } from '../texts/index.ts'
import { userKind } from '../users/fields.ts'
import { optionKind } from '../users/options.ts'
import { labelsOf } from '../web/changes.ts'
import type { RecordKind } from '../web/record.ts'

export type Kind = keyof typeof text.auditLog.kinds

const { auditLog, files, imports, listViews, dictionaries } = text
const parts = (labels: Record<string, string>) => labelsOf({ fields: [], parts: labels })

/** Every kind of record with declared fields; a new feature adds its own. */
export const recordKinds: RecordKind[] = [
  customerKind,
  contactKind,
  userKind,
  roleKind,
  departmentKind,
  accessKind,
  optionKind([]),
  entryKind,
  tagKind,
  companyKind,
  competitorKind,
  savedReportKind,
  settingsKind,
  accountKind,
  templateKind,
]

/** What the fields of each kind of record are called, and what is said of others, which have their names in the texts. */
const labels: Partial<Record<Kind, Map<string, string>>> = {
  ...Object.fromEntries(recordKinds.map((kind) => [kind.table, labelsOf(kind)])),
  administrative_divisions: parts({ is_active: dictionaries.fields.is_active }),
  list_views: parts({ ...listViews.fields, query: text.common.filters }),
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
