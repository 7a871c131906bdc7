import { text } from '../../texts/index.ts'

const megabyte = 1024 * 1024

/** What may come in; a `mark` becomes a PNG that fits into so many pixels. */
export type Limits = { mostBytes: number; isPicture: boolean; mark?: { width: number; height: number } }

type Kind = Limits & {
  /** What its addresses end with, below those of the record. */
  noun: string
  module: 'files' | 'identity_pictures' | 'business_cards'
  /** Only of people, where records can be others too. */
  isPersonal?: boolean
  /** Each look at it is noted, and the history does not say its name. */
  isPrivate?: boolean
}

const picture = { mostBytes: 8 * megabyte, isPicture: true }

/** What can hang on a record: any file, the picture of a person, and pictures of cards and papers that few may see [S13]. */
const declared = {
  file: { noun: 'files', module: 'files', mostBytes: 50 * megabyte, isPicture: false },
  picture: { ...picture, noun: 'pictures', module: 'files', isPersonal: true },
  card: { ...picture, noun: 'business-cards', module: 'business_cards', isPrivate: true },
  identity: { ...picture, noun: 'identity-pictures', module: 'identity_pictures', isPersonal: true, isPrivate: true },
} satisfies Record<string, Kind>

export type FileKind = keyof typeof declared

export const kinds: Record<FileKind, Kind> = declared

export const kindNames = Object.keys(kinds) as FileKind[]

export const tooLarge = (mostBytes: number) => text.files.tooLarge(mostBytes / megabyte)
