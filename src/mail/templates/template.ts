import type { Knex } from 'knex'
import { recordEvent } from '../../kernel/history/history.ts'
import { check, type Field, line } from '../../kernel/web/fields.ts'
import type { Values } from '../../kernel/web/form.ts'
import { eventOf, type RecordKind, Stale } from '../../kernel/web/record.ts'
import { forbidden, notFound } from '../../kernel/web/refusal.ts'
import type { Actor } from '../../kernel/web/session.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { text } from '../../texts/index.ts'
import { contentFields } from '../mailings/merge.ts'

const t = text.mail.templates

export type Template = { id: number; user_id: number; name: string; is_shared: boolean; version: number } & Values & {
    subject: string
    body: string
  }

const nameField: Field = { name: 'name', label: t.fields.name, kind: line, max: 50, isRequired: true }
const sharedField: Field = { name: 'is_shared', label: t.fields.is_shared, kind: check, hint: t.sharedHint }

/** The fields of a template; only those who may share see that choice. */
export const templateFields = (mayShare: boolean): Field[] => [
  nameField,
  ...(mayShare ? [sharedField] : []),
  ...contentFields,
]

export const templateKind: RecordKind = {
  table: 'mail_templates',
  fields: templateFields(true),
  nameOf: (row) => String(row.name),
}

/** One's own templates and those for everybody. */
export const usableTemplates = (db: Knex, { id }: Pick<Viewer, 'id'>): Knex.QueryBuilder =>
  db('mail_templates').where((usable) => usable.where('mail_templates.user_id', id).orWhere({ is_shared: true }))

/** Whether a person may change a template: the own ones, and shared ones with the right to share. */
export const mayChange = (viewer: Viewer, { user_id, is_shared }: Pick<Template, 'user_id' | 'is_shared'>) =>
  is_shared ? viewer.can('mail.share') : user_id === viewer.id

/** A template that may be used; with `isChanging` one that may be changed. */
export async function findTemplate(db: Knex, viewer: Viewer, id: number, isChanging = false): Promise<Template> {
  const template = await usableTemplates(db, viewer).where('mail_templates.id', id).first()
  if (!template) throw notFound()
  if (isChanging && !mayChange(viewer, template)) throw forbidden()
  return template
}

/** Templates to choose from, by their name. */
export const templateChoices = (db: Knex, viewer: Viewer): Promise<{ id: number; name: string }[]> =>
  usableTemplates(db, viewer).orderBy(['name', 'id']).limit(200).select('id', 'name')

export async function addTemplate(trx: Knex, values: Values, actor: Actor): Promise<number> {
  const now = new Date().toISOString()
  const row = { is_shared: false, ...values, user_id: actor.id, created_at: now, updated_at: now, version: 1 }
  const [{ id }] = await trx('mail_templates').insert(row).returning('id')
  await recordEvent(trx, actor, { ...eventOf(templateKind, { ...row, id }), action: 'create', record_version: 1 })
  return id
}

/** Removes a template that still stands as it was read. Throws Stale otherwise. */
export async function deleteTemplate(trx: Knex, template: Template, actor: Actor) {
  const { id, version } = template
  if ((await trx('mail_templates').where({ id, version }).delete()) === 0) throw new Stale()
  await recordEvent(trx, actor, { ...eventOf(templateKind, template), action: 'delete', record_version: version + 1 })
}
