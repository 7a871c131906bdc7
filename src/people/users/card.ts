import type { FastifyRequest } from 'fastify'
import type { Reference } from '../../kernel/reference.ts'
import { doubtShown } from '../../kernel/web/field-rules.ts'
import type { Field } from '../../kernel/web/fields.ts'
import { showInstant } from '../../kernel/web/formatting.ts'
import type { Action } from '../../kernel/web/list.ts'
import { text } from '../../texts/index.ts'
import { mayHandOver } from '../hand-overs/handover.ts'
import type { Standing } from './account-state.ts'
import { isLocked } from './attempt.ts'
import { fields, ownFields, personGroup } from './fields.ts'
import type { Security } from './security.ts'
import type { User } from './user.ts'

const t = text.users

type Parts = { reference: Reference; standing: Standing; security: Security }

/** A user as views/shared/_card.eta wants it. */
export function userCard(request: FastifyRequest, user: User, { reference, standing, security }: Parts) {
  const item = (field: Field) => ({
    label: field.label,
    text: field.kind.show(user[field.name], field, reference),
    copy: ownFields.includes(field),
    doubt: doubtShown(field, user[field.name]),
  })
  const tone = fields.status.options().find(({ value }) => value === user.status)?.tone
  const lock = isLocked(user) ? [{ label: t.lockedUntil, text: showInstant(user.locked_until_at), tone: 'red' }] : []
  const due = user.is_approval_due ? t.approvalDue : t.passwordDue
  const state = { label: t.passwordState, text: user.is_password_due ? due : t.passwordSet }
  return {
    title: user.name,
    subtitle: user.username,
    tags: [{ text: item(fields.status).text, tone }],
    actions: actionsFor(request, user, security),
    back: '/users',
    groups: [
      {
        title: t.person,
        items: [
          ...personGroup.slice(1).map(item),
          ...(standing.headOf ? [{ label: t.headOf, text: standing.headOf }] : []),
        ],
      },
      { title: t.account, items: [item(fields.username), item(fields.role), state, ...lock] },
      { title: t.contact, items: ownFields.map(item) },
      { title: t.security, items: security.items },
    ],
  }
}

function actionsFor(request: FastifyRequest, user: User, security: Security): Action[] {
  const isOneself = request.user?.id === user.id
  const act = (label: string, name: string, kind: Action['kind'] = 'plain') => ({
    label,
    href: `/users/${user.id}/${name}`,
    kind,
  })
  const isClosed = user.status === 'left'
  const handover = mayHandOver(request, user.id) ? [act(text.handovers.action, 'handover', 'danger')] : []
  const roles = request.can('roles.assign') ? [act(text.roles.assign.button, 'roles')] : []
  if (!request.can('users.update') || security.isAboveOneself) return [...roles, ...handover]
  return [
    act(text.actions.update, 'edit', 'primary'),
    ...roles,
    ...(isLocked(user) || security.isFactorLocked ? [act(t.unlocking.button, 'unlocking')] : []),
    ...(isOneself ? [] : [act(t.reset.action, 'password-reset')]),
    act(text.access.title, 'access'),
    ...(security.hasFactor && !isOneself ? [act(text.secondFactor.reset.button, 'second-factor-reset')] : []),
    ...(security.maySeeSessions ? [act(text.sessions.ending.button, 'sessions/deletion')] : []),
    ...(isClosed ? [act(t.reopening.button, 'reopening')] : []),
    ...(isOneself || isClosed || handover.length > 0 ? [] : [act(t.closure.button, 'closure', 'danger')]),
    ...handover,
  ]
}
