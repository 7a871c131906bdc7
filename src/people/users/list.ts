import { contains } from '../../kernel/db/dialect.ts'
import { choiceFilter, fieldColumn } from '../../kernel/web/field-column.ts'
import type { Filter, List } from '../../kernel/web/list.ts'
import { departmentOptions } from '../../kernel/web/options.ts'
import { text } from '../../texts/index.ts'
import { fields } from './fields.ts'
import { roleOptions, withRoles } from './roles.ts'
import { shownUsers } from './user.ts'

const t = text.users

const noRole = 'none'

const byRole: Filter = {
  name: 'role_id',
  label: fields.role.label,
  kind: 'choice',
  options: (reference) => [...roleOptions(reference), { value: noRole, label: text.roles.assign.none }],
  apply: (query, value) =>
    value === noRole
      ? query.whereNotIn('users.id', (held) => held.from('user_roles').select('user_id'))
      : query.whereIn('users.id', (held) => held.from('user_roles').where('role_id', Number(value)).select('user_id')),
}

const byDepartment: Filter = {
  name: 'department_id',
  label: fields.department.label,
  kind: 'choice',
  options: departmentOptions,
  apply: (query, value) =>
    query.whereIn('users.department_id', (below) =>
      below.from('department_paths').where('ancestor_id', Number(value)).select('descendant_id'),
    ),
}

/** Everyone below, however many steps away; only those who have anyone below can be chosen. */
const bySuperior: Filter = {
  name: 'superior_id',
  label: t.superiorAndBelow,
  kind: 'choice',
  options: (reference) => {
    const superiors = new Set(reference.people.map(({ superior_id }) => superior_id))
    return reference.people
      .filter(({ id }) => superiors.has(id))
      .map(({ id, name }) => ({ value: String(id), label: name }))
  },
  apply: (query, value) =>
    query.whereIn('users.id', (below) =>
      below.from('superior_paths').where('superior_id', Number(value)).where('depth', '>', 0).select('user_id'),
    ),
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
    fieldColumn(fields.number, { sort: 'number' }),
    fieldColumn(fields.role),
    fieldColumn(fields.department),
    fieldColumn(fields.superior),
    fieldColumn(fields.position),
    fieldColumn(fields.mobile),
    fieldColumn(fields.status),
  ],
  filters: [choiceFilter(fields.status), byRole, byDepartment, bySuperior],
  order: { column: 'name_pinyin', order: 'asc' },
  rows: shownUsers,
  complete: withRoles,
  search: {
    placeholder: text.users.searchHint,
    apply: (_db, query, q) =>
      contains(query, ['users.name', 'users.username', 'users.number', 'users.mobile', 'users.name_pinyin'], q),
  },
  rowHref: (row) => `/users/${row.id}`,
  actions: (request) =>
    request.can('users.create') ? [{ label: text.users.new, href: '/users/new', kind: 'primary' }] : [],
}
