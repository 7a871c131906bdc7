import type { Knex } from 'knex'
import { customers as customersModule } from '../../src/customers/customers/customers.ts'
import { addRecord } from '../../src/kernel/modules/records.ts'
import type { Actor } from '../../src/kernel/web/session.ts'
import { everybody } from '../../src/kernel/web/viewers.ts'
import { addMailing, type Mailing } from '../../src/mail/mailings/mailing.ts'
import { type Recipient, toOf } from '../../src/mail/mailings/merge.ts'
import { recipientsOf } from '../../src/mail/mailings/recipients.ts'
import { addMessages } from '../../src/mail/messages/message.ts'
import { mailTemplates } from '../../src/mail/templates/templates.ts'
import { type Letter, office, type Template } from './office.ts'

const dayMs = 86_400_000
const domain = 'kehu.example'

type From = { actor: Actor & { id: number }; phone: string; company: string }

/** Templates that all share, letters that went out some days ago, some that did not arrive, and drafts. */
export async function addLetters(trx: Knex, customers: number[], from: From) {
  const everyones = { is_shared: true, user_id: from.actor.id }
  for (const template of office.templates)
    await addRecord(trx, mailTemplates, { ...template, ...everyones }, from.actor)
  const found = await recipientsOf(trx, everybody, customersModule, customers)
  const written = found.flatMap(({ recipient }) => recipient ?? [])
  let next = 0
  for (const letter of office.letters)
    for (let count = 0; count < letter.count; count++) {
      const recipient = written[next++]
      if (recipient) await write(trx, recipient, letter, from)
    }
}

async function write(trx: Knex, recipient: Recipient, letter: Letter, { actor, phone, company }: From) {
  const { subject, body } = office.templates.find(({ name }) => name === letter.template) as Template
  const id = await addMailing(trx, actor.id, { to: toOf(recipient) }, { subject, body })
  if (letter.state === 'draft') return
  const at = new Date(Date.now() - letter.days_ago * dayMs - 3_600_000).toISOString()
  const mailing: Mailing = await trx('mailings').where({ id }).first()
  const writer = { name: actor.name, phone, company }
  await addMessages(trx, mailing, [recipient], { writer, domain })
  await trx('mailings').where({ id }).update({ created_at: at, started_at: at, updated_at: at, version: 2 })
  const { state, answer } = letter
  const sent_at = state === 'sent' ? at : null
  const outcome = { state, answer, attempt_count: 1, created_at: at, sending_at: at, sent_at }
  await trx('mail_messages').where({ mailing_id: id }).update(outcome)
}
