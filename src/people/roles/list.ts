import type { Knex } from 'knex'
import { showCount } from '../../kernel/web/formatting.ts'
import { fieldColumn, type List } from '../../kernel/web/list.ts'
import { text } from '../../texts/index.ts'
import { explanationPath } from '../access-explanation/path.ts'
import { headFields, nameField } from './fields.ts'
import { isBuiltIn } from './role.ts'

const t = text.roles

/** The roles, with how many people hold each. */
export const roleList: List = {
  path: '/roles',
  title: t.title,
  permissions: { view: 'roles.view' },
  table: 'roles',
  columns: [
    fieldColumn(nameField, { cell: (row) => ({ text: String(row.name), href: `/roles/${row.id}` }) }),
    ...headFields.slice(1, 2).map((field) => fieldColumn(field)),
    {
      name: 'kind',
      label: t.fields.kind,
      kind: 'text',
      cell: (row) => ({ text: isBuiltIn(row as never) ? t.builtIn : t.own }),
    },
    {
      name: 'members',
      label: t.fields.members,
      kind: 'number',
      align: 'end',
      cell: ({ id, member_count }) => ({ text: showCount(member_count as number), href: `/users?role_id=${id}` }),
    },
  ],
  filters: [],
  order: { column: 'roles.id', order: 'asc' },
  rows: (db: Knex) => db('roles').select('roles.id', 'roles.code', 'roles.name', 'roles.note', memberCount(db)),
  actions: (request) => [
    ...(request.can('roles.create') ? [{ label: t.create, href: '/roles/new', kind: 'primary' as const }] : []),
    ...(request.can('roles.assign') && request.can('users.view')
      ? [{ label: t.assign.withoutRole, href: '/users?role_id=none', kind: 'plain' as const }]
      : []),
    { label: text.accessExplanation.title, href: explanationPath(), kind: 'plain' as const },
    { label: t.helpTitle, href: '/help/roles', kind: 'plain' as const },
  ],
}

const memberCount = (db: Knex) =>
  db('user_roles').count('*').where('user_roles.role_id', db.ref('roles.id')).as('member_count')
