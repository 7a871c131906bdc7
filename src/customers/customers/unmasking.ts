/** A customer that somebody may ask to read whole (kernel/web/unmasking.ts). */
export const wholeCustomer = (id: number) => ({ table: 'customers', id, permission: 'customers.unmask' as const })
