import { declaredModules, moduleNamed } from '../../kernel/modules/catalogue.ts'
import { kindOf } from '../../kernel/modules/records.ts'
import { labelsOf } from '../../kernel/web/changes.ts'
import type { RecordKind } from '../../kernel/web/record.ts'
import { accountKind } from '../../mail/accounts/account-fields.ts'
import { companyKind } from '../../office/company/fields.ts'
import { accessKind } from '../../people/devices/restrictions.ts'
import { optionKind } from '../../people/users/options.ts'
import { text } from '../../texts/index.ts'
import { settingsKind } from '../settings-page/fields.ts'

export type Kind = keyof typeof text.auditLog.kinds

const { auditLog, files, imports, listViews, dictionaries } = text
const parts = (labels: Record<string, string>) => labelsOf({ fields: [], parts: labels })

/** What has declared fields and is no declared module. */
const handwritten: RecordKind[] = [accessKind, optionKind([]), companyKind, settingsKind, accountKind]

/** Every kind of record with declared fields. */
export const recordKinds = (): RecordKind[] => [...handwritten, ...declaredModules().map(kindOf)]

/** What is said of others, which have their names in the texts. */
const otherLabels: Partial<Record<Kind, Map<string, string>>> = {
  administrative_divisions: parts({ is_active: dictionaries.fields.is_active }),
  list_views: parts({ ...listViews.fields, query: text.common.filters }),
  mailings: parts(files.kinds),
  imports: parts({ file: imports.file }),
  backups: parts(text.backups.facts),
  updates: parts(text.system.update.facts),
  archive: parts({ ...text.backups.facts, row_count: text.archive.rowCount }),
  events: parts({ ...auditLog.verification.facts, ...auditLog.cleanup.facts }),
}

/** What was cleaned up, the bins of declared modules among it. */
const cleanupLabels = () =>
  parts({
    ...Object.fromEntries(declaredModules().map(({ name, label }) => [name, text.cleanup.binOf(label)])),
    ...text.cleanup.facts,
    ...text.cleanup.kinds,
  })

const none = new Map<string, string>()

/** What the fields of a kind of record are called. */
export function fieldLabels(kind: string | null) {
  const module = moduleNamed(kind ?? '')
  const declared = module ? kindOf(module) : handwritten.find(({ table }) => table === kind)
  if (kind === 'cleanup') return cleanupLabels()
  return declared ? labelsOf(declared) : (otherLabels[kind as Kind] ?? none)
}

export const kindLabel = (kind: string | null) =>
  moduleNamed(kind ?? '')?.label ?? auditLog.kinds[kind as Kind] ?? kind ?? ''

/** Every kind of record that has entries, in the order of the texts. */
export const kinds = () => [
  ...Object.entries(auditLog.kinds).map(([value, label]) => ({ value, label })),
  ...declaredModules().map(({ name, label }) => ({ value: name, label })),
]
