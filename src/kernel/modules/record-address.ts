import type { Row } from '../web/list.ts'
import { type Module, type Owner, ownerColumn } from './module.ts'

/** The address below which records stand, with those that hang on the same. */
export function collectionOf(
  { path, under, owner, sections, section }: Module,
  record: Record<string, unknown>,
): string {
  if (under) return under.replace(/:\w+/, String(record[ownerColumn(owner as Owner)]))
  return sections && section === undefined ? `${path}/${record[sections.column]}` : path
}

/** The address of a record, below which its pages are. */
export const addressOf = (module: Module, record: Row) => `${collectionOf(module, record)}/${record.id}`
/** Where a record is looked at. */
export const placeOf = (module: Module, record: Row) => module.standsAt?.(record) ?? addressOf(module, record)
/** Where it is changed. */
export const editPathOf = (module: Module, record: Row) =>
  `${module.isCardless ? addressOf(module, record) : placeOf(module, record)}/edit`
