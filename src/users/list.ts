import { contains } from '../db/dialect.ts'
import { text } from '../texts/index.ts'
import { choiceFilter, type Filter, fieldColumn, type List } from '../web/list.ts'
import { fields, roleOptions } from './fields.ts'
import { usersWithRole } from './user.ts'

const byRole: Filter = {
  name: 'role_id',
  label: fields.role.label,
  kind: 'choice',
  options: roleOptions,
  apply: (query, value) =>
    query.whereIn('users.id', (held) => held.from('user_roles').where('role_id', Number(value)).select('user_id')),
}

export const userList: List = {
  path: '/users',
  title: text.users.title,
  permissions: { view: 'users.view', print: 'users.print', export: 'users.export' },
  table: 'users',
  columns: [
    fieldColumn(fields.name, {
      sort: 'name_pinyin',
      cell: (row) => ({ text: String(row.name), href: `/users/${row.id}` }),
    }),
    fieldColumn(fields.username, { sort: 'username_key' }),
    fieldColumn(fields.number),
    fieldColumn(fields.role),
    fieldColumn(fields.department),
    fieldColumn(fields.position),
    fieldColumn(fields.mobile),
    fieldColumn(fields.status),
  ],
  filters: [choiceFilter(fields.status), byRole, choiceFilter(fields.department)],
  order: { column: 'name_pinyin', order: 'asc' },
  rows: usersWithRole,
  search: {
    placeholder: text.users.searchHint,
    apply: (_db, query, q) =>
      contains(query, ['users.name', 'users.username', 'users.number', 'users.mobile', 'users.name_pinyin'], q),
  },
  rowHref: (row) => `/users/${row.id}`,
  actions: (request) =>
    request.can('users.create') ? [{ label: text.users.new, href: '/users/new', kind: 'primary' }] : [],
}
