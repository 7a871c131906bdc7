import { actColumn } from '../../kernel/web/list-columns.ts'
import { leadingBack, onCard } from '../../kernel/web/on-card.ts'
import { text } from '../../texts/index.ts'

/** 「增加记录」 in each row of a list of customers: beside the list with script, else on a page that leads back to it. */
export const addingColumn = actColumn('follow_up', {
  label: text.followUps.add,
  permission: 'follow_ups.create',
  href: ({ id }) => onCard(leadingBack(`/follow-ups/new?customer_id=${id}`)),
  formId: 'follow_ups',
})
