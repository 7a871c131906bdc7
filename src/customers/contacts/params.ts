import { idParams } from '../../kernel/web/params.ts'

const id = idParams.properties.id

export const customerParams = { type: 'object', required: ['customerId'], properties: { customerId: id } } as const
export const contactParams = {
  type: 'object',
  required: ['customerId', 'id'],
  properties: { customerId: id, id },
} as const

export type CustomerParams = { Params: { customerId: number } }
export type ContactParams = { Params: { customerId: number; id: number } }

/** Where contacts stand: with their customer. */
export const contactsPath = '/customers/:customerId/contacts'

/** The address of a contact. */
export const contactPath = ({ customer_id, id }: Record<string, unknown>) => `/customers/${customer_id}/contacts/${id}`
