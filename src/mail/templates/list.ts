import { showInstant } from '../../kernel/web/formatting.ts'
import { fieldColumn, type List } from '../../kernel/web/list.ts'
import { text } from '../../texts/index.ts'
import { templateKind, usableTemplates } from './template.ts'

const t = text.mail.templates
const field = (name: string) => templateKind.fields.find((one) => one.name === name) as (typeof templateKind.fields)[0]

/** The templates one may write with. */
export const templateList: List = {
  path: '/mail/templates',
  title: t.title,
  permissions: { view: 'mail.create' },
  table: 'mail_templates',
  columns: [
    fieldColumn(field('name'), { cell: (row) => ({ text: String(row.name), href: `/mail/templates/${row.id}` }) }),
    fieldColumn(field('subject')),
    fieldColumn(field('is_shared')),
    {
      name: 'user_id',
      label: t.fields.user_id,
      kind: 'text',
      cell: (row, reference) => ({ text: reference.person(row.user_id as number)?.name ?? '' }),
    },
    {
      name: 'updated_at',
      label: text.customers.updatedAt,
      kind: 'instant',
      cell: (row) => ({ text: showInstant(row.updated_at as string) }),
    },
  ],
  filters: [],
  order: { column: 'mail_templates.id', order: 'desc' },
  rows: (db, viewer) =>
    usableTemplates(db, viewer).select(
      ...['id', 'name', 'subject', 'is_shared', 'user_id', 'updated_at'].map((name) => `mail_templates.${name}`),
    ),
  actions: () => [{ label: t.create, href: '/mail/templates/new', kind: 'primary' }],
  empty: () => ({ text: t.empty, href: '/mail/templates/new', label: t.create }),
}
