import type { Module } from '../../kernel/modules/module.ts'
import { code } from '../../kernel/web/fields.ts'
import { showCount } from '../../kernel/web/formatting.ts'
import { text } from '../../texts/index.ts'
import { keepTagOrder } from '../customers/kept-orders.ts'
import { countTagged, untag } from '../customers/tags.ts'
import { longestName, tagName, tones } from './fields.ts'
import { tagList } from './list.ts'

const { label, fields: labels, deletionDetails, ...words } = text.tags

/** Tags 「标签」: free words that customers carry. */
export const tags: Module = {
  name: 'tags',
  path: '/tags',
  label,
  words,
  group: 'settings',
  fields: [
    {
      name: 'name',
      label: labels.name,
      kind: tagName,
      max: longestName,
      isRequired: true,
      isUnique: true,
      column: { cell: (row) => ({ text: String(row.name), tone: (row.tone as string | null) ?? 'gray' }) },
    },
    { name: 'tone', label: labels.tone, kind: code, options: tones, column: false },
  ],
  title: 'name',
  owner: 'nobody',
  acts: ['view', 'create', 'update', 'delete'],
  search: [],
  isReference: true,
  isCardless: true,
  standsAt: () => '/tags',
  preset: { sales: ['view'], sales_manager: 'all', marketing: 'all' },
  list: tagList,
  hooks: {
    removal: async (db, { id }) => {
      const { living, binned } = await countTagged(db, id)
      return deletionDetails(showCount(living), showCount(binned))
    },
    removing: untag,
    saved: async ({ trx }, tag, before) => {
      if (before && before.name !== tag.name) await keepTagOrder(trx, tag.id)
    },
  },
}
