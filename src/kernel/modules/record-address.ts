import type { Row } from '../web/list.ts'
import type { Module } from './module.ts'

/** The address of a record, below which its pages are. */
const addressOf = ({ path, sections, section }: Module, record: Row) =>
  sections && section === undefined ? `${path}/${record[sections.column]}/${record.id}` : `${path}/${record.id}`
/** Where a record is looked at. */
export const placeOf = (module: Module, record: Row) => module.standsAt?.(record) ?? addressOf(module, record)
/** Where it is changed. */
export const editPathOf = (module: Module, record: Row) =>
  `${module.isCardless ? addressOf(module, record) : placeOf(module, record)}/edit`
