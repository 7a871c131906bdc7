import type { Knex } from 'knex'
import type { Reference } from '../../kernel/reference.ts'
import { showCount, showInstant } from '../../kernel/web/formatting.ts'
import { text } from '../../texts/index.ts'
import type { User } from '../users/user.ts'
import { countOwned, handedKinds, labelOf, totalOf, unitOf } from './handed.ts'
import { type Handover, isUnderWay } from './handover.ts'

const t = text.handovers

export type Found = {
  giver: User
  handover: Handover
  received: { receiver_id: number; module: string; row_count: number }[]
  reference: Reference
}

const stateOf = (handover: Handover) =>
  handover.finished_at ? ('done' as const) : isUnderWay(handover) ? ('active' as const) : ('stopped' as const)
const tones = { done: 'green', active: 'blue', stopped: 'red' }

/** A hand-over as views/people/hand-overs/show.eta wants it. */
export async function handoverView(db: Knex, { giver, handover, received, reference }: Found) {
  const state = stateOf(handover)
  const { modules } = handover.shares
  const unit = unitOf(modules)
  const kinds = handedKinds().filter(({ name }) => (modules ?? ['customers']).includes(name))
  const left = totalOf(await countOwned(db, kinds, giver.id))
  const path = `/users/${giver.id}/handovers/${handover.id}`
  const nameOf = (id: number) => reference.person(id)?.name ?? ''
  return {
    title: t.record(giver.name),
    card: {
      title: t.record(giver.name),
      tags: [{ text: t.states[state], tone: tones[state] }],
      back: `/users/${giver.id}`,
      actions:
        state === 'active'
          ? []
          : [
              { label: t.pdf, href: `${path}/protocol.pdf`, kind: 'primary' },
              { label: t.xlsx, href: `${path}/customers.xlsx`, kind: 'plain' },
            ],
    },
    path,
    isActive: state === 'active',
    items: [
      { label: t.giver, text: t.person(giver.name, giver.number as string | null) },
      { label: t.reason, text: handover.reason },
      { label: t.progress, text: t.progressOf(showCount(handover.moved_count), showCount(handover.total_count), unit) },
      { label: t.by, text: t.ways[handover.shares.way] },
      { label: t.made, text: nameOf(handover.actor_id) },
      { label: t.madeAt, text: showInstant(handover.created_at) },
      ...(handover.finished_at ? [{ label: t.finishedAt, text: showInstant(handover.finished_at) }] : []),
      ...(handover.is_leaving ? [{ label: t.accountClosed, text: t.closed }] : []),
    ],
    others: handover.others,
    done: handover.moved_count,
    total: handover.total_count,
    jobHref: handover.job_id ? `/jobs/${handover.job_id}` : null,
    countLabel: unit === t.customerUnit ? t.count : t.counts,
    received: received.map(({ receiver_id, module, row_count }) => ({
      name: nameOf(receiver_id),
      href: `/users/${receiver_id}`,
      count: showCount(row_count),
      kind: unit === t.customerUnit ? null : labelOf(module),
    })),
    remaining: state !== 'active' && left > 0 ? t.remaining(showCount(left), unit) : null,
    goOnHref: `/users/${giver.id}/handover`,
  }
}

/** The hand-overs of a person for the card, one line each. */
export const handoverLines = (handovers: Handover[], reference: Reference) =>
  handovers.map(({ id, user_id, created_at, moved_count, shares }) => ({
    href: `/users/${user_id}/handovers/${id}`,
    text: t.summary(
      showInstant(created_at).slice(0, 10),
      reference.person(user_id)?.name ?? '',
      showCount(moved_count),
      unitOf(shares.modules),
    ),
  }))
