declare module '../kernel/settings/settings.ts' {
  interface Settings {
    customerCodePattern: string
    contactCodePattern: string
    /** Names of fields of customers/required-fields.ts. */
    requiredCustomerFields: string[]
  }
}

/** What a company settles about its customers, as it begins. */
export const customerSettings = {
  customerCodePattern: 'KH{000000}',
  contactCodePattern: 'LX{000000}',
  requiredCustomerFields: [] as string[],
}
