import { text } from '../texts/index.ts'

const megabyte = 1024 * 1024

type Kind = {
  /** What its addresses end with, below those of the record. */
  noun: string
  module: 'files' | 'identity_pictures'
  mostBytes: number
  isPicture: boolean
}

/** What can hang on a record: any file, the picture of a person, and pictures of papers that few may see [S13]. */
export const kinds = {
  file: { noun: 'files', module: 'files', mostBytes: 50 * megabyte, isPicture: false },
  picture: { noun: 'pictures', module: 'files', mostBytes: 8 * megabyte, isPicture: true },
  identity: { noun: 'identity-pictures', module: 'identity_pictures', mostBytes: 8 * megabyte, isPicture: true },
} as const satisfies Record<string, Kind>

export type FileKind = keyof typeof kinds

export const kindNames = Object.keys(kinds) as FileKind[]

export const tooLarge = (kind: FileKind) => text.files.tooLarge(kinds[kind].mostBytes / megabyte)
