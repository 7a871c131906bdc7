import type { RecordsWithFiles } from '../files/holder.ts'
import { eventOf } from '../web/record.ts'
import { forbidden } from '../web/refusal.ts'
import { seeing } from '../web/unmasking.ts'
import { cardHead } from './card.ts'
import { fileKindsOf, fileRightsOn } from './file-rights.ts'
import { type Module, rightOf, type Stored } from './module.ts'
import { findRecord, kindOf } from './records.ts'

/** The records of a declared module as what files hang on. */
export const recordsWithFiles = (module: Module): RecordsWithFiles => ({
  path: module.path,
  kinds: fileKindsOf(module),
  async find(db, viewer, id, permission) {
    // The route asks for the right on files; whoever may not look at the records finds none of theirs either.
    if (!viewer.can(rightOf(module, 'view'))) throw forbidden()
    const record = await findRecord(db, module, viewer, id)
    const may = await fileRightsOn(db, module, viewer, record)
    if (!may(permission)) throw forbidden()
    return record
  },
  rightsOn: (db, viewer, record) => fileRightsOn(db, module, viewer, record as Stored),
  eventOf: (record) => eventOf(kindOf(module), record),
  async page({ db }, request, record) {
    const seen = { table: module.name, id: record.id, permission: rightOf(module, 'unmask') }
    const viewer = await seeing(db, request, seen)
    return cardHead(db, request, module, { stored: record as Stored, viewer, tab: 'files' })
  },
})
