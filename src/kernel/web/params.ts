/** The id in an address; anything that is no id of a row answers 404. */
export const idParams = {
  type: 'object',
  required: ['id'],
  properties: { id: { type: 'integer', minimum: 1, maximum: 2_147_483_647 } },
} as const

export type IdParams = { Params: { id: number } }
