import type { Knex } from 'knex'
import { aboveOf } from '../../kernel/modules/catalogue.ts'
import { fileRightsOn } from '../../kernel/modules/file-rights.ts'
import type { Module } from '../../kernel/modules/module.ts'
import { findRecord } from '../../kernel/modules/records.ts'
import { choice, line } from '../../kernel/web/fields.ts'
import { instant } from '../../kernel/web/instant-kind.ts'
import { peopleOptions } from '../../kernel/web/options.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { text } from '../../texts/index.ts'
import { isWrittenTo } from '../mailings/written-to.ts'
import { eraseMail } from './erasure.ts'
import { messageList } from './list.ts'
import type { Message } from './message.ts'
import { stateOptions } from './words.ts'

const { title, one, none, fields, facts } = text.mail

/** Messages 「邮件」 hang on records of any module with mail addresses; they are written by drafts, and by nobody afterwards. */
export const messages: Module = {
  name: 'mail_messages',
  rights: { view: 'mail.view' },
  path: '/mail',
  label: one,
  words: { title, empty: none, createdAt: fields.created_at },
  fields: [
    { name: 'subject', label: fields.subject, kind: line },
    { name: 'recipient_name', label: fields.recipient, kind: line },
    { name: 'state', label: fields.state, kind: choice, options: stateOptions, isFilter: true },
    { name: 'user_id', label: fields.sender, kind: choice, options: peopleOptions, isFilter: true },
    { name: 'sent_at', label: fields.sent_at, kind: instant },
  ],
  title: 'subject',
  owner: { through: 'record_id', among: 'record_type', on: isWrittenTo },
  acts: ['view'],
  search: [],
  byHand: ['card'],
  list: messageList,
  // The log tells of them at the records they hang on.
  named: (ids) => ids.from('mail_messages').where({ id: 0 }).select('id'),
  tells: facts,
  hooks: { erased: eraseMail },
}

/** A message that this person may see. Throws notFound like the record it hangs on where that is out of reach. */
export const findMessage = (db: Knex, viewer: Viewer, id: number): Promise<Message> =>
  findRecord(db, messages, viewer, id) as Promise<unknown> as Promise<Message>

/** What this person may do at the record that a message hangs on. */
export async function rightsAt(db: Knex, viewer: Viewer, message: Message) {
  const module = aboveOf(messages, message) as Module
  return fileRightsOn(db, module, viewer, await findRecord(db, module, viewer, message.record_id))
}
