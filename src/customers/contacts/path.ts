/** Where contacts stand: with their customer. */
export const contactsPath = '/customers/:customerId/contacts'

/** The address of a contact. */
export const contactPath = ({ customer_id, id }: Record<string, unknown>) => `/customers/${customer_id}/contacts/${id}`
