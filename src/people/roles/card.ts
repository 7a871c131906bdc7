import type { FastifyRequest } from 'fastify'
import type { Reference } from '../../kernel/reference.ts'
import type { Field } from '../../kernel/web/fields.ts'
import type { Action } from '../../kernel/web/list.ts'
import { text } from '../../texts/index.ts'
import { headFields, maskField, moduleFields, rangeFields } from './fields.ts'
import { isBuiltIn, isFixed, type Role } from './role.ts'

const t = text.roles

/** A role as views/shared/_card.eta wants it. */
export function roleCard(request: FastifyRequest, role: Role, reference: Reference, members: string[]) {
  const item = (field: Field) => ({ label: field.label, text: field.kind.show(role[field.name], field, reference) })
  const filled = (fields: Field[]) => fields.map(item).filter(({ text }) => text !== '')
  return {
    title: role.name,
    tags: [{ text: isBuiltIn(role) ? t.builtIn : t.own, tone: 'gray' }],
    actions: actionsFor(request, role),
    back: '/roles',
    groups: [
      { title: t.fields.note, items: [...filled(headFields.slice(1)), memberItem(request, role, members)] },
      { title: t.range, items: rangeFields().map(item) },
      { title: t.permissions, items: filled(moduleFields()) },
      { title: maskField.label, items: [{ label: maskField.label, text: item(maskField).text || t.everything }] },
    ],
  }
}

const memberItem = (request: FastifyRequest, role: Role, members: string[]) => ({
  label: t.members,
  text: members.length > 0 ? text.common.listed(members) : t.noMembers,
  isWide: true,
  href: members.length > 0 && request.can('users.view') ? `/users?role_id=${role.id}` : undefined,
})

function actionsFor(request: FastifyRequest, role: Role): Action[] {
  const act = (label: string, href: string, kind: Action['kind']) => ({ label, href, kind })
  return [
    ...(request.can('roles.update') && !isFixed(role)
      ? [act(text.actions.update, `/roles/${role.id}/edit`, 'primary')]
      : []),
    ...(request.can('roles.create') ? [act(t.createFrom, `/roles/new?from=${role.id}`, 'plain')] : []),
    ...(request.can('roles.delete') && !isBuiltIn(role)
      ? [act(text.actions.delete, `/roles/${role.id}/deletion`, 'danger')]
      : []),
  ]
}
