import type { Knex } from 'knex'
import { contains } from '../../kernel/db/dialect.ts'
import { agentWords } from '../../kernel/web/agent.ts'
import { showInstant } from '../../kernel/web/formatting.ts'
import type { List } from '../../kernel/web/list.ts'
import { text } from '../../texts/index.ts'

const t = text.sessions

const instant = (name: 'created_at' | 'seen_at', label: string) => ({
  name,
  label,
  kind: 'instant' as const,
  sort: `sessions.${name}`,
  isFilled: true,
  cell: (row: Record<string, unknown>) => ({ text: showInstant(String(row[name])) }),
})

/** Sessions with the names of their users; never their keys. */
export const sessionsWithUsers = (db: Knex): Knex.QueryBuilder =>
  db('sessions')
    .join('users', 'users.id', 'sessions.user_id')
    .select(
      'sessions.id',
      'sessions.user_id',
      'sessions.created_at',
      'sessions.seen_at',
      'sessions.address',
      'sessions.agent',
      'users.name as user_name',
    )

/** Who is signed in just now 「在线用户」. */
export const sessionList: List = {
  path: '/sessions',
  title: t.online,
  permissions: { view: 'sessions.view' },
  table: 'sessions',
  columns: [
    { name: 'user_name', label: t.user, kind: 'text', cell: (row) => ({ text: String(row.user_name) }) },
    instant('created_at', t.since),
    instant('seen_at', t.seen),
    { name: 'address', label: t.address, kind: 'text', cell: (row) => ({ text: String(row.address ?? '') }) },
    { name: 'agent', label: t.browser, kind: 'text', cell: (row) => ({ text: agentWords(row.agent as string) }) },
    {
      name: 'end',
      label: t.acts,
      kind: 'text',
      permission: 'sessions.delete',
      cell: (row) => ({ text: t.end, href: `/sessions/${row.id}/deletion` }),
    },
    {
      name: 'end_all',
      label: t.actsForAll,
      kind: 'text',
      permission: 'sessions.delete',
      cell: (row) => ({ text: t.endAll, href: `/users/${row.user_id}/sessions/deletion` }),
    },
  ],
  filters: [],
  order: { column: 'sessions.seen_at', order: 'desc', isFilled: true },
  rows: sessionsWithUsers,
  search: {
    placeholder: t.searchHint,
    apply: (_db, query, q) => contains(query, ['users.name', 'users.name_pinyin', 'users.username'], q),
  },
  actions: () => [{ label: t.senders, href: '/sessions/senders', kind: 'plain' }],
}
