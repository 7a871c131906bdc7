import type { Body } from '../../kernel/web/form.ts'
import { idParams } from '../../kernel/web/params.ts'
import { dictionaries } from './dictionaries.ts'

const name = { type: 'string', enum: dictionaries.map((dictionary) => dictionary.name) } as const

/** The name of a dictionary in an address; any other name answers 404. */
export const dictionaryParams = { type: 'object', required: ['name'], properties: { name } } as const
export type DictionaryParams = { Params: { name: string } }

/** An entry of a dictionary in an address. */
export const entryParams = {
  type: 'object',
  required: ['name', 'id'],
  properties: { name, ...idParams.properties },
} as const
export type EntryParams = { Params: { name: string; id: number } }

export type Post = { Body: Body }
