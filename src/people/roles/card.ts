import type { FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import type { Card, OnCard } from '../../kernel/modules/page-views.ts'
import type { Field } from '../../kernel/web/fields.ts'
import { text } from '../../texts/index.ts'
import { headFields, maskField, moduleFields, rangeFields } from './fields.ts'
import { isBuiltIn, type Role } from './role.ts'

const t = text.roles

/** The card of a role: who holds it, and what it may do, module by module. */
export async function roleCard(card: Card, { request, record, reference }: OnCard): Promise<Card> {
  const item = (field: Field) => ({ label: field.label, text: field.kind.show(record[field.name], field, reference) })
  const filled = (fields: Field[]) => fields.map(item).filter(({ text }) => text !== '')
  const members = memberItem(request, record.id, await membersOf(request.server.db, record.id))
  return {
    ...card,
    tags: [{ text: isBuiltIn(record as unknown as Role) ? t.builtIn : t.own, tone: 'gray' }],
    actions: [
      ...card.actions.filter(({ kind }) => kind === 'primary'),
      ...(request.can('roles.create')
        ? [{ label: t.createFrom, href: `/roles/new?from=${record.id}`, kind: 'plain' as const }]
        : []),
      ...card.actions.filter(({ kind }) => kind !== 'primary'),
    ],
    groups: [
      { title: t.fields.note, items: [...filled(headFields.slice(1)), members] },
      { title: t.range, items: rangeFields().map(item) },
      { title: t.permissions, items: filled(moduleFields()) },
      { title: maskField.label, items: [{ label: maskField.label, text: item(maskField).text || t.everything }] },
    ],
  }
}

const memberItem = (request: FastifyRequest, id: number, members: string[]) => ({
  label: t.members,
  text: members.length > 0 ? text.common.listed(members) : t.noMembers,
  isWide: true,
  href: members.length > 0 && request.can('users.view') ? `/users?role_id=${id}` : undefined,
})

const mostNamed = 50

const membersOf = (db: Knex, role_id: number): Promise<string[]> =>
  db('users')
    .join('user_roles', 'user_roles.user_id', 'users.id')
    .where({ role_id })
    .whereNot('users.status', 'left')
    .orderBy('users.name_pinyin')
    .limit(mostNamed)
    .pluck('users.name')
