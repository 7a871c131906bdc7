import type { Body } from '../../kernel/web/form.ts'
import { idParams } from '../../kernel/web/params.ts'
import { dictionaries } from './dictionaries.ts'

const section = { type: 'string', enum: dictionaries.map((dictionary) => dictionary.name) } as const

/** The name of a dictionary in an address; any other name answers 404. */
export const dictionaryParams = { type: 'object', required: ['section'], properties: { section } } as const
export type DictionaryParams = { Params: { section: string } }

/** An entry of a dictionary in an address. */
export const entryParams = {
  type: 'object',
  required: ['section', 'id'],
  properties: { section, ...idParams.properties },
} as const
export type EntryParams = { Params: { section: string; id: number } }

export type Post = { Body: Body }
