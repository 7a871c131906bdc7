import type { Card, OnCard } from '../../kernel/modules/page-views.ts'
import { turning } from '../../kernel/modules/turning.ts'
import { text } from '../../texts/index.ts'
import { isLate } from './todo.ts'

/** The card says that it is late, and takes that it is done at a click. */
export async function todoCard(card: Card, { request, record }: OnCard): Promise<Card> {
  const { db } = request.server
  const tags = isLate(record) ? [{ text: text.todos.isLate, tone: 'red' }] : []
  const turn = await turning(db, request.viewer, 'todos', record)
  const act = turn ? [{ ...turn, kind: 'primary' as const, isPost: true }] : []
  return { ...card, tags: [...(card.tags ?? []), ...tags], actions: [...act, ...card.actions] }
}
