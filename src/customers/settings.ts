declare module '../kernel/settings/settings.ts' {
  interface Settings {
    customerCodePattern: string
    contactCodePattern: string
    /** Names of fields of customers/required-fields.ts. */
    requiredCustomerFields: string[]
    /** Names of the fields that the form of a customer shows at once. */
    shortCustomerFields: string[]
  }
}

/** What a company settles about its customers, as it begins. */
export const customerSettings = {
  customerCodePattern: 'KH{000000}',
  contactCodePattern: 'LX{000000}',
  requiredCustomerFields: [] as string[],
  shortCustomerFields: [
    'phone',
    'next_contact_on',
    'level_id',
    'source_id',
    'industry_id',
    'province_code',
    'city_code',
    'district_code',
    'address',
    'tag_ids',
  ],
}
