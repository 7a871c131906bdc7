import type { Knex } from 'knex'
import { insertAll } from '../../kernel/db/dialect.ts'
import { eventRow } from '../../kernel/history/history.ts'
import { codesFor, insertCoded } from '../../kernel/numbers.ts'
import { searchTokens, withCode } from '../../kernel/search/tokens.ts'
import type { Settings } from '../../kernel/settings/settings.ts'
import type { Values } from '../../kernel/web/form.ts'
import { eventOf } from '../../kernel/web/record.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { insertContacts, type NewContact } from '../contacts/row-values.ts'
import { addKeys, type KeyRow } from '../duplicates/keys.ts'
import { indexCustomers, type Searchable } from '../search-index.ts'
import { type Computed, computedOf } from './computed.ts'
import { customerKind } from './customer.ts'
import { keepOrders } from './kept-orders.ts'
import { newRow } from './row-values.ts'
import { addTags, withLivingTags } from './tags.ts'
import { tally } from './tallies.ts'

type Maker = { actor: Actor; settings: Settings }

/** A customer to add, with its main contact where it has one, and what follows from both where that was computed before. */
export type NewCustomer = { values: Values; contact?: Values | null; computed?: Computed | undefined }
type Ready = { values: Values; contact: Values | null; computed: Computed; code: string }
type Made = Ready & { id: number }

/**
 * Adds customers in the caller's transaction, with their codes by the pattern of the settings where none is given, main
 * contacts, search, keys of duplicates, tallies and history. Answers their ids in order.
 */
export async function addCustomers(trx: Knex, added: NewCustomer[], maker: Maker): Promise<number[]> {
  const list = await readyOf(trx, added, maker.settings)
  const ids = await insertCoded(trx, 'customers', list.map(rowOf))
  const made = list.map((one, index) => ({ ...one, id: ids[index] as number }))
  await addTags(
    trx,
    made.map(({ id, values }) => ({ id, tag_ids: values.tag_ids })),
  )
  await insertContacts(trx, made.flatMap(contactsOf), maker)
  await keepOrders(
    trx,
    made.filter(({ values }) => values.tag_ids).map(({ id }) => id),
  )
  await indexCustomers(trx, made.map(searchableOf))
  await addKeys(trx, made.flatMap(keysOf))
  await tally(trx, { added: list.map(({ values }) => values) })
  const event = ({ id, values: { name } }: Made) =>
    eventRow(maker.actor, { ...eventOf(customerKind, { id, name }), action: 'create', record_version: 1 })
  await insertAll(trx, 'events', made.map(event))
  return ids
}

const rowOf = ({ values, contact, code, computed }: Ready) => ({
  ...newRow({ ...values, ...computed.spelled, code }),
  main_name_pinyin: computed.contactSpelled?.name_pinyin ?? null,
  main_mobile: contact?.mobile ?? null,
})

const contactsOf = ({ id, contact, computed }: Made): NewContact[] =>
  contact ? [{ customer_id: id, values: { ...contact, is_main: true }, spelled: computed.contactSpelled }] : []

const searchableOf = ({ id, code, computed: { text, tokens } }: Made): Searchable => ({
  id,
  text: withCode(text, code),
  tokens: `${tokens} ${searchTokens(withCode('', code))}`,
})

const keysOf = ({ id, computed: { keys } }: Made): KeyRow[] => keys.map((key) => ({ ...key, customer_id: id }))

/** What was computed before holds unless a tag was deleted meanwhile. */
async function readyOf(trx: Knex, added: NewCustomer[], settings: Settings): Promise<Ready[]> {
  const typed = added.map(({ values }) => values)
  const living = await withLivingTags(trx, typed)
  const given = typed.map(({ code }) => code)
  const codes = await codesFor(trx, 'customers', given, settings.customerCodePattern)
  return living.map((values, index) => {
    const { contact = null, computed } = added[index] as NewCustomer
    const held = living === typed ? computed : undefined
    return {
      values,
      contact,
      code: codes[index] as string,
      computed: held ?? computedOf(values, contact, settings.areaCode),
    }
  })
}
