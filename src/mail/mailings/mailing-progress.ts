import type { Knex } from 'knex'
import { paginate } from '../../kernel/db/dialect.ts'
import { findJob } from '../../kernel/jobs/job.ts'
import { type Above, readEachAbove } from '../../kernel/modules/above.ts'
import { showCount, showInstant } from '../../kernel/web/formatting.ts'
import { pagesOf } from '../../kernel/web/list-rows.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { text } from '../../texts/index.ts'
import { countStates, type Message, type MessageState } from '../messages/message.ts'
import { messages } from '../messages/messages.ts'
import { outcomeOf } from '../messages/sending.ts'
import { stateCell } from '../messages/words.ts'
import { isAtWork, type Mailing } from './mailing.ts'
import { asHeading } from './merge.ts'

const t = text.mail
const size = 50

type Row = Pick<Message, 'id' | 'recipient_name' | 'state' | 'sent_at' | 'next_attempt_at'>

/** What became of a mailing: how many messages are how far, and a page of them, of one state where that is asked. */
export async function progressOf(db: Knex, viewer: Viewer, mailing: Mailing, asked: Record<string, unknown>) {
  const states = await countStates(db, mailing.id)
  const isActive = await isAtWork(db, mailing)
  const job = mailing.job_id === null ? undefined : await findJob(db, mailing.job_id)
  const total = Object.values(states).reduce((sum, count) => sum + count, 0)
  const left = (states.queued ?? 0) + (states.sending ?? 0)
  const unsent = (states.failed ?? 0) + (isActive ? 0 : (states.queued ?? 0))
  const isUnresolved = job?.state !== 'done' && mailing.selection_id !== null
  return {
    title: await titleOf(db, mailing),
    isActive,
    outcome: await outcomeOf(db, mailing.id),
    problem: job?.state === 'failed' ? job.outcome : null,
    jobHref: job && isActive ? `/jobs/${job.id}` : null,
    done: total - left,
    total: Math.max(total, 1),
    resumeLabel: !isActive && (unsent > 0 || isUnresolved) ? t.resume(showCount(unsent)) : null,
    startedAt: showInstant(mailing.started_at),
    ...(await rowsOf(db, viewer, mailing, states, { ...asked, isActive })),
  }
}

/** One message is called what its recipient reads, many by what they have in common. */
async function titleOf(db: Knex, { id, selection_id, subject }: Mailing): Promise<string> {
  if (selection_id !== null) return t.mailingTitle(asHeading(subject))
  const message = await db('mail_messages').where({ mailing_id: id }).first('subject')
  return t.singleTitle(message?.subject ?? asHeading(subject))
}

/** A number in the address of a page; the first one where there is none that makes sense. */
export const wholeIn = (typed: unknown) =>
  typeof typed === 'string' && /^[1-9]\d{0,6}$/.test(typed) ? Number(typed) : 1

type Asked = { state?: unknown; page?: unknown; isActive: boolean }

async function rowsOf(
  db: Knex,
  viewer: Viewer,
  { id }: Mailing,
  states: Partial<Record<MessageState, number>>,
  asked: Asked,
) {
  const counts = Object.entries(states) as [MessageState, number][]
  const state = counts.find(([name]) => name === asked.state)?.[0]
  const count = state ? (states[state] ?? 0) : counts.reduce((sum, [, each]) => sum + each, 0)
  const page = Math.min(wholeIn(asked.page), pagesOf(count, size))
  const some = db('mail_messages')
    .where({ mailing_id: id, ...(state && { state }) })
    .select('id', 'recipient_name', 'state', 'sent_at', 'next_attempt_at', 'record_type', 'record_id')
  const rows: Row[] = await paginate(some, { order: [{ column: 'id' }], offset: (page - 1) * size, size })
  const records = await readEachAbove(db, messages, rows, viewer)
  const to = (number: number) => `?${new URLSearchParams({ ...(state && { state }), page: String(number) })}`
  return {
    rows: rows.map((row) => rowView(row, records.get(row.id), asked.isActive)),
    stateLinks:
      counts.length > 1
        ? [
            { label: text.common.any, href: '?', isCurrent: !state },
            ...counts.map(([name, each]) => ({
              label: t.outcomePart(t.states[name], showCount(each)),
              href: `?state=${name}`,
              isCurrent: name === state,
            })),
          ]
        : [],
    previousHref: page > 1 ? to(page - 1) : null,
    nextHref: page < pagesOf(count, size) ? to(page + 1) : null,
  }
}

function rowView(
  { id, recipient_name, state, sent_at, next_attempt_at }: Row,
  record: Above | undefined,
  isActive: boolean,
) {
  const isLeft = state === 'queued' && !isActive
  return {
    href: `/mail/${id}`,
    name: recipient_name,
    record: { name: record?.name ?? '', href: record?.href },
    state: isLeft ? { text: t.stopped, tone: 'amber' } : stateCell(state),
    at: showInstant(sent_at ?? next_attempt_at),
  }
}
