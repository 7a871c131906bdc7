import { codelessText, searchTokens } from '../../kernel/search/tokens.ts'
import type { Values } from '../../kernel/web/form.ts'
import { pinyinKeys as contactPinyin } from '../contacts/row-values.ts'
import { customerKeys, type Key } from '../duplicates/customer-keys.ts'
import { pinyinKeys } from './row-values.ts'
import { searchRecord } from './search-record.ts'

/**
 * What follows from the values of a new customer and its main contact, without the database: an import computes it in
 * another thread than the one that writes.
 */
export type Computed = {
  spelled: ReturnType<typeof pinyinKeys>
  contactSpelled?: ReturnType<typeof contactPinyin>
  keys: Key[]
  /** What is found of it, without its code, which may be given at the last moment. */
  text: string
  tokens: string
}

/** Computes it; `areaCode` is the company's own. */
export function computedOf(values: Values, contact: Values | null | undefined, areaCode: string): Computed {
  const spelled = pinyinKeys(values)
  const contactSpelled = contact ? contactPinyin(contact) : undefined
  const keys = customerKeys({ ...values, contacts: contact ? [contact] : [] }, areaCode)
  const record = searchRecord({ ...values, ...spelled }, contact ? [{ ...contact, ...contactSpelled } as never] : [])
  const text = codelessText(record)
  const found = { text, tokens: searchTokens(text, record.facets) }
  return { spelled, ...(contactSpelled ? { contactSpelled } : {}), keys, ...found }
}
