import type { Module } from '../../kernel/modules/module.ts'
import { fieldError } from '../../kernel/web/form.ts'
import { text } from '../../texts/index.ts'
import { dictionaries } from './dictionaries.ts'
import { addEntry, type StoredEntry, saveEntry } from './entry.ts'
import { entryFields, isActive } from './fields.ts'
import { entryForm } from './form.ts'

const t = text.dictionaries

/** The entries of the dictionaries 「基础设置」, each a section: in an order one chooses, and kept while records have them. */
export const dictionaryEntries: Module = {
  name: 'dictionary_entries',
  rights: 'dictionaries',
  path: '/dictionaries',
  label: t.title,
  words: t.words,
  group: 'settings',
  fields: entryFields,
  title: 'label',
  owner: 'nobody',
  positions: { within: 'dictionary', row: 'entry' },
  sections: { column: 'dictionary', of: dictionaries },
  acts: ['view', 'create', 'update', 'delete'],
  search: [],
  isReference: true,
  isCardless: true,
  standsAt: ({ dictionary }) => `/dictionaries/${dictionary}`,
  // Its list has arrows and says how many records have an entry; one that is in use asks where its records shall go.
  byHand: ['list', 'deletion'],
  form: entryForm,
  parts: { position: t.fields.order },
  preset: { system_administrator: 'all' },
  hooks: {
    begin: async () => ({ is_active: true }),
    check: async (_run, { is_default, is_active }) =>
      is_default && !is_active ? [fieldError(isActive, t.defaultInactive)] : [],
  },
  writing: {
    add: async ({ trx, actor, reference }, { dictionary, ...values }) => ({
      ...values,
      dictionary,
      id: await addEntry(trx, String(dictionary), values, { actor, reference }),
    }),
    save: ({ trx, actor, reference }, before, save) =>
      saveEntry(trx, before as unknown as StoredEntry, { ...save, actor, reference }),
  },
}
