import { idParams } from '../web/params.ts'
import type { StoredFile } from './file.ts'
import { type FileKind, kinds } from './kinds.ts'

const id = idParams.properties.id

export const recordParams = { type: 'object', required: ['recordId'], properties: { recordId: id } } as const
export const fileParams = {
  type: 'object',
  required: ['recordId', 'id'],
  properties: { recordId: id, id },
} as const

export type RecordParams = { Params: { recordId: number } }
export type FileParams = { Params: { recordId: number; id: number } }

/** Where the files of a record are seen; `record` is the address of its card. */
export const filesTab = (record: string) => `${record}/files`

/** The address of the files of one kind. */
export const filesPath = (record: string, kind: FileKind) => `${record}/${kinds[kind].noun}`

/** The address of a file. */
export const filePath = (record: string, { kind, id }: Pick<StoredFile, 'kind' | 'id'>) =>
  `${filesPath(record, kind)}/${id}`
