import type { RecordKind } from '../../kernel/web/record.ts'
import { contactFields } from './fields.ts'

/** Contacts as their changes are kept. */
export const contactKind: RecordKind = { table: 'contacts', fields: contactFields, nameOf: (row) => String(row.name) }

/** Their texts, as they are indexed. */
export const contactTexts = { name: 'contacts', fields: contactFields }
