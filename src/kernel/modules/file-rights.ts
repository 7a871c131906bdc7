import type { Knex } from 'knex'
import { fileMarks, type StoredFile } from '../files/file.ts'
import type { FileKind } from '../files/kinds.ts'
import { seenKinds } from '../files/tab.ts'
import type { Permission } from '../permissions.ts'
import { eventOf } from '../web/record.ts'
import type { Viewer } from '../web/viewer.ts'
import type { Module, Stored } from './module.ts'
import { askingOver, reachOn } from './reach.ts'
import { kindOf } from './records.ts'

/** The kinds of files that the records of a module have; none where it declares none. */
export const fileKindsOf = ({ files }: Module): readonly FileKind[] => (files === true ? ['file'] : (files ?? []))

/** What a person may do with what hangs on a record that may be seen, like files: as far as the role reaches over its module. */
export async function fileRightsOn(db: Knex, module: Module, viewer: Viewer, record: Stored) {
  const reaches = await reachOn(db, module, record)
  return (permission: Permission) => reaches(askingOver(module, viewer, permission))
}

type Marks = Pick<StoredFile, 'id' | 'kind'>[]

/** The files of a record that this person may see, the newest first; undefined where there is no tab of files. */
export async function seenFiles(db: Knex, module: Module, viewer: Viewer, record: Stored): Promise<Marks | undefined> {
  const may = await fileRightsOn(db, module, viewer, record)
  if (fileKindsOf(module).length === 0 || !may('files.view')) return undefined
  const seen = seenKinds(fileKindsOf(module), may)
  return (await fileMarks(db, eventOf(kindOf(module), record))).filter(({ kind }) => seen.includes(kind))
}
