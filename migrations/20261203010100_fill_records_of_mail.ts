import type { Knex } from 'knex'

const tables = ['mailings', 'mail_messages']

/** What there was hangs on customers. */
export async function up(knex: Knex) {
  for (const table of tables) {
    const ofCustomers = () => knex(table).whereNotNull('customer_id')
    const record = { record_type: 'customers', record_id: knex.ref('customer_id') }
    await ofCustomers()
      .whereNull('contact_id')
      .update({ ...record, recipient_type: 'customers', recipient_id: knex.ref('customer_id') })
    await ofCustomers()
      .whereNotNull('contact_id')
      .update({ ...record, recipient_type: 'contacts', recipient_id: knex.ref('contact_id') })
  }
}

/** What hangs on anything else has no place there: messages go, mailings keep what was written. */
export async function down(knex: Knex) {
  await knex('mail_messages').whereNot({ record_type: 'customers' }).delete()
  for (const table of tables) {
    const ofCustomers = () => knex(table).where({ record_type: 'customers' })
    await ofCustomers().update({ customer_id: knex.ref('record_id') })
    await ofCustomers()
      .where({ recipient_type: 'contacts' })
      .update({ contact_id: knex.ref('recipient_id') })
  }
}
