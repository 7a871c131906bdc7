import type { Module } from '../../kernel/modules/module.ts'
import type { Card, OnCard } from '../../kernel/modules/page-views.ts'
import { ownerOf } from '../../kernel/modules/records.ts'
import type { Action } from '../../kernel/web/list.ts'
import { mayWith } from '../../kernel/web/scope.ts'
import { text } from '../../texts/index.ts'
import { contactPath } from './path.ts'

/** What stands on the card of a contact beside what follows: that it is the main one, and it as a vCard. */
export async function contactCard(module: Module, card: Card, { request, record }: OnCard): Promise<Card> {
  const owner_id = await ownerOf(request.server.db, module, record)
  const may = mayWith(request, { owner_id })
  const { code, is_main } = record
  const more: Action[] = [
    ...(may('contacts.export')
      ? [{ label: text.contacts.card, href: `${contactPath(record)}.vcf`, kind: 'plain' } as const]
      : []),
  ]
  const { danger = [], others = [] } = Object.groupBy(card.actions, ({ kind }) =>
    kind === 'danger' ? 'danger' : 'others',
  )
  return {
    ...card,
    subtitle: code,
    tags: is_main ? [{ text: text.contacts.fields.is_main, tone: 'blue' }] : [],
    actions: [...others, ...more, ...danger],
  }
}
