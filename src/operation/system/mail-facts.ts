import type { Knex } from 'knex'
import { showCount, showInstant } from '../../kernel/web/formatting.ts'
import { text } from '../../texts/index.ts'
import type { Item } from './facts.ts'

const t = text.system
const mostErrors = 5

type Trouble = { answer: string; created_at: string; sending_at: string | null }

/**
 * How the sending of mail goes: what waits, what did not arrive, and what servers said last. Whom it was for is left out: who
 * looks after the machine need not see customers.
 */
export async function mailFacts(db: Knex): Promise<Item[]> {
  const messages = () => db('mail_messages')
  const count = async (query: Knex.QueryBuilder) => Number((await query.count({ row_count: '*' }).first())?.row_count)
  const waiting = await count(messages().whereIn('state', ['queued', 'sending']))
  const again = await count(messages().where({ state: 'queued' }).whereNotNull('next_attempt_at'))
  const failed = await count(messages().whereIn('state', ['failed', 'refused', 'uncertain']))
  const errors = await lastErrors(db)
  return [
    { label: t.mailWaiting, text: showCount(waiting) },
    { label: t.mailAgain, text: showCount(again), ...(again > 0 && { tone: 'amber' }) },
    { label: t.mailFailed, text: showCount(failed) },
    { label: t.mailErrors, text: errors.map(errorText).join('\n') || t.noErrors, isWide: true },
  ]
}

/** The newest of what was not taken, also of what will be tried again. */
async function lastErrors(db: Knex): Promise<Trouble[]> {
  const found: (Trouble & { id: number })[] = []
  for (const state of ['queued', 'failed', 'refused', 'uncertain'])
    found.push(
      ...(await db('mail_messages')
        .where({ state })
        .whereNotNull('answer')
        .orderBy('id', 'desc')
        .limit(mostErrors)
        .select('id', 'answer', 'created_at', 'sending_at')),
    )
  const at = (one: Trouble) => one.sending_at ?? one.created_at
  return found.toSorted((a, b) => at(b).localeCompare(at(a)) || b.id - a.id).slice(0, mostErrors)
}

const address = /[^\s<>"',;:()[\]]+@/g

const errorText = ({ answer, created_at, sending_at }: Trouble) =>
  t.error(showInstant(sending_at ?? created_at), answer.replace(address, t.somebody))
