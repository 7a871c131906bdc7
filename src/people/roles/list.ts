import type { Knex } from 'knex'
import { showCount } from '../../kernel/web/formatting.ts'
import type { Column, List } from '../../kernel/web/list.ts'
import { text } from '../../texts/index.ts'
import { explanationPath } from '../access-explanation/path.ts'
import { isBuiltIn } from './role.ts'

const t = text.roles

const further: Column[] = [
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
]

/** The roles in the order they were made in, with how many people hold each. */
export const roleList = (list: List): List => ({
  ...list,
  columns: [
    ...list.columns
      .filter(({ name }) => ['name', 'note'].includes(name))
      .map(({ sort, isFilled, ...column }) => column),
    ...further,
  ],
  order: { column: 'roles.id', order: 'asc' },
  conditions: undefined,
  isAdjustable: false,
  selection: undefined,
  rows: (db) => db('roles').select('roles.id', 'roles.code', 'roles.name', 'roles.note', memberCount(db)),
  actions: (request) => [
    ...(list.actions?.(request) ?? []),
    ...(request.can('roles.assign') && request.can('users.view')
      ? [{ label: t.assign.withoutRole, href: '/users?role_id=none', kind: 'plain' as const }]
      : []),
    { label: text.accessExplanation.title, href: explanationPath(), kind: 'plain' as const },
    { label: t.helpTitle, href: '/help/roles', kind: 'plain' as const },
  ],
})

const memberCount = (db: Knex) =>
  db('user_roles').count('*').where('user_roles.role_id', db.ref('roles.id')).as('member_count')
