import type { Knex } from 'knex'
import type { Module } from '../../kernel/modules/module.ts'
import { findRecord, visibleRows } from '../../kernel/modules/records.ts'
import { check, choice, line } from '../../kernel/web/fields.ts'
import { peopleOptions } from '../../kernel/web/options.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { text } from '../../texts/index.ts'
import { contentFields } from '../mailings/merge.ts'

const { label, words, fields: labels, sharedHint, deletionShared } = text.mail.templates

/** Texts to write mail from 「邮件模板」: one's own and those for everybody, for all who may write. */
export const mailTemplates: Module = {
  name: 'mail_templates',
  rights: {
    view: 'mail.create',
    create: 'mail.create',
    update: 'mail.create',
    delete: 'mail.create',
    share: 'mail.share',
  },
  path: '/mail/templates',
  label,
  words,
  fields: [
    { name: 'name', label: labels.name, kind: line, max: 50, isRequired: true },
    { name: 'is_shared', label: labels.is_shared, kind: check, hint: sharedHint },
    ...contentFields.map((field) => (field.name === 'body' ? { ...field, column: { isHidden: true } } : field)),
    { name: 'user_id', label: labels.user_id, kind: choice, options: peopleOptions, isFilter: true },
  ],
  title: 'name',
  owner: 'nobody',
  personal: 'user_id',
  shared: 'is_shared',
  acts: ['view', 'create', 'update', 'delete', 'share'],
  search: ['name', 'subject'],
  hooks: { removal: async (_db, { is_shared }) => (is_shared ? [deletionShared] : []) },
}

export type Template = { id: number; name: string; subject: string; body: string }

/** A template that may be used. Throws notFound where there is none. */
export const findTemplate = async (db: Knex, viewer: Viewer, id: number): Promise<Template> =>
  (await findRecord(db, mailTemplates, viewer, id)) as Template & { version: number }

/** Templates to choose from, by their name. */
export const templateChoices = (db: Knex, viewer: Viewer): Promise<Pick<Template, 'id' | 'name'>[]> =>
  visibleRows(db, mailTemplates, viewer).orderBy(['name_pinyin', 'name', 'id']).limit(200).select('id', 'name')
