import type { FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { addressesIn } from '../../kernel/web/addresses.ts'
import { showInstant } from '../../kernel/web/formatting.ts'
import { text } from '../../texts/index.ts'
import { findRestrictions } from '../devices/restrictions.ts'
import { isSecondFactorRequired } from '../second-factor/due.ts'
import { findFactor } from '../second-factor/factor.ts'
import { isAboveOneself } from './account.ts'
import { isLocked } from './attempt.ts'
import type { User } from './user.ts'

const t = text.access

/** How an account is secured beside its password, for its card: what there is to know, and what can be done. */
export async function securityOf(db: Knex, request: FastifyRequest, user: User) {
  const factor = await findFactor(db, user.id)
  const isDue = !factor && (await isSecondFactorRequired(db, user.id))
  const { is_device_bound, allowed_addresses } = await findRestrictions(db, user)
  const second = factor ? t.secondFactorOn : isDue ? t.secondFactorDue : t.secondFactorOff
  const isFactorLocked = factor !== undefined && isLocked(factor)
  const lock = isFactorLocked
    ? [{ label: text.users.lockedUntil, text: t.lockedUntil(showInstant(factor.locked_until_at)), tone: 'red' }]
    : []
  const devices = request.can('devices.view') ? `/devices?q=${encodeURIComponent(user.username)}` : undefined
  return {
    items: [
      { label: t.secondFactor, text: second, tone: isDue ? 'amber' : undefined },
      { label: t.isDeviceBound, text: is_device_bound ? t.yes : t.no, href: devices },
      {
        label: t.addresses,
        text: allowed_addresses ? text.common.listed(addressesIn(String(allowed_addresses))) : t.any,
      },
      ...lock,
    ],
    hasFactor: factor !== undefined,
    isFactorLocked,
    maySeeSessions: request.can('sessions.delete'),
    isAboveOneself: await isAboveOneself(db, request, user.id),
  }
}

export type Security = Awaited<ReturnType<typeof securityOf>>
