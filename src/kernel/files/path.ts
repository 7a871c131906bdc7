import { idParams } from '../web/params.ts'
import type { StoredFile } from './file.ts'
import { type FileKind, kinds } from './kinds.ts'

const id = idParams.properties.id

export const customerParams = { type: 'object', required: ['customerId'], properties: { customerId: id } } as const
export const fileParams = {
  type: 'object',
  required: ['customerId', 'id'],
  properties: { customerId: id, id },
} as const

export type CustomerParams = { Params: { customerId: number } }
export type FileParams = { Params: { customerId: number; id: number } }

/** The address of the files of one kind. */
export const filesPath = (customerId: number | string, kind: FileKind) => `/customers/${customerId}/${kinds[kind].noun}`

/** The address of a file. */
export const filePath = (customerId: number, { kind, id }: Pick<StoredFile, 'kind' | 'id'>) =>
  `${filesPath(customerId, kind)}/${id}`
